package io.histoflow.platform.lifecycle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Copies a child's output to its log file and hands it on line by line, until the child ends. The
 * file and one before it, named {@code .1}, hold 10 MiB each at most. A log that cannot be written,
 * because the disk is full, is no reason to let the child wait.
 */
final class ChildLog implements Runnable {
  static final long MAX_BYTES = 10L << 20;

  private static final int MAX_LINE_BYTES = 4096;

  private final InputStream output;
  private final Path file;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private OutputStream log;
  private long written;

  ChildLog(InputStream output, Path file, Consumer<String> lines) {
    this.output = output;
    this.file = file;
    this.lines = lines;
    // Whoever follows the file finds it from the start.
    append(new byte[0], 0);
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8192];
    try (output) {
      for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
        append(buffer, count);
        split(buffer, count);
      }
    } catch (IOException e) {
      // The child has ended.
    }
    endLine();
    close();
  }

  private void append(byte[] bytes, int count) {
    try {
      if (log == null || written > MAX_BYTES) {
        close();
        open();
      }
      log.write(bytes, 0, count);
      written += count;
    } catch (IOException e) {
      close();
    }
  }

  private void open() throws IOException {
    if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    log = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    written = Files.size(file);
  }

  private void split(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else if (line.size() < MAX_LINE_BYTES) {
        line.write(bytes[i]);
      }
    }
  }

  private void endLine() {
    if (line.size() > 0) {
      lines.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }

  private void close() {
    if (log != null) {
      try {
        log.close();
      } catch (IOException e) {
        // Nothing can be done about the end of it.
      }
      log = null;
    }
  }
}
