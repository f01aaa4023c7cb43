package io.histoflow.imaging.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Bytes that can be read at any place. Safe for use by several threads.
 *
 * @param length their number
 * @param reader fills a buffer with those at a place
 */
record ByteSource(long length, Reader reader) {

  /** The bytes of an array. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource(
        bytes.length, (position, into) -> into.put(bytes, (int) position, into.remaining()));
  }

  /** The bytes of an open file. */
  static ByteSource of(FileChannel file) throws IOException {
    return new ByteSource(
        file.size(),
        (position, into) -> {
          while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) < 0) {
              throw new EOFException();
            }
          }
        });
  }

  /**
   * Reads bytes.
   *
   * @param position of the first byte
   * @param count how many; the caller has checked it against a bound
   * @throws EOFException where they reach past the end, before anything is allocated
   */
  byte[] read(long position, int count) throws IOException {
    if (position < 0 || count > length - position) {
      throw new EOFException();
    }
    byte[] bytes = new byte[count];
    reader.read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Reads what lies inside. */
  interface Reader {
    void read(long position, ByteBuffer into) throws IOException;
  }
}
