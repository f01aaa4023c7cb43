package io.histoflow.loadtests;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Times how state comes back from the brokers, over all stores and partitions. */
final class RestoreClock implements StateRestoreListener {
  private long restored;
  private long beganNanos;
  private long endedNanos;

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String store, long from, long to) {
    if (beganNanos == 0) {
      beganNanos = System.nanoTime();
    }
  }

  @Override
  public synchronized void onBatchRestored(
      TopicPartition partition, String store, long end, long count) {
    restored += count;
    endedNanos = System.nanoTime();
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long total) {}

  /** Returns the number of records that are back. */
  synchronized long restored() {
    return restored;
  }

  /** Returns the time from the first store's start to the last record, in seconds. */
  synchronized double seconds() {
    return (endedNanos - beganNanos) / 1e9;
  }
}
