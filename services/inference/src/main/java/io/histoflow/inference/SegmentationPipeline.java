package io.histoflow.inference;

import io.histoflow.platform.kafka.Partitions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between a polled record and its answer: bounds the records in work, has {@link
 * SegmentationStages} work on them, and hands out answers in the order of submission. Belongs to
 * one thread, the one that polls.
 */
final class SegmentationPipeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SegmentationPipeline.class);

  /** Batches in work at a time beside those in the network: one being decoded, one encoded. */
  private static final int BATCHES_AROUND = 2;

  /** Tiles in work at a time where batches are small: enough to be published many at a time. */
  private static final int LEAST_AHEAD = 64;

  private final SegmentationStages stages;
  private final long publishDelayNanos;
  private final int tilesAhead;
  private final long bytesAhead;
  private final Deque<WorkItem> inWork = new ArrayDeque<>();
  private final Deque<WorkItem> held = new ArrayDeque<>();
  private int limit = Integer.MAX_VALUE;
  private long bytesInWork;
  private long oldestFinishedAtNanos;
  private boolean oldestIsFinished;

  /**
   * Starts the pipeline's threads. The model stays the caller's, to be closed after this.
   *
   * @param batchSize most tiles in one batch
   */
  SegmentationPipeline(
      InferenceSettings settings,
      int batchSize,
      TileReader reader,
      LiveModel model,
      ResultEncoder encoder,
      InferenceMetrics metrics) {
    this.stages = new SegmentationStages(settings, batchSize, reader, model, encoder, metrics);
    this.publishDelayNanos = settings.publishDelay().toNanos();
    this.tilesAhead =
        Math.max(
            (BATCHES_AROUND + settings.model().compute().batchesAtATime()) * batchSize,
            LEAST_AHEAD);
    this.bytesAhead = settings.memoryBytes();
  }

  /** Tells whether more records should be submitted now. */
  boolean hasRoom() {
    return inWork.isEmpty()
        || (held.isEmpty() && inWork.size() < mostTiles() && bytesInWork < bytesAhead);
  }

  /** Tells whether anything is in work. */
  boolean isIdle() {
    return inWork.isEmpty();
  }

  /** Bounds the records in work at a time from now on, where that is less than usual. */
  void limit(int records) {
    limit = records;
  }

  private int mostTiles() {
    return Math.min(tilesAhead, limit);
  }

  /** Returns the most records that can be in work at a time, beside those that are held. */
  int tilesAhead() {
    return tilesAhead;
  }

  /**
   * Takes a record in. Where it does not fit beside the others it is held until it does; one that
   * never would goes through alone.
   *
   * @throws io.histoflow.schemas.RegistryUnavailableException when nothing can be known about the
   *     record now; it was not taken in then
   */
  void submit(ConsumerRecord<byte[], byte[]> source, PartitionLease lease) {
    held.add(stages.read(source, lease));
    startHeld();
  }

  private void startHeld() {
    while (!held.isEmpty() && fits(held.peek())) {
      WorkItem item = held.remove();
      if (item.lease().isHeld()) {
        start(item);
      }
    }
  }

  private boolean fits(WorkItem item) {
    return inWork.isEmpty()
        || (inWork.size() < mostTiles() && bytesInWork + item.bytes() <= bytesAhead);
  }

  private void start(WorkItem item) {
    inWork.add(item);
    bytesInWork += item.bytes();
    stages.begin(item);
  }

  /**
   * An input record and its answer.
   *
   * @param source the record as it was polled
   * @param answer what to publish for it
   * @param polledAtNanos when it was polled, by {@link System#nanoTime}
   */
  record Finished(ConsumerRecord<byte[], byte[]> source, Answer answer, long polledAtNanos) {

    /** Returns the same record with another answer. */
    Finished with(Answer other) {
      return new Finished(source, other, polledAtNanos);
    }
  }

  /** Returns the oldest record in work of each partition that still has one. */
  Collection<ConsumerRecord<byte[], byte[]>> oldestInWork() {
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> oldest = new HashMap<>();
    Stream.concat(inWork.stream(), held.stream())
        .filter(item -> item.lease().isHeld())
        .map(WorkItem::source)
        .forEach(source -> oldest.putIfAbsent(Partitions.of(source), source));
    return oldest.values();
  }

  /**
   * Hands out what is finished, in the order of submission and without waiting; nothing where more
   * will be finished soon, for a transaction costs the same for one tile and for many. Work whose
   * lease has ended is dropped on the way.
   *
   * @throws RuntimeException when the oldest piece of work failed for a reason that is not its own
   */
  List<Finished> takeFinished() {
    List<Finished> finished = new ArrayList<>();
    if (nanosUntilDue() > 0) {
      return finished;
    }
    while (!inWork.isEmpty()) {
      WorkItem oldest = inWork.peek();
      if (oldest.lease().isHeld()) {
        if (!oldest.answer().isDone()) {
          break;
        }
        if (oldest.answer().isCompletedExceptionally() && !finished.isEmpty()) {
          break;
        }
        finished.add(new Finished(oldest.source(), answerOf(oldest), oldest.polledAtNanos()));
      }
      inWork.remove();
      bytesInWork -= oldest.bytes();
    }
    oldestIsFinished = false;
    startHeld();
    return finished;
  }

  /**
   * As {@link #takeFinished}, but waits a little for the next piece of work to finish where nothing
   * else is to be done meanwhile.
   */
  List<Finished> awaitFinished(Duration wait) {
    long nanos = Math.min(wait.toNanos(), nanosUntilDue());
    Optional<WorkItem> next = inWork.stream().filter(item -> !item.answer().isDone()).findFirst();
    if (nanos > 0 && next.isPresent()) {
      try {
        next.get().answer().get(nanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      } catch (TimeoutException | ExecutionException e) {
        log.atTrace().setCause(e).log("Nothing more was finished; taking what is says why");
      }
    }
    return takeFinished();
  }

  /**
   * Returns how much longer what is finished may wait for others: until all is finished or half of
   * the room is taken by it, and no longer than the publish delay; where tiles are waiting for
   * room, transactions matter more than latency, and it is {@value InferenceSettings#BUSY_DELAYS}
   * times that. While nothing is finished, for ever.
   */
  private long nanosUntilDue() {
    int finished = 0;
    long finishedBytes = 0;
    for (WorkItem item : inWork) {
      if (item.lease().isHeld() && !item.answer().isDone()) {
        break;
      }
      finished++;
      finishedBytes += item.bytes();
    }
    if (finished == 0) {
      oldestIsFinished = false;
      return inWork.isEmpty() ? 0 : Long.MAX_VALUE;
    }
    if (!oldestIsFinished) {
      oldestIsFinished = true;
      oldestFinishedAtNanos = System.nanoTime();
    }
    if (finished == inWork.size()
        || 2 * finished >= mostTiles()
        || 2 * finishedBytes >= bytesAhead) {
      return 0;
    }
    long delay = hasRoom() ? publishDelayNanos : InferenceSettings.BUSY_DELAYS * publishDelayNanos;
    return Math.max(0, oldestFinishedAtNanos + delay - System.nanoTime());
  }

  /** Forgets all work; the leases of all of it must have ended. */
  void discardAll() {
    inWork.clear();
    held.clear();
    stages.forgetWaiting();
    bytesInWork = 0;
    oldestIsFinished = false;
  }

  @Override
  public void close() {
    stages.close();
  }

  private static Answer answerOf(WorkItem item) {
    try {
      return item.answer().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }
}
