package io.histoflow.loadtests.feed;

import java.time.Duration;
import java.util.stream.Stream;

/** CPU time of this process and all that it started, but for the browsers. */
final class SystemCpu {
  private final ProcessHandle browsers;

  SystemCpu(ProcessHandle browsers) {
    this.browsers = browsers;
  }

  /** Returns the time so far, seconds. */
  double seconds() {
    ProcessHandle self = ProcessHandle.current();
    return Stream.concat(Stream.of(self), self.descendants())
        .filter(process -> process.pid() != browsers.pid())
        .mapToDouble(SystemCpu::seconds)
        .sum();
  }

  /** Returns the browsers' time so far, seconds. */
  double browserSeconds() {
    return seconds(browsers);
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }
}
