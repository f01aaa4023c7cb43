package io.histoflow.loadtests.topology;

import io.histoflow.schemas.Topics;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * Times how the state of tasks comes back from the brokers, over all their stores and partitions.
 * The published thresholds, which every instance reads before it joins its group, are left out: so
 * the time of joining does not count, and that of waiting between tasks does.
 */
final class RestoreClock implements StateRestoreListener {
  private long restored;
  private long beganNanos;
  private long endedNanos;

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String store, long from, long to) {
    if (beganNanos == 0 && isOfTask(partition)) {
      beganNanos = System.nanoTime();
    }
  }

  @Override
  public synchronized void onBatchRestored(
      TopicPartition partition, String store, long end, long count) {
    if (isOfTask(partition)) {
      restored += count;
      endedNanos = System.nanoTime();
    }
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long total) {}

  private static boolean isOfTask(TopicPartition partition) {
    return !partition.topic().equals(Topics.ORGANS_THRESHOLDS.name());
  }

  /** Returns the number of records that are back. */
  synchronized long restored() {
    return restored;
  }

  /**
   * Returns the time from the first store's start to the last record, in seconds, waits included.
   */
  synchronized double seconds() {
    return (endedNanos - beganNanos) / 1e9;
  }
}
