package io.histoflow.topology;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/** State as it lies in a store. */
public final class StateBytes {
  private StateBytes() {}

  /** Writes fields one after the other. */
  @FunctionalInterface
  public interface Fields {
    /** Writes all of them. */
    void write(DataOutputStream out) throws IOException;
  }

  /** Returns what a release left that wrote these fields. */
  public static byte[] bytes(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      fields.write(out);
    }
    return bytes.toByteArray();
  }

  /** Writes a value and reads it again. */
  public static <T> T again(Serde<T> serde, T value) {
    return serde.deserializer().deserialize("t", serde.serializer().serialize("t", value));
  }
}
