package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.tissue.InkDetector;
import io.histoflow.imaging.tissue.TissueDetector;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between a polled record and its answer: decode, batch, segment, encode. Stages overlap
 * and answers come back in the order of submission. Background tiles are answered without the
 * network.
 *
 * <p>Public methods belong to one thread, the one that polls.
 */
final class SegmentationPipeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SegmentationPipeline.class);

  /** Batches in work at a time beside those in the network: one being decoded, one encoded. */
  private static final int BATCHES_AROUND = 2;

  /** Tiles in work at a time where batches are small: enough to be published many at a time. */
  private static final int LEAST_AHEAD = 64;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final TileReader reader;
  private final LiveModel model;
  private final ResultEncoder encoder;
  private final InferenceMetrics metrics;
  private final boolean skipsBackground;
  private final int batchSize;
  private final long batchDelayNanos;
  private final long publishDelayNanos;
  private final int tilesAhead;
  private final long bytesAhead;

  private final ExecutorService codecs;
  private final List<Thread> network;
  private final BlockingQueue<WorkItem> waiting = new LinkedBlockingQueue<>();
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
    this.reader = reader;
    this.model = model;
    this.encoder = encoder;
    this.metrics = metrics;
    this.skipsBackground = settings.skipsBackground();
    this.batchSize = batchSize;
    this.batchDelayNanos = settings.batchDelay().toNanos();
    this.publishDelayNanos = settings.publishDelay().toNanos();
    this.tilesAhead =
        Math.max((BATCHES_AROUND + settings.compute().batchesAtATime()) * batchSize, LEAST_AHEAD);
    this.bytesAhead = settings.memoryBytes();
    this.codecs = Executors.newFixedThreadPool(settings.codecThreads(), daemons("inference-codec"));
    ThreadFactory threads = daemons("inference-network");
    this.network =
        Stream.generate(() -> threads.newThread(this::runNetwork))
            .limit(settings.compute().batchesAtATime())
            .toList();
    this.network.forEach(Thread::start);
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
    held.add(read(source, lease));
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
    item.scanned().ifPresent(tile -> codecs.execute(() -> decode(item, tile)));
    waiting.add(item);
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
        .forEach(
            source ->
                oldest.putIfAbsent(new TopicPartition(source.topic(), source.partition()), source));
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
    waiting.clear();
    bytesInWork = 0;
    oldestIsFinished = false;
  }

  @Override
  public void close() {
    network.forEach(Thread::interrupt);
    codecs.shutdownNow();
    try {
      // The network cannot be interrupted inside a batch, and must not be closed under it.
      for (Thread thread : network) {
        thread.join(CLOSE_TIMEOUT.toMillis());
      }
      boolean ended = codecs.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (network.stream().anyMatch(Thread::isAlive) || !ended) {
        log.atWarn().log("The batch at hand did not end in time; its tiles are segmented again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WorkItem read(ConsumerRecord<byte[], byte[]> source, PartitionLease lease) {
    try {
      ScannedTile tile = reader.read(source);
      return item(source, lease, Optional.of(tile), tile.bytes());
    } catch (RejectedRecordException e) {
      return refused(source, lease, e);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      if (RegistryUnavailableException.isCauseOf(e)) {
        throw e;
      }
      return refused(source, lease, failed("The record cannot be read", e));
    }
  }

  private static WorkItem refused(
      ConsumerRecord<byte[], byte[]> source, PartitionLease lease, RejectedRecordException why) {
    WorkItem item = item(source, lease, Optional.empty(), size(source));
    item.tile().completeExceptionally(why);
    return item;
  }

  private static WorkItem item(
      ConsumerRecord<byte[], byte[]> source,
      PartitionLease lease,
      Optional<ScannedTile> tile,
      long bytes) {
    return new WorkItem(
        source,
        lease,
        tile,
        bytes,
        System.nanoTime(),
        new CompletableFuture<>(),
        new CompletableFuture<>());
  }

  private static long size(ConsumerRecord<byte[], byte[]> source) {
    return Math.max(0, source.serializedKeySize())
        + (long) Math.max(0, source.serializedValueSize());
  }

  private void decode(WorkItem item, ScannedTile tile) {
    if (!item.lease().isHeld()) {
      item.tile().completeExceptionally(new RejectedRecordException("Its lease has ended."));
      return;
    }
    try {
      RgbImage image = metrics.timeDecode(() -> reader.decode(tile));
      item.tile()
          .complete(
              new DecodedTile(
                  tile,
                  image,
                  InkDetector.find(image),
                  skipsBackground && !TissueDetector.hasTissue(image)));
    } catch (RejectedRecordException e) {
      item.tile().completeExceptionally(e);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      item.tile().completeExceptionally(failed("Its image cannot be decoded", e));
    } catch (Error e) {
      item.tile().completeExceptionally(e);
    }
  }

  /** Such a failure has let go of all that it had allocated: it is the record's own. */
  private static RejectedRecordException failed(String what, Throwable why) {
    return new RejectedRecordException(what + ": " + Sentences.of(why), why);
  }

  private void runNetwork() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        List<WorkItem> batch = nextBatch();
        try {
          segment(batch);
        } catch (RuntimeException | Error e) {
          batch.forEach(item -> item.answer().completeExceptionally(e));
        }
      }
    } catch (InterruptedException e) {
      log.atDebug().log("The network's thread ends");
    }
  }

  /** Waits for one tile, then for others until the batch is full or the first has waited enough. */
  private List<WorkItem> nextBatch() throws InterruptedException {
    List<WorkItem> batch = new ArrayList<>(batchSize);
    WorkItem first = waiting.take();
    batch.add(first);
    while (batch.size() < batchSize) {
      long left = first.polledAtNanos() + batchDelayNanos - System.nanoTime();
      WorkItem next = left > 0 ? waiting.poll(left, TimeUnit.NANOSECONDS) : waiting.poll();
      if (next == null) {
        break;
      }
      batch.add(next);
    }
    return batch;
  }

  private void segment(List<WorkItem> batch) throws InterruptedException {
    List<WorkItem> usable = new ArrayList<>(batch.size());
    List<DecodedTile> tiles = new ArrayList<>(batch.size());
    for (WorkItem item : batch) {
      if (!item.lease().isHeld()) {
        continue;
      }
      try {
        DecodedTile tile = item.tile().get();
        if (tile.background()) {
          answerBackground(item, tile.tile());
        } else {
          tiles.add(tile);
          usable.add(item);
        }
      } catch (ExecutionException e) {
        fail(item, e.getCause());
      }
    }
    if (!usable.isEmpty()) {
      segment(usable, tiles);
    }
  }

  private void segment(List<WorkItem> items, List<DecodedTile> tiles) {
    LiveModel.Batch result;
    try {
      result = metrics.timeBatch(tiles.size(), () -> model.segment(inputs(tiles)));
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      afterFailure(items, tiles, e);
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      encode(items.get(i), tiles.get(i), result.segmentations().get(i), result);
    }
  }

  /** Tells one tile that the network cannot take from a network that has failed. */
  private void afterFailure(List<WorkItem> items, List<DecodedTile> tiles, Throwable why) {
    if (!model.isSound()) {
      throw new ServiceException("The network has failed: " + Sentences.of(why), why);
    }
    if (items.size() > 1) {
      for (int i = 0; i < items.size(); i++) {
        segment(items.subList(i, i + 1), tiles.subList(i, i + 1));
      }
      return;
    }
    String tileId = tiles.get(0).tile().record().getTileId();
    reject(items.get(0), failed("The network cannot segment tile " + tileId, why));
  }

  private void encode(
      WorkItem item, DecodedTile tile, Segmentation segmentation, LiveModel.Batch batch) {
    answer(
        item,
        () ->
            new Answer(
                encoder.encode(tile, segmentation, batch.checkpoint()), Answer.Outcome.SEGMENTED));
  }

  private void answerBackground(WorkItem item, ScannedTile tile) {
    Checkpoint inForce = model.checkpoint();
    answer(
        item, () -> new Answer(encoder.encodeBackground(tile, inForce), Answer.Outcome.BACKGROUND));
  }

  /** Work that may be refused. */
  private interface Encoding {
    Answer run() throws RejectedRecordException;
  }

  private void answer(WorkItem item, Encoding encoding) {
    codecs.execute(
        () -> {
          try {
            item.answer().complete(encoding.run());
          } catch (RejectedRecordException e) {
            reject(item, e);
          } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            if (RegistryUnavailableException.isCauseOf(e)) {
              item.answer().completeExceptionally(e);
            } else {
              reject(item, failed("The result cannot be encoded", e));
            }
          } catch (Error e) {
            item.answer().completeExceptionally(e);
          }
        });
  }

  private static void fail(WorkItem item, Throwable why) {
    if (why instanceof RejectedRecordException rejected) {
      reject(item, rejected);
    } else {
      item.answer().completeExceptionally(why);
    }
  }

  private static void reject(WorkItem item, RejectedRecordException why) {
    item.answer().complete(Answer.rejected(item.source(), why));
  }

  private static List<SegmentationInput> inputs(List<DecodedTile> tiles) {
    return tiles.stream()
        .map(tile -> new SegmentationInput(tile.image(), tile.tile().organ()))
        .toList();
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

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
