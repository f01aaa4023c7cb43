package io.histoflow.imaging.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes that can be read at any place. Belongs to one thread. */
interface ByteSource {

  /** Their number. */
  long length();

  /**
   * Fills the rest of a buffer.
   *
   * @param position of the first byte, 0 or more
   * @throws EOFException where the buffer reaches past the end
   */
  void read(long position, ByteBuffer into) throws IOException;

  /**
   * Reads bytes.
   *
   * @param position of the first byte
   * @param count how many; the caller has checked it against a bound
   * @throws EOFException where they reach past the end, before anything is allocated
   */
  default byte[] read(long position, int count) throws IOException {
    if (position < 0 || count > length() - position) {
      throw new EOFException();
    }
    byte[] bytes = new byte[count];
    read(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The bytes of an array. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        if (position < 0 || into.remaining() > bytes.length - position) {
          throw new EOFException();
        }
        into.put(bytes, (int) position, into.remaining());
      }
    };
  }

  /** The bytes of an open file. */
  static ByteSource of(FileChannel file) throws IOException {
    long length = file.size();
    return new ByteSource() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
          int n = file.read(into, at);
          if (n < 0) {
            throw new EOFException();
          }
          at += n;
        }
      }
    };
  }
}
