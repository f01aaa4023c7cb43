package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.tissue.InkDetector;
import io.histoflow.segmentation.tissue.TissueDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on a tile: decode, batch, segment, encode. Stages overlap; background tiles are answered
 * without the network. The model stays the caller's, to be closed after this.
 */
final class SegmentationStages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SegmentationStages.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final TileReader reader;
  private final LiveModel model;
  private final ResultEncoder encoder;
  private final InferenceMetrics metrics;
  private final boolean skipsBackground;
  private final int batchSize;
  private final long batchDelayNanos;
  private final ExecutorService codecs;
  private final List<Thread> network;
  private final BlockingQueue<WorkItem> waiting = new LinkedBlockingQueue<>();

  /** Starts the threads. */
  SegmentationStages(
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
    this.codecs = Executors.newFixedThreadPool(settings.codecThreads(), daemons("inference-codec"));
    ThreadFactory threads = daemons("inference-network");
    this.network =
        Stream.generate(() -> threads.newThread(this::runNetwork))
            .limit(settings.model().compute().batchesAtATime())
            .toList();
    this.network.forEach(Thread::start);
  }

  /**
   * Reads a record without its pixels, on the caller's thread.
   *
   * @throws RegistryUnavailableException when nothing can be known about the record now
   */
  WorkItem read(ConsumerRecord<byte[], byte[]> source, PartitionLease lease) {
    try {
      ScannedTile tile = reader.read(source);
      return new WorkItem(source, lease, Optional.of(tile), tile.bytes());
    } catch (RejectedRecordException e) {
      return refused(source, lease, e);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      if (RegistryUnavailableException.isCauseOf(e)) {
        throw e;
      }
      return refused(source, lease, failed("The record cannot be read", e));
    }
  }

  /** Begins the work on a record that was read. */
  void begin(WorkItem item) {
    item.scanned().ifPresent(tile -> codecs.execute(() -> decode(item, tile)));
    waiting.add(item);
  }

  /** Forgets the records that the network has not begun. */
  void forgetWaiting() {
    waiting.clear();
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

  private static WorkItem refused(
      ConsumerRecord<byte[], byte[]> source, PartitionLease lease, RejectedRecordException why) {
    WorkItem item = new WorkItem(source, lease, Optional.empty(), size(source));
    item.tile().completeExceptionally(why);
    return item;
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
          Checkpoint inForce = model.checkpoint();
          answer(item, () -> encoder.encodeBackground(tile.tile(), inForce));
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
    answer(item, () -> encoder.encode(tile, segmentation, batch.checkpoint()));
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

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
