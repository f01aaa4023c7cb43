package io.histoflow.scanning.upload;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.scanning.image.SlideImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A folder that uploads land in: each is written in a hidden folder beside, and appears under its
 * name when it is whole and can be read. What is broken off leaves nothing. Safe for use by several
 * threads.
 */
final class LandingFolder {
  private static final String HIDDEN = ".histoflow-uploads";

  /** What a server that was killed has left: no upload takes so long. */
  private static final Duration OLD = Duration.ofDays(2);

  /** How much may be written between two looks at the disk. */
  private static final long LOOK_EVERY = 16L << 20;

  private final Path folder;
  private final Path hidden;
  private final long mostBytes;
  private final long keptFree;
  private final Set<String> coming = new HashSet<>();
  private long reserved;

  /**
   * Takes a folder; what broken-off uploads have left in it is deleted.
   *
   * @param mostBytes most bytes of one upload
   * @param keptFree bytes that stay free on its disk
   * @throws ConfigException where it is no folder that can be written to
   */
  LandingFolder(Path folder, long mostBytes, long keptFree) {
    this.folder = folder;
    this.hidden = folder.resolve(HIDDEN);
    this.mostBytes = mostBytes;
    this.keptFree = keptFree;
    if (!Files.isDirectory(folder)) {
      throw new ConfigException(
          "%s is %s, which is no folder: make it, or name another."
              .formatted(UploadSettings.FOLDER.name(), folder));
    }
    try {
      Files.createDirectories(hidden);
      try (Stream<Path> left = Files.list(hidden)) {
        Instant old = Instant.now().minus(OLD);
        for (Path one : (Iterable<Path>) left::iterator) {
          if (Files.getLastModifiedTime(one).toInstant().isBefore(old)) {
            delete(one);
          }
        }
      }
    } catch (IOException e) {
      throw new ConfigException(
          "%s is %s, where nothing can be written (%s): let this user write there."
              .formatted(UploadSettings.FOLDER.name(), folder, e),
          e);
    }
  }

  /**
   * Begins an upload.
   *
   * @param name as {@link UploadName} returns it
   * @param length that was declared; empty where it was not
   * @throws UploadRefusedException where it is there already, too large, or there is no room
   */
  Landing begin(String name, OptionalLong length) throws UploadRefusedException, IOException {
    requireSize(length.orElse(0));
    synchronized (this) {
      if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        throw new UploadRefusedException(
            HttpStatus.CONFLICT_409,
            "There is a file called %s already: it stays as it is. Send another name, or take that file away first."
                .formatted(name));
      }
      requireRoom(length.orElse(0));
      if (!coming.add(name)) {
        throw new UploadRefusedException(
            HttpStatus.CONFLICT_409, "Another upload of %s is on its way.".formatted(name));
      }
      reserved += length.orElse(0);
    }
    try {
      return new Landing(name, length.orElse(0), Files.createTempDirectory(hidden, "upload-"));
    } catch (IOException e) {
      forget(name, length.orElse(0));
      throw e;
    }
  }

  private void requireSize(long bytes) throws UploadRefusedException {
    if (bytes > mostBytes) {
      throw new UploadRefusedException(
          HttpStatus.PAYLOAD_TOO_LARGE_413,
          "The slide is larger than %s bytes, which %s allows."
              .formatted(mostBytes, UploadSettings.BYTES.name()));
    }
  }

  private synchronized void requireRoom(long more) throws UploadRefusedException, IOException {
    long free = Files.getFileStore(folder).getUsableSpace() - reserved;
    if (free - more < keptFree) {
      throw new UploadRefusedException(
          HttpStatus.INSUFFICIENT_STORAGE_507,
          "The disk has no room for it: %s bytes are free and not promised, and %s of them stay so."
              .formatted(Math.max(0, free), keptFree));
    }
  }

  private synchronized void forget(String name, long promised) {
    coming.remove(name);
    reserved -= promised;
  }

  private static void delete(Path path) throws IOException {
    MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  /** An upload on its way. Belongs to one thread. */
  final class Landing implements AutoCloseable {
    private final String name;
    private final Path scratch;
    private final FileChannel file;
    private long promised;
    private long written;
    private long lookAt = LOOK_EVERY;

    private Landing(String name, long promised, Path scratch) throws IOException {
      this.name = name;
      this.promised = promised;
      this.scratch = scratch;
      this.file =
          FileChannel.open(
              scratch.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Takes more of it. */
    void write(byte[] bytes, int length) throws UploadRefusedException, IOException {
      requireSize(written + length);
      ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
      while (rest.hasRemaining()) {
        int more = file.write(rest);
        written += more;
        keep(more);
      }
      if (written >= lookAt) {
        lookAt = written + LOOK_EVERY;
        requireRoom(0);
      }
    }

    /** What was promised and is on the disk now is not promised any more. */
    private void keep(int bytes) {
      synchronized (LandingFolder.this) {
        long kept = Math.min(promised, bytes);
        promised -= kept;
        reserved -= kept;
      }
    }

    long written() {
      return written;
    }

    /**
     * Puts it in its place.
     *
     * @throws UploadRefusedException where it cannot be read as an image
     */
    void finish() throws UploadRefusedException, IOException {
      file.force(true);
      file.close();
      Path whole = scratch.resolve(name);
      try {
        SlideImage.open(whole).close();
      } catch (ImageRejectedException e) {
        throw new UploadRefusedException(
            HttpStatus.UNPROCESSABLE_ENTITY_422,
            "It came whole and cannot be scanned: "
                + e.getMessage().replace(whole.toString(), name),
            e);
      }
      synchronized (LandingFolder.this) {
        // A move would replace what somebody else has put there meanwhile.
        if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          throw new UploadRefusedException(
              HttpStatus.CONFLICT_409, "A file called %s has appeared meanwhile.".formatted(name));
        }
        Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
    }

    /** Lets go of it; what did not finish is deleted. */
    @Override
    public void close() throws IOException {
      forget(name, promised);
      file.close();
      delete(scratch);
    }
  }
}
