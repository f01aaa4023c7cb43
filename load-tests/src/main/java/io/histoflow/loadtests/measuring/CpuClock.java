package io.histoflow.loadtests.measuring;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** CPU time of this process, all threads together: waiting for a core does not count. */
public final class CpuClock {
  private CpuClock() {}

  /** Returns the time so far, seconds. */
  public static double seconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
