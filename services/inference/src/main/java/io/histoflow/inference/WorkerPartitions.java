package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's partitions: polls their records into the pipeline, each under the lease of its
 * partition, and publishes the answers. It takes in as much as the pipeline has room for, and one
 * record at a time where a former worker has died. Belongs to the thread that polls.
 */
final class WorkerPartitions {
  private static final Logger log = LoggerFactory.getLogger(WorkerPartitions.class);
  private static final Duration POLL_WHEN_IDLE = Duration.ofMillis(500);
  // Work that ends while the thread polls is committed this much later at most.
  private static final Duration WAIT_WHEN_BUSY = Duration.ofMillis(5);
  private static final Duration MARK_WAIT = Duration.ofMillis(100);
  private static final Duration MARK_WAIT_WHEN_IDLE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final SingleReader single;
  private final PartitionMarks marks;
  private final SegmentationPipeline pipeline;
  private final ProgressWatch progress;
  private final AnswerPublisher answers;
  private final Map<TopicPartition, PartitionLease> leases = new HashMap<>();

  WorkerPartitions(
      Consumer<byte[], byte[]> consumer,
      SingleReader single,
      PartitionMarks marks,
      SegmentationPipeline pipeline,
      ProgressWatch progress,
      AnswerPublisher answers) {
    this.consumer = consumer;
    this.single = single;
    this.marks = marks;
    this.pipeline = pipeline;
    this.progress = progress;
    this.answers = answers;
  }

  /** Joins the group. */
  void subscribe() {
    consumer.subscribe(List.of(Topics.TILES_SCANNED.name()), new Leases());
  }

  /** Tells whether there are any at this moment. */
  boolean areAny() {
    return !leases.isEmpty();
  }

  /**
   * Takes in what there is.
   *
   * @throws TransactionFailedException when what must not be tried again could not be published
   */
  void poll() throws TransactionFailedException {
    marks.rewindWhereInDoubt();
    marks.goOn();
    marks.read(leases.keySet(), pipeline.isIdle() ? MARK_WAIT_WHEN_IDLE : MARK_WAIT);
    progress.known(marks.known());
    pipeline.limit(marks.isWary() ? PartitionCare.FEW : Integer.MAX_VALUE);
    Optional<TopicPartition> careful = marks.careful();
    if (careful.isPresent()) {
      workAlone(careful.get());
      return;
    }
    single.rest();
    // Leases end before their partitions leave: unlike assignment(), they cannot be out of date.
    if (pipeline.hasRoom()) {
      consumer.resume(marks.known());
    } else {
      consumer.pause(leases.keySet());
    }
    poll(pollWait());
  }

  /**
   * Publishes what is finished.
   *
   * @return whether anything was
   * @throws TransactionFailedException when it could not be published, or that is not known
   */
  boolean publish() throws TransactionFailedException {
    List<SegmentationPipeline.Finished> finished =
        pipeline.hasRoom() && marks.careful().isEmpty()
            ? pipeline.takeFinished()
            : pipeline.awaitFinished(WAIT_WHEN_BUSY);
    if (finished.isEmpty()) {
      return false;
    }
    answers.publish(finished);
    pipeline.oldestInWork().forEach(progress::begins);
    return true;
  }

  /** Drops the work at hand, to begin again from what is committed. */
  void startOver() {
    leases.replaceAll(
        (partition, lease) -> {
          lease.end();
          return new PartitionLease();
        });
    pipeline.discardAll();
    marks.doubt();
  }

  /**
   * Ends all leases.
   *
   * @param inOrder whether to say so beside the committed offsets
   */
  void leave(boolean inOrder) {
    if (inOrder) {
      marks.leave(leases.keySet());
    }
    marks.forget(leases.keySet());
    leases.values().forEach(PartitionLease::end);
  }

  private void poll(Duration wait) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      PartitionLease lease = leases.get(Partitions.of(record));
      if (lease != null) {
        progress.begins(record);
        pipeline.submit(record, lease);
      }
    }
  }

  /**
   * Polling with records of paused partitions at hand does not wait: it keeps a core busy. New
   * partitions stay paused until their marks are read, which is soon.
   */
  private Duration pollWait() {
    if (marks.known().size() < leases.size() || leases.isEmpty()) {
      return MARK_WAIT;
    }
    if (pipeline.isIdle()) {
      return POLL_WHEN_IDLE;
    }
    return pipeline.hasRoom() ? WAIT_WHEN_BUSY : Duration.ZERO;
  }

  /**
   * Works on one record of a partition whose former worker has died, and on nothing else meanwhile.
   */
  private void workAlone(TopicPartition partition) throws TransactionFailedException {
    consumer.pause(leases.keySet());
    poll(Duration.ZERO);
    PartitionCare care = marks.of(partition);
    if (care == null || !pipeline.isIdle()) {
      return;
    }
    if (!care.hasBegun()) {
      marks.begin(partition);
      progress.begins(partition, care.next(), "");
    }
    if (care.deaths() > PartitionCare.DEATHS) {
      // Reading it has ended the process too: nobody knows its bytes, nor where it ends.
      ConsumerRecord<byte[], byte[]> unread =
          new ConsumerRecord<>(partition.topic(), partition.partition(), care.next(), null, null);
      quarantine(unread, Answer.unread(unread, died(care)));
      return;
    }
    Optional<ConsumerRecord<byte[], byte[]>> record =
        single.next(partition, care.next(), POLL_WHEN_IDLE);
    if (record.isEmpty()) {
      if (single.position() >= care.end()) {
        marks.nothingLeft(partition);
        progress.answered(partition, care.end());
      }
    } else if (care.deaths() == PartitionCare.DEATHS) {
      quarantine(record.get(), Answer.rejected(record.get(), died(care)));
    } else {
      progress.begins(record.get());
      pipeline.submit(record.get(), leases.get(partition));
    }
  }

  private void quarantine(ConsumerRecord<byte[], byte[]> record, Answer letter)
      throws TransactionFailedException {
    LogKeys.at(log.atWarn(), record).log("A record that ends the process goes to the dead letters");
    answers.publish(List.of(new SegmentationPipeline.Finished(record, letter, System.nanoTime())));
  }

  private static RejectedRecordException died(PartitionCare care) {
    return new RejectedRecordException(
        ("The worker's process ended %s times while this record alone was in work;"
                + " it is not tried again.")
            .formatted(care.deaths()));
  }

  /** Called by {@code poll}, on the same thread. */
  private final class Leases implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        leases.put(partition, new PartitionLease());
        progress.assigned(partition);
      }
      consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      marks.leave(partitions);
      onPartitionsLost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        PartitionLease lease = leases.remove(partition);
        if (lease != null) {
          lease.end();
        }
        progress.left(partition);
      }
      marks.forget(partitions);
    }
  }
}
