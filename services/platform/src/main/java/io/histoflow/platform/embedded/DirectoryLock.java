package io.histoflow.platform.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Keeps two platforms from using one data directory; the operating system frees it on a crash. */
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "platform.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Creates the directory if need be, for its owner only, and locks it.
   *
   * @throws PlatformException when it is in use or cannot be written
   */
  static DirectoryLock acquire(Path directory) {
    FileChannel channel = null;
    try {
      createForOwnerOnly(directory);
      channel =
          FileChannel.open(
              directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Locked by this very process.
    } catch (IOException e) {
      close(channel);
      throw new PlatformException(
          "The data directory " + directory + " cannot be written: " + e + ".", e);
    }
    close(channel);
    throw new PlatformException(
        "The data directory "
            + directory
            + " is in use by another histoflow process: stop that one, or use another directory.");
  }

  @Override
  public void close() {
    close(channel);
  }

  /** It will hold images of patients' tissue. */
  private static void createForOwnerOnly(Path directory) throws IOException {
    boolean isNew = Files.notExists(directory);
    Files.createDirectories(directory);
    if (isNew && directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock ends with the process at the latest.
      }
    }
  }
}
