package io.histoflow.platform.embedded;

import io.histoflow.platform.config.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Whether the disk under a directory has room for what the platform writes. */
final class DiskSpace {
  /** Below this much the broker may meet a full disk within minutes. */
  static final long ENOUGH_BYTES = 512L << 20;

  private final Path directory;

  /**
   * @param directory a directory that exists
   */
  DiskSpace(Path directory) {
    this.directory = directory;
  }

  /** A sentence where there is little room, empty where there is enough. */
  Optional<String> complaint() {
    return complaint(ENOUGH_BYTES);
  }

  Optional<String> complaint(long enoughBytes) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      return free >= enoughBytes
          ? Optional.empty()
          : Optional.of(
              "The disk of "
                  + directory
                  + " has "
                  + text(free)
                  + " free, and "
                  + text(enoughBytes)
                  + " are needed: make room on it, or keep the data elsewhere.");
    } catch (IOException e) {
      return Optional.of(
          "The disk of " + directory + " cannot be asked: " + PrivateFile.reason(e) + ".");
    }
  }

  /** How much is free, such as {@code 12.5 MB free on the disk of DIR}. */
  String free() {
    try {
      return text(Files.getFileStore(directory).getUsableSpace())
          + " free on the disk of "
          + directory;
    } catch (IOException e) {
      return "the disk of " + directory + " cannot be asked";
    }
  }

  private static String text(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30))
        : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1L << 20));
  }
}
