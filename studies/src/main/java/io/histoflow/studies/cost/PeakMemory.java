package io.histoflow.studies.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The most memory that this process has held so far: Java, PyTorch and tensors together. */
final class PeakMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private PeakMemory() {}

  /** Returns millions of bytes of main memory, NaN where the system does not tell. */
  static double megabytes() {
    try {
      return megabytes(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** Reads the lines of Linux's status file, which counts in units of 1024 bytes. */
  static double megabytes(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(PEAK) && line.endsWith(" kB"))
        .map(line -> line.substring(PEAK.length(), line.length() - " kB".length()).strip())
        .mapToDouble(kibibytes -> Long.parseLong(kibibytes) * 1024 / 1e6)
        .findFirst()
        .orElse(Double.NaN);
  }
}
