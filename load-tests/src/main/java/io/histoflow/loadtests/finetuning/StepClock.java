package io.histoflow.loadtests.finetuning;

import io.histoflow.loadtests.finetuning.FineTuningBenchResult.Step;
import io.histoflow.loadtests.measuring.CpuClock;
import java.util.ArrayList;
import java.util.List;

/** Takes the time of one step after the other. Not safe for several threads. */
final class StepClock {
  private final List<Step> steps = new ArrayList<>();
  private long wall;
  private double cpu;

  /** A step begins. */
  void begin() {
    wall = System.nanoTime();
    cpu = CpuClock.seconds();
  }

  /** The step has ended, and the next begins. */
  void end() {
    steps.add(new Step((System.nanoTime() - wall) / 1e6, 1e3 * (CpuClock.seconds() - cpu)));
    begin();
  }

  /** Returns the steps so far. */
  List<Step> steps() {
    return List.copyOf(steps);
  }
}
