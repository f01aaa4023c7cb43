package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Segments past tiles again with the weights in force when it begins, and publishes the results as
 * replayed. It reads beside the inference workers, in no group, and takes nothing from them.
 *
 * <p>A tile is replayed where its newest result is by older weights and its image is still kept.
 * Results are published in transactions; what was committed is not done again by the next replay,
 * so one that was interrupted is simply run once more. Of two replays at a time one is ended.
 */
public final class TileReplay {
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;
  private static final double CHANGED = 0.01;
  private static final Duration POLL_WHEN_IDLE = Duration.ofMillis(500);
  private static final Duration POLL_WHEN_BUSY = Duration.ofMillis(20);
  private static final String PHASE = "replay";

  private final InferenceSettings settings;
  private final KafkaClients clients;
  private final InferenceMetrics metrics = new InferenceMetrics(new CompositeMeterRegistry());

  /**
   * Prepares a replay; connects to nothing.
   *
   * @param config client keys, common settings and {@link InferenceService#SETTINGS}, as an
   *     inference worker has them
   * @throws io.histoflow.platform.config.ConfigException when a setting is not allowed
   */
  public TileReplay(ServiceConfig config) {
    this.settings = InferenceSettings.from(config);
    this.clients = new KafkaClients(config, "replay");
  }

  /**
   * Replays.
   *
   * @param request which tiles
   * @param progress hears of tiles
   * @throws ServiceException when it cannot go on; run again, it goes on where it ended
   */
  public ReplaySummary run(ReplayRequest request, ProgressListener progress) {
    Checkpoint shipped = loadModel();
    Checkpoint inForce = weightsInForce(shipped);
    ReplayPlan plan = ReplayPlan.of(clients, request, inForce.version());
    Run run = new Run(plan, progress);
    if (plan.size() > 0) {
      run.process(shipped, inForce);
    }
    return run.summary(inForce);
  }

  private Checkpoint loadModel() {
    try {
      return settings.model().load();
    } catch (CheckpointRejectedException e) {
      throw new ServiceException("The model cannot be used: " + Sentences.of(e), e);
    }
  }

  private Checkpoint weightsInForce(Checkpoint shipped) {
    try (WeightsFollower weights =
        new WeightsFollower(clients, shipped, settings.keys(), metrics)) {
      return weights.start();
    }
  }

  private TransactionalPublisher publisher() {
    return clients.transactions(
        TransactionalIds.REPLAY,
        "Another replay runs on this cluster: wait until it has ended.",
        Map.of(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS));
  }

  /** One replay and what it has done so far. */
  private final class Run {
    private final ReplayPlan plan;
    private final ProgressListener progress;
    private final Set<String> slides = new HashSet<>();
    private final PartitionLease lease = new PartitionLease();
    private long found;
    private long replayed;
    private long changed;
    private long rejected;

    Run(ReplayPlan plan, ProgressListener progress) {
      this.plan = plan;
      this.progress = progress;
    }

    void process(Checkpoint shipped, Checkpoint inForce) {
      try (LiveModel model =
          new LiveModel(shipped, checkpoint -> InferenceService.network(checkpoint, settings))) {
        if (inForce != shipped) {
          model.replace(inForce);
        }
        process(model, settings.batchSize(model::fastestBatch));
      }
    }

    private void process(LiveModel model, int batchSize) {
      try (Deserializer<TileScanned> scanned = clients.deserializer(Topics.TILES_SCANNED);
          Serializer<TileSegmented> serializer = clients.serializer();
          TransactionalPublisher publisher = publisher();
          Consumer<byte[], byte[]> consumer =
              clients.bytesConsumer(
                  null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batchSize));
          SegmentationPipeline pipeline =
              new SegmentationPipeline(
                  settings,
                  batchSize,
                  new TileReader(scanned, ImageLimits.forTiles(), model.checkpoint().resolution()),
                  model,
                  new ResultEncoder(
                      serializer,
                      settings.routingScore(),
                      settings.entropyMap(),
                      settings.probabilities(),
                      ResultEncoder.MOST_BYTES,
                      true),
                  metrics)) {
        publisher.open();
        BoundedReader reader = reader(consumer);
        while (!reader.isDone() || !pipeline.isIdle()) {
          read(reader, pipeline);
          publish(pipeline, publisher);
        }
      } catch (TransactionFailedException e) {
        throw new ServiceException(
            "The replay ended after %s tiles: %s What was published stays; run it again to go on."
                .formatted(replayed, Sentences.of(e)),
            e);
      }
    }

    /** Reads from the first tile that is due to the last one, and nothing that was deleted. */
    private BoundedReader reader(Consumer<byte[], byte[]> consumer) {
      Map<TopicPartition, Long> starts = new HashMap<>();
      Map<TopicPartition, Long> ends = new HashMap<>();
      List<TopicPartition> existing = Partitions.of(consumer, Topics.TILES_SCANNED.name());
      consumer.assign(existing);
      Map<TopicPartition, Long> kept = consumer.beginningOffsets(existing);
      Map<TopicPartition, Long> written = consumer.endOffsets(existing);
      plan.due()
          .forEach(
              (partition, tiles) -> {
                if (existing.contains(partition)) {
                  long first = Collections.min(tiles.keySet());
                  long end = Collections.max(tiles.keySet()) + 1;
                  starts.put(partition, Math.max(first, kept.get(partition)));
                  ends.put(partition, Math.min(end, written.get(partition)));
                }
              });
      return new BoundedReader(consumer, starts, ends);
    }

    private void read(BoundedReader reader, SegmentationPipeline pipeline) {
      if (reader.isDone() || !pipeline.hasRoom()) {
        return;
      }
      Duration wait = pipeline.isIdle() ? POLL_WHEN_IDLE : POLL_WHEN_BUSY;
      for (ConsumerRecord<byte[], byte[]> record : reader.poll(wait)) {
        if (dueAt(record).isPresent()) {
          found++;
          pipeline.submit(record, lease);
        }
      }
    }

    /** A topic that was made anew has other records at the old offsets. */
    private Optional<ReplayPlan.PastTile> dueAt(ConsumerRecord<byte[], byte[]> record) {
      return plan.find(record)
          .filter(
              tile ->
                  record.key() != null
                      && tile.tileId().equals(TextHash.of(new String(record.key(), UTF_8))));
    }

    private void publish(SegmentationPipeline pipeline, TransactionalPublisher publisher)
        throws TransactionFailedException {
      List<SegmentationPipeline.Finished> finished = pipeline.awaitFinished(POLL_WHEN_BUSY);
      if (finished.isEmpty()) {
        return;
      }
      publisher.publish(finished.stream().map(one -> one.answer().record()).toList());
      finished.forEach(this::count);
      progress.onProgress(PHASE, replayed + rejected, plan.size(), slides.size() + " slides");
    }

    private void count(SegmentationPipeline.Finished one) {
      if (one.answer().outcome() == Answer.Outcome.REJECTED) {
        rejected++;
        return;
      }
      ReplayPlan.PastTile before = plan.find(one.source()).orElseThrow();
      replayed++;
      slides.add(before.slideId());
      if (Math.abs(one.answer().positiveFraction() - before.positiveFraction()) > CHANGED) {
        changed++;
      }
    }

    ReplaySummary summary(Checkpoint inForce) {
      return new ReplaySummary(
          inForce.modelId(),
          inForce.version(),
          replayed,
          plan.skipped(),
          changed,
          plan.size() - found,
          rejected,
          slides.size());
    }
  }
}
