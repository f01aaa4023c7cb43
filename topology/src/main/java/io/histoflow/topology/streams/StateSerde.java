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
 * Serde of what only this topology stores and passes to itself: a version byte, then the fields in
 * order. A format that this release does not know is refused with what to do.
 *
 * @param <T> what is stored
 */
public final class StateSerde<T> implements Serde<T> {
  private final String what;
  private final byte oldest;
  private final byte version;
  private final Writer<T> writer;
  private final VersionedReader<T> reader;

  /**
   * Makes the serde of a format that has not changed yet.
   *
   * @param what names the state in errors
   * @param writer writes the fields
   * @param reader reads them in the same order
   */
  public StateSerde(String what, Writer<T> writer, Reader<T> reader) {
    this(what, 1, 1, writer, (in, version) -> reader.read(in));
  }

  /**
   * Makes the serde of a format that has changed.
   *
   * @param what names the state in errors
   * @param version the format that is written, counting up from 1
   * @param writer writes this format
   * @param reader reads this format and those before it
   */
  public StateSerde(String what, int version, Writer<T> writer, VersionedReader<T> reader) {
    this(what, 1, version, writer, reader);
  }

  private StateSerde(
      String what, int oldest, int version, Writer<T> writer, VersionedReader<T> reader) {
    this.what = what;
    this.oldest = (byte) oldest;
    this.version = (byte) version;
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * Makes the serde of a format that has changed so much that those before it are of no use.
   *
   * @param what names the state in errors
   * @param version the only format that is written and read
   * @param writer writes this format
   * @param reader reads it
   */
  public static <T> StateSerde<T> onlyFormat(
      String what, int version, Writer<T> writer, Reader<T> reader) {
    return new StateSerde<>(what, version, version, writer, (in, written) -> reader.read(in));
  }

  /**
   * Makes the serde of a format that has changed, whose first formats are of no use any more.
   *
   * @param what names the state in errors
   * @param oldest the oldest format that is read
   * @param version the format that is written
   * @param writer writes this format
   * @param reader reads this format and those before it, down to the oldest
   */
  public static <T> StateSerde<T> since(
      String what, int oldest, int version, Writer<T> writer, VersionedReader<T> reader) {
    return new StateSerde<>(what, oldest, version, writer, reader);
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
      out.writeByte(version);
      writer.write(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private T read(String topic, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte written = in.readByte();
      if (written < oldest || written > version) {
        throw new StateFormatException(
            "State '"
                + what
                + "' on "
                + topic
                + " has format "
                + written
                + ", this release reads "
                + (oldest == version ? version : oldest + " to " + version)
                + ": reset the application with kafka-streams-application-reset");
      }
      return reader.read(in, written);
    } catch (IOException | RuntimeException e) {
      if (e instanceof StateFormatException format) {
        throw format;
      }
      throw new SerializationException(
          "State '" + what + "' on " + topic + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a value's fields.
   *
   * @param <T> what is stored
   */
  public interface Writer<T> {
    /** Writes all of them. */
    void write(T value, DataOutput out) throws IOException;
  }

  /**
   * Reads them in the same order.
   *
   * @param <T> what is stored
   */
  public interface Reader<T> {
    /** Reads all of them. */
    T read(DataInput in) throws IOException;
  }

  /**
   * Reads them as a certain format has them.
   *
   * @param <T> what is stored
   */
  public interface VersionedReader<T> {
    /** Reads all of them. */
    T read(DataInput in, int version) throws IOException;
  }
}
