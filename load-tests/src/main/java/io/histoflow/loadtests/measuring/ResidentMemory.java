package io.histoflow.loadtests.measuring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a process that is in RAM, as Linux counts it: heap, native memory and the pages of
 * libraries, from {@code /proc/PID/status}.
 *
 * @param bytes at present ({@code VmRSS})
 * @param peakBytes the most until now ({@code VmHWM})
 */
public record ResidentMemory(long bytes, long peakBytes) {
  private static final Path PROC = Path.of("/proc");
  private static final long KIBIBYTE = 1024;

  /**
   * Reads the memory of a process.
   *
   * @param pid the process id
   * @throws BenchException where the process has ended or the machine does not tell
   */
  public static ResidentMemory of(long pid) {
    Path status = PROC.resolve(Long.toString(pid)).resolve("status");
    if (!Files.isDirectory(PROC)) {
      throw new BenchException(
          "This machine has no /proc, where a process's memory is read: run this bench on Linux.");
    }
    try {
      return parse(Files.readString(status));
    } catch (IOException e) {
      throw new BenchException("The memory of process " + pid + " cannot be read: " + e + ".", e);
    }
  }

  /** Reads the text of a status file. */
  public static ResidentMemory parse(String status) {
    return new ResidentMemory(value(status, "VmRSS:"), value(status, "VmHWM:"));
  }

  private static long value(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.substring(field.length()).replace("kB", "").strip()))
        .map(kibibytes -> kibibytes * KIBIBYTE)
        .findFirst()
        .orElseThrow(
            () -> new BenchException("/proc tells no " + field + " the process has ended."));
  }
}
