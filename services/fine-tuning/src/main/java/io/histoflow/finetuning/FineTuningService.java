package io.histoflow.finetuning;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.weights.WeightsRejectedException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
 * Turns corrections into better weights, one round at a time.
 *
 * <p>At start it reads the corrections, the decisions and the weights from their beginnings, so
 * that its state is a function of the topics; a finished round is never repeated. A round's
 * decision and, where it was accepted, its weights are published in one transaction. Only one
 * service at a time works for a model: a second one fences the first before it reads.
 *
 * <p>Corrections that cannot be used go to the dead-letter topic once: the group's committed
 * offsets say up to where that was done, and serve for nothing else.
 */
public final class FineTuningService extends LoopService {
  /** Every setting of the service. */
  public static final Settings SETTINGS = FineTuningOptions.ALL;

  /** The consumer group under which progress is committed. */
  public static final String GROUP = "histoflow-fine-tuning";

  private static final Logger log = LoggerFactory.getLogger(FineTuningService.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long RETRY_MILLIS = 1_000;
  private static final int TRANSACTION_TIMEOUT_MS = 60_000;

  private final ServiceConfig config;
  private final FineTuningOptions options;
  private final FineTuningMetrics metrics;
  private final InstantSource clock = InstantSource.system();
  private final CountDownLatch closing = new CountDownLatch(1);

  private final CorrectionStore store;
  private final RoundHistory history = new RoundHistory();
  private final RoundPlanner planner;
  private final List<Rejection> rejections = new ArrayList<>();
  private WeightsHistory weights;
  private FineTuningRound round;

  private Consumer<byte[], byte[]> consumer;
  private TransactionalPublisher publisher;
  private Deserializer<MaskCorrected> correctionDeserializer;
  private CorrectionReader corrections;
  private Deserializer<DecoderDecision> decisionDeserializer;
  private Deserializer<DecoderWeights> weightsDeserializer;
  private Serializer<DecoderDecision> decisionSerializer;
  private Serializer<DecoderWeights> weightsSerializer;
  private final Map<TopicPartition, OffsetAndMetadata> deadLettered = new HashMap<>();
  private boolean mustAskWhatIsDeadLettered = true;
  private FineTuningRound.Outcome unpublished;

  /** A correction that cannot be used, not yet on the dead-letter topic. */
  private record Rejection(ConsumerRecord<byte[], byte[]> source, Exception why) {}

  /**
   * Makes the service without starting it; its metrics go nowhere.
   *
   * @param config the configuration: client keys, common settings and {@link #SETTINGS}
   * @throws io.histoflow.platform.config.ConfigException when a setting is not allowed
   */
  public FineTuningService(ServiceConfig config) {
    this(config, new CompositeMeterRegistry());
  }

  /**
   * Makes the service without starting it.
   *
   * @param config the configuration: client keys, common settings and {@link #SETTINGS}
   * @param registry where the service's metrics go
   * @throws io.histoflow.platform.config.ConfigException when a setting is not allowed
   */
  public FineTuningService(ServiceConfig config, MeterRegistry registry) {
    super("fine-tuning", config.get(CommonSettings.SHUTDOWN_TIMEOUT));
    this.config = config;
    this.options = FineTuningOptions.from(config);
    this.metrics = new FineTuningMetrics(registry);
    this.store = new CorrectionStore(options.maxBytes());
    this.planner = new RoundPlanner(options.trigger(), options.heldOut(), options.maxExamples());
  }

  @Override
  protected void onStart() throws Exception {
    KafkaClients clients = new KafkaClients(config, "fine-tuning");
    ensureContracts(clients);
    Checkpoint shipped = loadModel();
    weights = new WeightsHistory(shipped);
    round =
        new FineTuningRound(
            options.gate(),
            options.guard(),
            options.recalibration(),
            options.training(),
            options.compute(),
            clock);
    correctionDeserializer = clients.deserializer(Topics.MASKS_CORRECTED);
    corrections = new CorrectionReader(correctionDeserializer);
    decisionDeserializer = clients.deserializer(Topics.DECODER_DECISIONS);
    weightsDeserializer = clients.deserializer(Topics.DECODER_WEIGHTS);
    decisionSerializer = clients.serializer();
    weightsSerializer = clients.serializer();
    // First fence a twin, then read: nobody else decides after what is read here.
    publisher = publisher(clients, shipped.modelId());
    publisher.open();
    consumer = clients.bytesConsumer(GROUP, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 32));
    List<TopicPartition> partitions =
        Stream.of(Topics.MASKS_CORRECTED, Topics.DECODER_DECISIONS, Topics.DECODER_WEIGHTS)
            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    askWhatIsDeadLettered();
    readToEnd();
    log.atInfo()
        .addKeyValue("modelId", shipped.modelId())
        .addKeyValue("modelVersion", weights.current().version())
        .addKeyValue("corrections", store.all().size())
        .addKeyValue("lastRound", history.lastRound())
        .log("Ready to learn");
  }

  @Override
  protected void runOnce() throws Exception {
    try {
      read();
      publishRejections();
      if (unpublished != null) {
        publishOutcome();
      } else {
        runRoundWhenDue();
      }
    } catch (TransactionFailedException | RetriableException e) {
      log.atWarn().log("{} It is tried again", Sentences.of(e));
      pause();
    }
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
  }

  @Override
  protected void onStop() throws Exception {
    AutoCloseable[] parts = {
      consumer,
      publisher,
      correctionDeserializer,
      decisionDeserializer,
      weightsDeserializer,
      decisionSerializer,
      weightsSerializer
    };
    for (AutoCloseable part : parts) {
      if (part != null) {
        part.close();
      }
    }
  }

  private void ensureContracts(KafkaClients clients) {
    try (Admin admin = clients.admin()) {
      TopicCatalogue.ensure(admin, config.get(CommonSettings.REPLICATION_FACTOR).shortValue());
    }
    SubjectCatalogue.ensure(config.clientProperties());
  }

  private Checkpoint loadModel() throws CheckpointRejectedException {
    Optional<Path> file = options.modelFile();
    return file.isPresent() ? Checkpoint.load(file.get()) : Checkpoint.shipped();
  }

  private TransactionalPublisher publisher(KafkaClients clients, String modelId) {
    Map<String, Object> overrides =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            GROUP + "-" + modelId,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            TRANSACTION_TIMEOUT_MS);
    return new TransactionalPublisher(
        () -> clients.bytesProducer(overrides),
        "Another fine-tuning service has taken over the model "
            + modelId
            + ": run one for each model.",
        clock);
  }

  /** Reads everything that is committed at this moment. */
  private void readToEnd() throws InterruptedException, TransactionFailedException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (closing.getCount() > 0
        && ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      read();
      publishRejections();
    }
  }

  private void read() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      apply(record);
    }
    metrics.inForce(weights.current().version());
    metrics.knows(
        store.all().size(), store.where(correction -> !history.isKnown(correction)).size());
  }

  /** A registry that does not answer is no reason to skip a record. */
  private void apply(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    while (true) {
      try {
        applyNow(record);
        return;
      } catch (RegistryUnavailableException e) {
        log.atWarn().log("Waiting for the schema registry: {}", Sentences.of(e));
        pause();
        if (closing.getCount() == 0) {
          throw new InterruptedException("closed while waiting for the schema registry");
        }
      }
    }
  }

  private void applyNow(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topics.MASKS_CORRECTED.name())) {
      applyCorrection(record);
    } else if (record.topic().equals(Topics.DECODER_DECISIONS.name())) {
      applyDecision(record);
    } else {
      applyWeights(record);
    }
  }

  private void applyCorrection(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() != null) {
        TileVerdict verdict = corrections.read(record);
        verdict.correction().ifPresentOrElse(this::keep, () -> store.remove(verdict.tileId()));
      } else if (record.key() != null) {
        store.remove(new String(record.key(), StandardCharsets.UTF_8));
      }
    } catch (RejectedRecordException e) {
      if (!isDeadLettered(record)) {
        rejections.add(new Rejection(record, e));
      }
    }
    store.readUpTo(record.partition(), record.offset() + 1);
  }

  private void keep(Correction correction) {
    int forgotten = store.put(correction).size();
    if (forgotten > 0) {
      log.atInfo()
          .addKeyValue("forgotten", forgotten)
          .addKeyValue("kept", store.all().size())
          .log("Memory for corrections is full; the oldest are not learned from any more");
    }
  }

  private void applyDecision(ConsumerRecord<byte[], byte[]> record) {
    try {
      DecoderDecision decision = decisionDeserializer.deserialize(record.topic(), record.value());
      if (decision != null && decision.getModelId().equals(weights.current().modelId())) {
        history.apply(decision);
      }
    } catch (MalformedRecordException | IllegalArgumentException e) {
      warnOf(record, "A decision is skipped: ", e);
    }
  }

  private void applyWeights(ConsumerRecord<byte[], byte[]> record) {
    String modelId = weights.current().modelId();
    if (record.key() == null || !modelId.equals(new String(record.key(), StandardCharsets.UTF_8))) {
      return;
    }
    try {
      DecoderWeights published = weightsDeserializer.deserialize(record.topic(), record.value());
      if (published == null) {
        weights.applyTombstone();
      } else {
        weights.apply(published);
      }
    } catch (MalformedRecordException | WeightsRejectedException e) {
      warnOf(record, "", e);
    }
  }

  private static void warnOf(ConsumerRecord<byte[], byte[]> record, String what, Exception why) {
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("{}{}", what, Sentences.of(why));
  }

  /** Sends each dead letter once, however often the topic is read from its beginning. */
  private void publishRejections() throws TransactionFailedException {
    if (mustAskWhatIsDeadLettered) {
      askWhatIsDeadLettered();
      rejections.removeIf(rejection -> isDeadLettered(rejection.source()));
    }
    if (rejections.isEmpty()) {
      return;
    }
    List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Rejection rejection : rejections) {
      letters.add(DeadLetters.of(rejection.source(), rejection.why()));
      offsets.put(
          partitionOf(rejection.source()), new OffsetAndMetadata(rejection.source().offset() + 1));
    }
    // Where this fails the transaction may have been committed all the same.
    mustAskWhatIsDeadLettered = true;
    publisher.publish(letters, offsets, consumer.groupMetadata());
    mustAskWhatIsDeadLettered = false;
    deadLettered.putAll(offsets);
    letters.forEach(letter -> metrics.rejected());
    rejections.clear();
  }

  private void askWhatIsDeadLettered() {
    deadLettered.putAll(consumer.committed(consumer.assignment()));
    mustAskWhatIsDeadLettered = false;
  }

  private boolean isDeadLettered(ConsumerRecord<byte[], byte[]> record) {
    OffsetAndMetadata done = deadLettered.get(partitionOf(record));
    return done != null && done.offset() > record.offset();
  }

  private void runRoundWhenDue() throws TransactionFailedException, InterruptedException {
    long highestVersion = Math.max(history.highestVersion(), weights.highestVersion());
    Optional<RoundPlan> plan =
        planner.next(store, history, weights.current(), highestVersion, clock.instant());
    if (plan.isEmpty()) {
      return;
    }
    Instant started = clock.instant();
    try {
      unpublished = run(plan.get());
    } catch (CancellationException e) {
      log.atInfo().addKeyValue("round", plan.get().round()).log("The round is given up");
      return;
    }
    metrics.roundEnded(
        unpublished.decision().getAccepted(), Duration.between(started, clock.instant()));
    publishOutcome();
  }

  private FineTuningRound.Outcome run(RoundPlan plan) {
    log.atInfo()
        .addKeyValue("round", plan.round())
        .addKeyValue("parentVersion", plan.parent().version())
        .addKeyValue("fresh", plan.fresh().size())
        .addKeyValue("replay", plan.replay().size())
        .addKeyValue("heldOut", plan.heldOut().size())
        .log("A round of fine-tuning begins");
    try {
      return round.run(plan, this::onProgress);
    } catch (CancellationException e) {
      throw e;
    } catch (Exception e) {
      // On record as refused, so that the same corrections do not fail again and again.
      log.atError().setCause(e).addKeyValue("round", plan.round()).log("The round failed");
      return round.failed(plan, e);
    }
  }

  private void onProgress(String phase, long done, long total, String note) {
    if (!isRunning()) {
      throw new CancellationException("the service is being closed");
    }
    metrics.roundIsAt(done, total);
  }

  /** After a transaction of unknown outcome the topic tells whether it was committed. */
  private void publishOutcome() throws TransactionFailedException, InterruptedException {
    readToEnd();
    DecoderDecision decision = unpublished.decision();
    if (history.lastRound() < decision.getRound()) {
      publisher.publish(records(unpublished), Map.of(), consumer.groupMetadata());
      // A reader sees a commit a little after the producer does; nothing must begin in between.
      history.apply(decision);
      unpublished.weights().ifPresent(this::putInForce);
    }
    unpublished = null;
    log.atInfo()
        .addKeyValue("round", decision.getRound())
        .addKeyValue("version", decision.getCandidateVersion())
        .log("{}", decision.getReason());
  }

  private void putInForce(DecoderWeights accepted) {
    try {
      weights.apply(accepted);
    } catch (WeightsRejectedException e) {
      throw new IllegalStateException("Weights made here do not verify: " + e.getMessage(), e);
    }
  }

  private List<ProducerRecord<byte[], byte[]>> records(FineTuningRound.Outcome outcome) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    byte[] key = outcome.decision().getModelId().getBytes(StandardCharsets.UTF_8);
    outcome
        .weights()
        .ifPresent(
            accepted ->
                records.add(
                    new ProducerRecord<>(
                        Topics.DECODER_WEIGHTS.name(),
                        key,
                        weightsSerializer.serialize(Topics.DECODER_WEIGHTS.name(), accepted))));
    records.add(
        new ProducerRecord<>(
            Topics.DECODER_DECISIONS.name(),
            key,
            decisionSerializer.serialize(Topics.DECODER_DECISIONS.name(), outcome.decision())));
    return records;
  }

  private void pause() throws InterruptedException {
    // Returns early when the service is closed; the loop then ends.
    boolean closed = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    log.atTrace().addKeyValue("closed", closed).log("Paused");
  }

  private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
