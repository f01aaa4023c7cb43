package io.histoflow.loadtests.measuring;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** CPU time of this process, all threads together: waiting for a core does not count. */
public final class CpuClock {
  /** The kernel shows 100 to every program, whatever it counts in. */
  private static final double TICKS_A_SECOND = 100;

  private CpuClock() {}

  /** Returns the time so far, seconds. */
  public static double seconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /**
   * Returns the time so far of this process and of all that it started, those that have ended
   * included, seconds; without those where there is no {@code /proc}.
   */
  public static double secondsWithChildren() {
    double running =
        ProcessHandle.current()
            .descendants()
            .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
            .mapToDouble(Duration::toNanos)
            .sum();
    return seconds() + running / 1e9 + secondsOfEnded();
  }

  /** Fields 16 and 17 of proc(5)'s stat, of which the second is a name in brackets. */
  private static double secondsOfEnded() {
    Path stat = Path.of("/proc/self/stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    try {
      String text = Files.readString(stat);
      List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
      return (Long.parseLong(fields.get(13)) + Long.parseLong(fields.get(14))) / TICKS_A_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException("The time of processes that have ended cannot be read", e);
    }
  }
}
