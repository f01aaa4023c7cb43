package io.histoflow.loadtests.measuring;

import java.util.List;

/**
 * What one round of inference took.
 *
 * @param images images segmented, 1 or more
 * @param seconds by the clock on the wall
 * @param cpuSeconds of all threads of the process together; waiting for a core does not count, so
 *     that it is steadier than the wall clock on a machine with other work
 */
public record Throughput(int images, double seconds, double cpuSeconds) {

  /** Returns the rate by the clock. */
  public double imagesPerSecond() {
    return images / seconds;
  }

  /** Returns the rates of rounds by the clock. */
  public static Rates rates(List<Throughput> rounds) {
    return new Rates(rounds.stream().map(Throughput::imagesPerSecond).toList());
  }

  /** Returns the median CPU time of an image, milliseconds. */
  public static double cpuMillis(List<Throughput> rounds) {
    return 1e3 / new Rates(rounds.stream().map(Throughput::imagesPerCpuSecond).toList()).median();
  }

  /** Returns the rate by CPU time. */
  public double imagesPerCpuSecond() {
    return images / cpuSeconds;
  }
}
