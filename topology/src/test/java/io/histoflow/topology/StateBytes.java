package io.histoflow.topology;

import org.apache.kafka.common.serialization.Serde;

/** State as it lies in a store. */
public final class StateBytes {
  private StateBytes() {}

  /** Writes a value and reads it again. */
  public static <T> T again(Serde<T> serde, T value) {
    return serde.deserializer().deserialize("t", serde.serializer().serialize("t", value));
  }
}
