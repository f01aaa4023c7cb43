package io.histoflow.topology;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serde of what only this topology stores and passes to itself: a version byte, then the fields in
 * order.
 */
final class StateSerde<T> implements Serde<T> {
  private static final byte VERSION = 2;

  private final String what;
  private final Writer<T> writer;
  private final Reader<T> reader;

  StateSerde(String what, Writer<T> writer, Reader<T> reader) {
    this.what = what;
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : write(value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(topic, bytes);
  }

  private byte[] write(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writer.write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private T read(String topic, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte version = in.readByte();
      if (version != VERSION) {
        throw new SerializationException(
            "State '"
                + what
                + "' on "
                + topic
                + " has format "
                + version
                + ", this release reads "
                + VERSION
                + ": reset the application with kafka-streams-application-reset");
      }
      return reader.read(in);
    } catch (IOException e) {
      throw new SerializationException(
          "State '" + what + "' on " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes a value's fields. */
  interface Writer<T> {
    void write(T value, DataOutput out) throws IOException;
  }

  /** Reads them in the same order. */
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }
}
