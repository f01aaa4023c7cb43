package io.histoflow.platform.embedded;

import static io.histoflow.platform.config.PrivateFile.reason;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.histoflow.platform.config.PrivateDirectory;
import io.histoflow.platform.lifecycle.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps two platforms from using one data directory; the operating system frees it on a crash. */
final class DirectoryLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DirectoryLock.class);
  private static final String FILE = "platform.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Creates the directory if need be, shuts other users out of it and locks it.
   *
   * @throws ServiceException when it is in use or cannot be written
   * @throws io.histoflow.platform.config.ConfigException when others could read or write in it
   */
  static DirectoryLock acquire(Path directory) {
    PrivateDirectory.ensure(directory).ifPresent(sentence -> log.atWarn().log("{}", sentence));
    Path file = directory.resolve(FILE);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        writeHolder(channel);
        return new DirectoryLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // Locked by this very process.
    } catch (IOException e) {
      close(channel);
      throw new ServiceException(
          "The data directory " + directory + " cannot be written: " + reason(e) + ".", e);
    }
    String holder = holder(file);
    close(channel);
    throw new ServiceException(
        ("The data directory %s is in use by another histoflow process%s:"
                + " stop that one, or use another directory.")
            .formatted(directory, holder));
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void writeHolder(FileChannel channel) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII)));
  }

  private static String holder(Path file) {
    try {
      String pid = Files.readString(file, US_ASCII).strip();
      return pid.matches("\\d{1,18}") ? " (process " + pid + ")" : "";
    } catch (IOException e) {
      return "";
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
