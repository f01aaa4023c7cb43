package io.histoflow.inference;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileNetwork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One inference worker: reads scanned tiles, segments them and publishes the results. Any number of
 * workers share the load as one consumer group.
 *
 * <p>Every input record is answered exactly once, by a result or by a dead letter that says why
 * there is none: answers and input offsets commit in one transaction. A tile that a scanner
 * publishes twice is two records and gets two results, each naming its own record; readers that
 * count tiles tell them by {@code tileId}. When the schema registry or the brokers do not answer
 * the worker waits and goes on where it was.
 *
 * <p>A record whose work ends the process is found by those who take its partition over: a mark
 * beside the committed offset ({@link WorkMark}) tells them that somebody died there, they work on
 * what may have been the reason one record at a time, and what was alone in work at two deaths
 * becomes a dead letter ({@link PartitionCare}).
 */
public final class InferenceService extends KafkaService {
  /** Every setting of the service. */
  public static final Settings SETTINGS = InferenceSettings.ALL;

  /** Most tiles in one batch. */
  public static final Setting<Integer> BATCH_SIZE = InferenceSettings.BATCH_SIZE;

  /** Whether tiles of empty glass are answered without the network. */
  public static final Setting<Boolean> BACKGROUND_SKIP = InferenceSettings.BACKGROUND_SKIP;

  /** The metric that says which version of the weights a worker runs. */
  public static final String MODEL_VERSION = InferenceMetrics.MODEL_VERSION;

  private static final Logger log = LoggerFactory.getLogger(InferenceService.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;
  // Fetched records lie on the heap beside those in work.
  private static final int FETCH_SHARE = 8;
  private static final int LEAST_FETCH_BYTES = 1 << 20;
  private static final int MOST_FETCH_BYTES = 50 << 20;

  private final InferenceSettings settings;
  private final InferenceMetrics metrics;
  private final Function<Checkpoint, TileNetwork> opener;
  private final ProgressWatch progress;

  private WeightsFollower weights;
  private VersionReporter reporter;
  private volatile LiveModel model;
  private WorkerPartitions partitions;
  private RefusedWeights refusedWeights;
  private Duration delay = FIRST_PAUSE;

  /** As the other; its metrics go nowhere. */
  public InferenceService(ServiceConfig config) {
    this(config, new CompositeMeterRegistry());
  }

  /**
   * Makes a worker without starting it.
   *
   * @param config the configuration: client keys, common settings and {@link #SETTINGS}
   * @param registry where the worker's metrics go
   * @throws io.histoflow.platform.config.ConfigException when a setting is not allowed
   */
  public InferenceService(ServiceConfig config, MeterRegistry registry) {
    this(config, registry, Optional.empty());
  }

  /**
   * Makes a worker that runs another network than the real one, without starting it.
   *
   * @param opener makes a network with weights
   */
  public InferenceService(
      ServiceConfig config, MeterRegistry registry, Function<Checkpoint, TileNetwork> opener) {
    this(config, registry, Optional.of(opener));
  }

  private InferenceService(
      ServiceConfig config,
      MeterRegistry registry,
      Optional<Function<Checkpoint, TileNetwork>> opener) {
    super("inference", config);
    this.settings = InferenceSettings.from(config);
    this.metrics = new InferenceMetrics(registry);
    this.opener = opener.orElse(checkpoint -> network(checkpoint, settings));
    this.progress = new ProgressWatch(settings.stallAfter(), System::nanoTime);
  }

  @Override
  public Optional<String> trouble() {
    return progress.stalled();
  }

  /**
   * Returns the version of the weights in force; 0 = as shipped.
   *
   * @throws IllegalStateException before the service was started
   */
  public long modelVersion() {
    LiveModel present = model;
    if (present == null) {
      throw new IllegalStateException("The inference service has not been started.");
    }
    return present.checkpoint().version();
  }

  @Override
  protected void onStart(KafkaClients clients) throws Exception {
    Checkpoint shipped = settings.model().load();
    Deserializer<TileScanned> deserializer = opened(clients.deserializer(Topics.TILES_SCANNED));
    Serializer<TileSegmented> serializer = opened(clients.serializer());
    model = opened(new LiveModel(shipped, opener));
    metrics.startsWith(shipped.version());
    TransactionalPublisher publisher = opened(publisher(clients));
    reporter =
        opened(
            new VersionReporter(
                clients,
                config().get(CommonSettings.WORKER_ID),
                settings.reportInterval(),
                InstantSource.system()));
    opened(this::takeLeave);
    weights = opened(new WeightsFollower(clients, shipped, settings.keys(), metrics));
    weights.start();
    weights.follow(this::putInForce);
    Checkpoint first = model.checkpoint();
    if (first == shipped) {
      reporter.runs(shipped);
    }

    int batchSize = settings.batchSize(model::fastestBatch);
    SegmentationPipeline pipeline =
        opened(
            new SegmentationPipeline(
                settings,
                batchSize,
                new TileReader(deserializer, ImageLimits.forTiles(), shipped.resolution()),
                model,
                new ResultEncoder(
                    serializer,
                    settings.routingScore(),
                    settings.entropyMap(),
                    settings.probabilities(),
                    ResultEncoder.MOST_BYTES,
                    false),
                metrics));
    publisher.open();
    SingleReader single = opened(new SingleReader(clients));
    Consumer<byte[], byte[]> consumer =
        opened(
            clients.bytesConsumer(
                Groups.INFERENCE,
                Map.of(
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    batchSize,
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                    fetchBytes(settings.memoryBytes()))));
    PartitionMarks marks =
        new PartitionMarks(consumer, WorkMark.working(pipeline.tilesAhead() + batchSize));
    AnswerPublisher answers = new AnswerPublisher(publisher, consumer, marks, progress, metrics);
    partitions = new WorkerPartitions(consumer, single, marks, pipeline, progress, answers);
    partitions.subscribe();
    refusedWeights = new RefusedWeights(weights, single, publisher, consumer);
    log.atInfo()
        .addKeyValue(LogKeys.MODEL_ID, first.modelId())
        .addKeyValue(LogKeys.MODEL_VERSION, first.version())
        .addKeyValue("width", first.config().width())
        .addKeyValue("batchSize", batchSize)
        .log("Ready to segment");
  }

  @Override
  protected void runOnce() throws Exception {
    weights.requireRunning();
    reporter.reportWhenDue();
    try {
      partitions.poll();
      if (partitions.publish()) {
        delay = FIRST_PAUSE;
      }
      if (partitions.areAny()) {
        refusedWeights.publishNext();
      }
    } catch (TransactionFailedException e) {
      metrics.transactionFailed();
      startOver(e);
    } catch (RetriableException | CommitFailedException e) {
      startOver(e);
    }
  }

  /** Work that is not committed is dropped; whoever gets its partitions does it again. */
  @Override
  protected void onStop() {
    if (partitions != null) {
      partitions.leave(state() == ServiceState.STOPPING);
    }
  }

  /** Only where it was told to stop: one that failed may have a twin that goes on reporting. */
  private void takeLeave() {
    if (state() == ServiceState.STOPPING) {
      reporter.leaves();
    }
  }

  /** Loads weights, in the precision that the settings name or that suits weights and CPU. */
  static Segmenter network(Checkpoint checkpoint, InferenceSettings settings) {
    Segmenter network =
        Segmenter.open(checkpoint, settings.model().compute(), settings.precision());
    log.atInfo()
        .addKeyValue(LogKeys.MODEL_ID, checkpoint.modelId())
        .addKeyValue(LogKeys.MODEL_VERSION, checkpoint.version())
        .addKeyValue("precision", network.precision().word())
        .log("Loaded weights");
    return network;
  }

  private TransactionalPublisher publisher(KafkaClients clients) {
    String worker = config().get(CommonSettings.WORKER_ID);
    return clients.transactions(
        TransactionalIds.inference(worker),
        "Another inference worker runs under %s=%s: give each worker a name of its own."
            .formatted(CommonSettings.WORKER_ID.name(), worker),
        Map.of(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS));
  }

  private void putInForce(Checkpoint checkpoint) {
    model.replace(checkpoint);
    metrics.swappedTo(checkpoint.version());
    reporter.runs(checkpoint);
    log.atInfo()
        .addKeyValue(LogKeys.MODEL_ID, checkpoint.modelId())
        .addKeyValue(LogKeys.MODEL_VERSION, checkpoint.version())
        .log("New weights are in force");
  }

  private static int fetchBytes(long memory) {
    return (int) Math.max(LEAST_FETCH_BYTES, Math.min(MOST_FETCH_BYTES, memory / FETCH_SHARE));
  }

  /** Drops the work at hand, waits a little longer each time, and returns to what is committed. */
  private void startOver(Exception why) throws InterruptedException {
    partitions.startOver();
    metrics.waited();
    log.atWarn()
        .addKeyValue("cause", why.getClass().getSimpleName())
        .addKeyValue("pause", delay)
        .log("Work that is not committed is done again: {}", Sentences.of(why));
    if (pause(delay)) {
      return;
    }
    Duration doubled = delay.multipliedBy(2);
    delay = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
