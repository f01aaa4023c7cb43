package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks beside the committed offsets of a worker's partitions, and the care that they call for.
 * Belongs to the thread that polls.
 */
final class PartitionMarks {
  private static final Logger log = LoggerFactory.getLogger(PartitionMarks.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LEAVE_WAIT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final WorkMark usual;
  private final Map<TopicPartition, PartitionCare> cares = new HashMap<>();
  private final Set<TopicPartition> ended = new HashSet<>();
  private long dueNanos = System.nanoTime();
  private boolean inDoubt;

  PartitionMarks(Consumer<byte[], byte[]> consumer, WorkMark usual) {
    this.consumer = consumer;
    this.usual = usual;
  }

  /** Returns the partitions whose marks were read. */
  Set<TopicPartition> known() {
    return cares.keySet();
  }

  /** Returns the care of a partition whose mark was read; null of any other. */
  PartitionCare of(TopicPartition partition) {
    return cares.get(partition);
  }

  /**
   * Reads what the former worker of each new partition has left, and marks those that need no care.
   * The open transaction of a worker that has died may take a while to end; until then nothing is
   * known of its partitions.
   *
   * @param held the worker's partitions
   * @param wait how long to wait for the brokers
   */
  void read(Set<TopicPartition> held, Duration wait) {
    Set<TopicPartition> fresh = new HashSet<>(held);
    fresh.removeAll(cares.keySet());
    if (fresh.isEmpty() || System.nanoTime() - dueNanos < 0) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed;
    Map<TopicPartition, Long> begins;
    Map<TopicPartition, Long> ends;
    try {
      committed = consumer.committed(fresh, wait);
      begins = consumer.beginningOffsets(fresh, wait);
      ends = consumer.endOffsets(fresh, wait);
    } catch (TimeoutException e) {
      dueNanos = System.nanoTime() + RETRY.toNanos();
      log.atDebug().setCause(e).log("What was committed cannot be read yet");
      return;
    }
    Map<TopicPartition, PartitionCare> taken = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
    for (TopicPartition partition : fresh) {
      OffsetAndMetadata position = committed.get(partition);
      WorkMark mark = position == null ? WorkMark.none() : WorkMark.parse(position.metadata());
      long next = position == null ? begins.get(partition) : position.offset();
      PartitionCare care = PartitionCare.takenOver(mark, next, ends.get(partition));
      taken.put(partition, care);
      if (care.isWary()) {
        marks.put(partition, marked(next, WorkMark.working(PartitionCare.FEW)));
      } else if (!care.isCareful() && !mark.equals(usual)) {
        marks.put(partition, marked(next, usual));
      }
    }
    if (marks.isEmpty() || isCommitted(marks)) {
      cares.putAll(taken);
    }
  }

  /** Returns a partition whose next record is to be worked on alone, one already begun first. */
  Optional<TopicPartition> careful() {
    return cares.entrySet().stream()
        .filter(entry -> entry.getValue().isCareful())
        .map(Map.Entry::getKey)
        .min(
            Comparator.comparing((TopicPartition partition) -> !cares.get(partition).hasBegun())
                .thenComparing(TopicPartition::toString));
  }

  /** Says whether few records of all partitions may be in work at a time. */
  boolean isWary() {
    return cares.values().stream().anyMatch(PartitionCare::isWary);
  }

  /** Marks the next record of a partition as alone in work. */
  void begin(TopicPartition partition) {
    PartitionCare care = cares.get(partition);
    consumer.commitSync(Map.of(partition, marked(care.next(), care.attempt())));
    care.begun();
  }

  /** Returns what to commit with the answer to a record. */
  OffsetAndMetadata after(ConsumerRecord<?, ?> answered) {
    long following = answered.offset() + 1;
    WorkMark mark = cares.get(Partitions.of(answered)).markAfter(following, usual);
    return new OffsetAndMetadata(following, answered.leaderEpoch(), mark.text());
  }

  /**
   * Notes that the answer to a record is committed; from where its care ends, usual work goes on.
   */
  void answered(ConsumerRecord<?, ?> record) {
    PartitionCare care = cares.get(Partitions.of(record));
    boolean careful = care.isCareful();
    boolean wary = care.isWary();
    care.answered(record.offset() + 1);
    if (careful && !care.isCareful()) {
      consumer.seek(Partitions.of(record), care.next());
    }
    if (wary && !care.isWary()) {
      ended.add(Partitions.of(record));
    }
  }

  /** Marks usual work where few records were in work at a time before. */
  void goOn() {
    ended.retainAll(cares.keySet());
    if (ended.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
    ended.forEach(partition -> marks.put(partition, marked(cares.get(partition).next(), usual)));
    if (isCommitted(marks)) {
      ended.clear();
    }
  }

  /**
   * Only polling brings a worker back that the group has left behind, so nothing may precede it.
   */
  private boolean isCommitted(Map<TopicPartition, OffsetAndMetadata> marks) {
    try {
      consumer.commitSync(marks);
      return true;
    } catch (CommitFailedException | RebalanceInProgressException e) {
      log.atDebug().setCause(e).log("The group has to be joined again before marks can be left");
      return false;
    }
  }

  /** Ends the care of a partition whose suspect records are no more. */
  void nothingLeft(TopicPartition partition) {
    PartitionCare care = cares.get(partition);
    care.nothingLeft();
    consumer.commitSync(Map.of(partition, marked(care.next(), usual)));
    consumer.seek(partition, care.next());
  }

  /** Notes that from now on nobody knows what is committed. */
  void doubt() {
    inDoubt = true;
  }

  /** Notes that it is known after all. */
  void settled() {
    inDoubt = false;
  }

  /** Goes back to what is committed where nobody knew what that is. */
  void rewindWhereInDoubt() {
    if (!inDoubt) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(cares.keySet());
    cares.forEach(
        (partition, care) -> {
          OffsetAndMetadata position = committed.get(partition);
          if (position == null) {
            consumer.seekToBeginning(List.of(partition));
          } else {
            consumer.seek(partition, position);
            care.standsAt(position.offset());
          }
        });
    settled();
  }

  /** Says that nobody died here; not in doubt, for the marks lie beside the committed offsets. */
  void leave(Collection<TopicPartition> partitions) {
    if (inDoubt) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
    for (TopicPartition partition : partitions) {
      PartitionCare care = cares.get(partition);
      if (care != null) {
        marks.put(partition, marked(care.next(), care.leaving()));
      }
    }
    if (marks.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(marks, LEAVE_WAIT);
    } catch (KafkaException e) {
      log.atDebug().setCause(e).log("Whoever takes the partitions over will be careful");
    }
  }

  /** Forgets partitions that are another worker's now. */
  void forget(Collection<TopicPartition> partitions) {
    cares.keySet().removeAll(Set.copyOf(partitions));
  }

  private static OffsetAndMetadata marked(long offset, WorkMark mark) {
    return new OffsetAndMetadata(offset, mark.text());
  }
}
