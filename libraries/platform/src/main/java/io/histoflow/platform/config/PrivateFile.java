package io.histoflow.platform.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that only the user of this process can read: it may hold credentials. */
public final class PrivateFile {
  private PrivateFile() {}

  /**
   * Writes the whole file, readable by its owner only, at once: readers see the old or the new
   * text.
   *
   * @param file the file, replaced where it exists; folders that lack are made
   * @param text its text, written in UTF-8
   */
  public static void write(Path file, String text) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    // Temporary files are made for their owner only.
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
    try {
      Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Says why a file could not be used, without its name, which such exceptions have for a message.
   *
   * @param error what reading or writing it threw
   * @return a phrase without a full stop
   */
  public static String reason(IOException error) {
    if (error instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (error instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (error instanceof FileAlreadyExistsException) {
      return "there is a file of that name";
    }
    if (error instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
