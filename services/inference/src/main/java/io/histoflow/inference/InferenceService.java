package io.histoflow.inference;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileNetwork;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
public final class InferenceService extends LoopService {
  /** Every setting of the service. */
  public static final Settings SETTINGS = InferenceSettings.ALL;

  /** The consumer group of all workers. */
  public static final String GROUP = "histoflow-inference";

  private static final Logger log = LoggerFactory.getLogger(InferenceService.class);
  private static final Duration POLL_WHEN_IDLE = Duration.ofMillis(500);
  // Work that ends while the thread polls is committed this much later at most.
  private static final Duration WAIT_WHEN_BUSY = Duration.ofMillis(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;
  private static final Duration MARK_WAIT = Duration.ofMillis(100);
  private static final Duration MARK_WAIT_WHEN_IDLE = Duration.ofSeconds(1);
  private static final Duration REFUSAL_WAIT = Duration.ofSeconds(10);
  // Fetched records lie on the heap beside those in work.
  private static final int FETCH_SHARE = 8;
  private static final int LEAST_FETCH_BYTES = 1 << 20;
  private static final int MOST_FETCH_BYTES = 50 << 20;

  private final ServiceConfig config;
  private final InferenceSettings settings;
  private final InferenceMetrics metrics;
  private final Function<Checkpoint, TileNetwork> opener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<TopicPartition, PartitionLease> leases = new HashMap<>();
  private final AnswerPublisher answers = new AnswerPublisher(this::publish);
  private final ProgressWatch progress;

  private Consumer<byte[], byte[]> consumer;
  private SingleReader single;
  private PartitionMarks marks;
  private Deserializer<TileScanned> deserializer;
  private Serializer<TileSegmented> serializer;
  private TransactionalPublisher publisher;
  private WeightsFollower weights;
  private VersionReporter reporter;
  private volatile LiveModel model;
  private SegmentationPipeline pipeline;
  // True also while a transaction is under way, for it may end unheard of.
  private boolean mustRewind;
  private Duration pause = FIRST_PAUSE;

  /**
   * Makes the service without starting it; its metrics go nowhere.
   *
   * @param config the configuration: client keys, common settings and {@link #SETTINGS}
   * @throws io.histoflow.platform.config.ConfigException when a setting is not allowed
   */
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
    this(config, registry, InferenceSettings.from(config));
  }

  private InferenceService(
      ServiceConfig config, MeterRegistry registry, InferenceSettings settings) {
    this(config, registry, settings, checkpoint -> network(checkpoint, settings));
  }

  /**
   * Makes a worker that runs another network than the real one, without starting it.
   *
   * @param config the configuration: client keys, common settings and {@link #SETTINGS}
   * @param registry where the worker's metrics go
   * @param opener makes a network with weights
   */
  public InferenceService(
      ServiceConfig config, MeterRegistry registry, Function<Checkpoint, TileNetwork> opener) {
    this(config, registry, InferenceSettings.from(config), opener);
  }

  private InferenceService(
      ServiceConfig config,
      MeterRegistry registry,
      InferenceSettings settings,
      Function<Checkpoint, TileNetwork> opener) {
    super("inference", config.get(CommonSettings.SHUTDOWN_TIMEOUT));
    this.config = config;
    this.settings = settings;
    this.metrics = new InferenceMetrics(registry);
    this.opener = opener;
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
  protected void onStart() throws Exception {
    KafkaClients clients = new KafkaClients(config, "inference");
    ensureContracts(clients);
    Checkpoint shipped = loadModel();
    weights = new WeightsFollower(clients, shipped, settings.keys(), metrics);
    weights.start();
    model = new LiveModel(shipped, opener);
    metrics.startsWith(shipped.version());
    reporter =
        new VersionReporter(
            clients,
            config.get(CommonSettings.WORKER_ID),
            settings.reportInterval(),
            InstantSource.system());
    weights.follow(this::putInForce);
    Checkpoint first = model.checkpoint();
    if (first == shipped) {
      reporter.runs(shipped);
    }

    deserializer = clients.deserializer(Topics.TILES_SCANNED);
    serializer = clients.serializer();
    int batchSize = settings.batchSize(model::fastestBatch);
    pipeline =
        new SegmentationPipeline(
            settings,
            batchSize,
            new TileReader(deserializer, ImageLimits.forTiles()),
            model,
            new ResultEncoder(
                serializer,
                settings.routingScore(),
                settings.entropyMap(),
                Clock.systemUTC(),
                ResultEncoder.MOST_BYTES),
            metrics);
    publisher = publisher(clients);
    publisher.open();
    consumer =
        clients.bytesConsumer(
            GROUP,
            Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                batchSize,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                fetchBytes(settings.memoryBytes())));
    single = new SingleReader(clients);
    marks = new PartitionMarks(consumer, WorkMark.working(pipeline.tilesAhead() + batchSize));
    consumer.subscribe(List.of(Topics.TILES_SCANNED.name()), new Leases());
    log.atInfo()
        .addKeyValue("modelId", first.modelId())
        .addKeyValue("modelVersion", first.version())
        .addKeyValue("width", first.config().width())
        .addKeyValue("batchSize", batchSize)
        .log("Ready to segment");
  }

  @Override
  protected void runOnce() throws Exception {
    weights.requireRunning();
    reporter.reportWhenDue();
    try {
      if (mustRewind) {
        marks.rewind();
        mustRewind = false;
      }
      marks.goOn();
      marks.read(leases.keySet(), pipeline.isIdle() ? MARK_WAIT_WHEN_IDLE : MARK_WAIT);
      progress.known(marks.known());
      pipeline.limit(marks.isWary() ? PartitionCare.FEW : Integer.MAX_VALUE);
      Optional<TopicPartition> careful = marks.careful();
      if (careful.isPresent()) {
        workAlone(careful.get());
      } else {
        single.rest();
        poll();
      }
      publishFinished();
      publishRefusedWeights();
    } catch (TransactionFailedException e) {
      metrics.transactionFailed();
      startOver(e);
    } catch (RetriableException | CommitFailedException e) {
      startOver(e);
    }
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
  }

  /** Work that is not committed is dropped; whoever gets its partitions does it again. */
  @Override
  protected void onStop() {
    List<AutoCloseable> parts = new ArrayList<>();
    if (state() == ServiceState.STOPPING) {
      leaveInOrder(leases.keySet());
    }
    if (marks != null) {
      marks.forget(leases.keySet());
    }
    parts.add(consumer);
    parts.add(single);
    parts.add(pipeline);
    parts.add(weights);
    parts.add(this::takeLeave);
    parts.add(reporter);
    parts.add(publisher);
    parts.add(model);
    parts.add(serializer);
    parts.add(deserializer);
    leases.values().forEach(PartitionLease::end);
    closeAll(parts);
  }

  /** Only where it was told to stop: one that failed may have a twin that goes on reporting. */
  private void takeLeave() {
    if (reporter != null && state() == ServiceState.STOPPING) {
      reporter.leaves();
    }
  }

  /** Loads weights, in the precision that the settings name or that suits weights and CPU. */
  static Segmenter network(Checkpoint checkpoint, InferenceSettings settings) {
    Segmenter network = Segmenter.open(checkpoint, settings.compute(), settings.precision());
    log.atInfo()
        .addKeyValue("modelId", checkpoint.modelId())
        .addKeyValue("modelVersion", checkpoint.version())
        .addKeyValue("precision", network.precision().word())
        .log("Loaded weights");
    return network;
  }

  private void ensureContracts(KafkaClients clients) {
    try (Admin admin = clients.admin()) {
      TopicSetup.ensure(admin, config);
    }
    SubjectCatalogue.ensure(config.clientProperties());
  }

  private Checkpoint loadModel() throws CheckpointRejectedException {
    Optional<Path> file = settings.modelFile();
    return file.isPresent() ? Checkpoint.load(file.get()) : Checkpoint.shipped();
  }

  private TransactionalPublisher publisher(KafkaClients clients) {
    String worker = config.get(CommonSettings.WORKER_ID);
    Map<String, Object> overrides =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            GROUP + "-" + worker,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            TRANSACTION_TIMEOUT_MS);
    return new TransactionalPublisher(
        () -> clients.bytesProducer(overrides),
        "Another inference worker runs under "
            + CommonSettings.WORKER_ID.name()
            + "="
            + worker
            + ": give each worker a name of its own.",
        InstantSource.system());
  }

  private void putInForce(Checkpoint checkpoint) {
    model.replace(checkpoint);
    metrics.swappedTo(checkpoint.version());
    reporter.runs(checkpoint);
    log.atInfo()
        .addKeyValue("modelId", checkpoint.modelId())
        .addKeyValue("modelVersion", checkpoint.version())
        .log("New weights are in force");
  }

  private static int fetchBytes(long memory) {
    return (int) Math.max(LEAST_FETCH_BYTES, Math.min(MOST_FETCH_BYTES, memory / FETCH_SHARE));
  }

  private void poll() {
    // Leases end before their partitions leave: unlike assignment(), they cannot be out of date.
    if (pipeline.hasRoom()) {
      consumer.resume(marks.known());
    } else {
      consumer.pause(leases.keySet());
    }
    poll(pollWait());
  }

  private void poll(Duration wait) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      PartitionLease lease = leases.get(partition(record));
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
      quarantineUnread(partition, care);
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
      quarantine(record.get(), care);
    } else {
      progress.begins(record.get());
      pipeline.submit(record.get(), leases.get(partition));
    }
  }

  private void quarantine(ConsumerRecord<byte[], byte[]> record, PartitionCare care)
      throws TransactionFailedException {
    warnOfQuarantine(partition(record), record.offset());
    answers.publish(List.of(finished(record, Answer.rejected(record, died(care)))));
  }

  /** Reading it has ended the process too: nobody knows its bytes, nor where it ends. */
  private void quarantineUnread(TopicPartition partition, PartitionCare care)
      throws TransactionFailedException {
    warnOfQuarantine(partition, care.next());
    ConsumerRecord<byte[], byte[]> unread =
        new ConsumerRecord<>(partition.topic(), partition.partition(), care.next(), null, null);
    answers.publish(List.of(finished(unread, Answer.unread(unread, died(care)))));
  }

  private static RejectedRecordException died(PartitionCare care) {
    return new RejectedRecordException(
        "The worker's process ended "
            + care.deaths()
            + " times while this record alone was in work; it is not tried again.");
  }

  private void warnOfQuarantine(TopicPartition partition, long offset) {
    log.atWarn()
        .addKeyValue("topic", partition.topic())
        .addKeyValue("partition", partition.partition())
        .addKeyValue("offset", offset)
        .log("A record that ends the process goes to the dead letters");
  }

  private static SegmentationPipeline.Finished finished(
      ConsumerRecord<byte[], byte[]> record, Answer answer) {
    return new SegmentationPipeline.Finished(record, answer, System.nanoTime());
  }

  private void publishFinished() throws TransactionFailedException {
    List<SegmentationPipeline.Finished> finished =
        pipeline.hasRoom() && marks.careful().isEmpty()
            ? pipeline.takeFinished()
            : pipeline.awaitFinished(WAIT_WHEN_BUSY);
    if (!finished.isEmpty()) {
      answers.publish(finished);
      pause = FIRST_PAUSE;
    }
  }

  private void publish(List<SegmentationPipeline.Finished> finished)
      throws TransactionFailedException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(finished.size());
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (SegmentationPipeline.Finished one : finished) {
      records.add(one.answer().record());
      offsets.put(partition(one.source()), marks.after(one.source()));
    }
    mustRewind = true;
    publisher.publish(records, offsets, consumer.groupMetadata());
    mustRewind = false;
    for (SegmentationPipeline.Finished one : finished) {
      marks.answered(one.source());
      progress.answered(partition(one.source()), one.source().offset() + 1);
      metrics.answered(one.answer().outcome(), one.polledAtNanos());
    }
    pipeline.oldestInWork().forEach(progress::begins);
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /** Not where nobody knows what is committed: the marks lie beside the offsets. */
  private void leaveInOrder(Collection<TopicPartition> partitions) {
    if (!mustRewind && marks != null) {
      marks.leave(partitions);
    }
  }

  /**
   * Every worker meets refused weights, and meets them again after a restart; the group's committed
   * offset on their topic says whether one of them has sent the dead letter.
   */
  private void publishRefusedWeights() throws TransactionFailedException {
    Optional<WeightsFollower.Refusal> refusal = weights.nextRefusal();
    if (refusal.isEmpty() || leases.isEmpty()) {
      return;
    }
    TopicPartition partition = refusal.get().partition();
    long offset = refusal.get().offset();
    OffsetAndMetadata done = consumer.committed(Set.of(partition)).get(partition);
    if (done == null || done.offset() <= offset) {
      Optional<ConsumerRecord<byte[], byte[]>> record =
          single.next(partition, offset, REFUSAL_WAIT);
      if (record.isEmpty() && single.position() <= offset) {
        return;
      }
      publisher.publish(
          List.of(refusal.get().deadLetter(record)),
          Map.of(partition, new OffsetAndMetadata(offset + 1)),
          consumer.groupMetadata());
    }
    single.rest();
    weights.refusalHandled();
  }

  /** Drops the work at hand, waits a little longer each time, and returns to what is committed. */
  private void startOver(Exception why) throws InterruptedException {
    leases.replaceAll(
        (partition, lease) -> {
          lease.end();
          return new PartitionLease();
        });
    pipeline.discardAll();
    mustRewind = true;
    metrics.waited();
    log.atWarn()
        .addKeyValue("cause", why.getClass().getSimpleName())
        .addKeyValue("pause", pause)
        .log("Work that is not committed is done again: {}", Sentences.of(why));
    if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private static void closeAll(List<AutoCloseable> parts) {
    RuntimeException failure = null;
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Exception e) {
        ServiceException closing =
            new ServiceException("Closing a part of inference failed: " + Sentences.of(e), e);
        if (failure == null) {
          failure = closing;
        } else {
          failure.addSuppressed(closing);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Called by {@code poll}, on the service's thread. */
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
      leaveInOrder(partitions);
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
