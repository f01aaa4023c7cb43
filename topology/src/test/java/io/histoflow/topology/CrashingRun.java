package io.histoflow.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/**
 * Processes a log with commits, pauses and one to three crashes at random. A crash undoes what was
 * not committed: stores, what was read, and what was written.
 */
final class CrashingRun {
  private final Random random;
  private final Duration longPause;
  private final Consumer<RoutingHarness> committing;
  private RoutingHarness harness;
  private Map<String, List<KeyValue<Bytes, byte[]>>> committed;
  private int next;
  private int crashes;

  /**
   * @param longPause a pause that is taken now and then, and at the end
   * @param committing reads the topics at each commit
   */
  CrashingRun(
      TopologySettings settings,
      Path stateDir,
      Random random,
      Duration longPause,
      Consumer<RoutingHarness> committing) {
    this.random = random;
    this.longPause = longPause;
    this.committing = committing;
    this.harness = new RoutingHarness(settings, stateDir);
    this.committed = harness.committed();
  }

  /** Processes the log to its end. */
  void process(List<? extends Consumer<RoutingHarness>> log) {
    int left = 1 + random.nextInt(3);
    int position = 0;
    while (position < log.size()) {
      log.get(position++).accept(harness);
      if (random.nextInt(4) == 0) {
        harness.pass(Duration.ofMillis(random.nextInt(4_000)));
      }
      if (random.nextInt(40) == 0) {
        harness.pass(longPause);
      }
      if (random.nextInt(6) == 0) {
        commit(position);
      } else if (left > 0 && random.nextInt(15) == 0) {
        left--;
        crashes++;
        harness = harness.crash(committed);
        position = next;
      }
    }
    harness.pass(longPause);
    harness.pass(longPause);
    commit(position);
    harness.close();
  }

  /** Returns how often it crashed. */
  int crashes() {
    return crashes;
  }

  private void commit(int position) {
    committing.accept(harness);
    committed = harness.committed();
    next = position;
  }
}
