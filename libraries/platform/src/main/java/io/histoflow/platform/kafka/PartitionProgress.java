package io.histoflow.platform.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Notices partitions that make no progress: records wait, and for a time none of them was done.
 * Safe for use by several threads.
 */
public final class PartitionProgress {
  private final Duration patience;
  private final InstantSource clock;
  private final Map<TopicPartition, Mark> marks = new HashMap<>();

  /**
   * Begins without partitions.
   *
   * @param patience how long records may wait without one of them being done
   * @param clock tells that time
   */
  public PartitionProgress(Duration patience, InstantSource clock) {
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * Takes note of how far a partition is.
   *
   * @param partition the partition
   * @param next offset of the first record that is not done
   * @param waiting whether there is such a record
   */
  public synchronized void update(TopicPartition partition, long next, boolean waiting) {
    Mark mark = marks.get(partition);
    if (mark == null || mark.next != next || !waiting || !mark.waiting) {
      marks.put(partition, new Mark(next, waiting, clock.instant()));
    }
  }

  /**
   * Forgets all other partitions: somebody else reads them.
   *
   * @param partitions those to keep
   */
  public synchronized void retain(Collection<TopicPartition> partitions) {
    marks.keySet().retainAll(partitions);
  }

  /**
   * Says which partition stands still, the one that has done so longest of several.
   *
   * @return a sentence that names its next record; empty where all go on
   */
  public synchronized Optional<String> standstill() {
    Instant latest = clock.instant().minus(patience);
    return marks.entrySet().stream()
        .filter(entry -> entry.getValue().waiting && !entry.getValue().since.isAfter(latest))
        .min(Comparator.comparing(entry -> entry.getValue().since))
        .map(
            entry ->
                "Partition %d of %s makes no progress since %s; its next record has the offset %d"
                    .formatted(
                        entry.getKey().partition(),
                        entry.getKey().topic(),
                        entry.getValue().since,
                        entry.getValue().next));
  }

  private record Mark(long next, boolean waiting, Instant since) {}
}
