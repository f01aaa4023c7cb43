package io.histoflow.results.slide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Pictures that wait on the disk, in a file that is gone when this is closed. */
final class Spool implements AutoCloseable {
  /** Where a picture lies. */
  record Place(long position, int length) {}

  private final FileChannel file;

  private Spool(FileChannel file) {
    this.file = file;
  }

  static Spool create() {
    try {
      Path path = Files.createTempFile("histoflow-results-", ".spool");
      return new Spool(
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw new UncheckedIOException("No room for masks in the temporary folder: " + e, e);
    }
  }

  Place add(ByteBuffer picture) {
    try {
      ByteBuffer rest = picture.duplicate();
      Place place = new Place(file.size(), rest.remaining());
      long at = place.position();
      while (rest.hasRemaining()) {
        at += file.write(rest, at);
      }
      return place;
    } catch (IOException e) {
      throw new UncheckedIOException("A mask cannot be written to the temporary folder: " + e, e);
    }
  }

  byte[] read(Place place) {
    try {
      ByteBuffer picture = ByteBuffer.allocate(place.length());
      while (picture.hasRemaining()) {
        if (file.read(picture, place.position() + picture.position()) < 0) {
          throw new IOException("its file is shorter than what was written to it");
        }
      }
      return picture.array();
    } catch (IOException e) {
      throw new UncheckedIOException("A mask cannot be read from the temporary folder: " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
