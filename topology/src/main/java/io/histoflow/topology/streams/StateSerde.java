package io.histoflow.topology.streams;

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
 * Serde of what only this topology stores and passes to itself: a byte with the number of the
 * format, then the fields in order. Another format than this release's is refused with what to do.
 *
 * @param <T> what is stored
 */
public final class StateSerde<T> implements Serde<T> {
  private final String what;
  private final byte format;
  private final Writer<T> writer;
  private final Reader<T> reader;

  /**
   * @param what names the state in errors
   * @param format number of the format, 1 to 127; a change of the fields counts it up
   * @param writer writes the fields
   * @param reader reads them in the same order
   */
  public StateSerde(String what, int format, Writer<T> writer, Reader<T> reader) {
    this.what = what;
    this.format = (byte) format;
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
      out.writeByte(format);
      writer.write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private T read(String topic, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte written = in.readByte();
      if (written != format) {
        throw new StateFormatException(
            ("State '%s' on %s has format %d, this release reads %d: reset the application with"
                    + " kafka-streams-application-reset")
                .formatted(what, topic, written, format));
      }
      return reader.read(in);
    } catch (StateFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "State '" + what + "' on " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes a value's fields. */
  public interface Writer<T> {
    /** Writes all of them. */
    void write(T value, DataOutput out) throws IOException;
  }

  /** Reads them in the same order. */
  public interface Reader<T> {
    /** Reads all of them. */
    T read(DataInput in) throws IOException;
  }
}
