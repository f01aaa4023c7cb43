package io.histoflow.finetuning;

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
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns corrections into better weights, one round at a time.
 *
 * <p>At start it reads the corrections, the decisions and the weights from their beginnings, so
 * that its state is a function of the topics; a finished round is never repeated. A round's
 * decision and, where it was accepted, its weights are published in one transaction: in the
 * archive, and as those in force unless a version is pinned or others came into force since the
 * round began. Only one service at a time works for a model: a second one fences the first before
 * it reads.
 *
 * <p>Corrections that cannot be used go to the dead-letter topic once; the group's committed
 * offsets serve for nothing else.
 */
public final class FineTuningService extends LoopService {
  /** Every setting of the service. */
  public static final Settings SETTINGS = FineTuningOptions.ALL;

  /** The consumer group under which progress is committed. */
  public static final String GROUP = "histoflow-fine-tuning";

  private static final Logger log = LoggerFactory.getLogger(FineTuningService.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long RETRY_MILLIS = 1_000;

  /** New, replayed and held-out corrections. */
  private static final int KINDS = 3;

  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

  private final ServiceConfig config;
  private final FineTuningOptions options;
  private final FineTuningMetrics metrics;
  private final InstantSource clock = InstantSource.system();
  private final CountDownLatch closing = new CountDownLatch(1);

  private final CorrectionStore store;
  private final ReviewerAgreement agreement;
  private final RoundPlanner planner;
  private ModelLog model;
  private CorrectionLog corrections;
  private FineTuningRound round;

  private Consumer<byte[], byte[]> consumer;
  private TransactionalPublisher publisher;
  private WeightRecords records;
  private VersionReader versions;
  private Deserializer<MaskCorrected> correctionDeserializer;
  private CorrectionDeadLetters deadLetters;
  private CorrectionSource source;
  private final Map<TopicPartition, Long> correctionEnds = new HashMap<>();
  private FineTuningRound.Outcome unpublished;
  private long restoredAfter = -1;

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
    this.agreement = new ReviewerAgreement(options.agreementDice(), options.agreementBytes());
    this.planner =
        new RoundPlanner(
            options.trigger(),
            options.heldOut(),
            options.maxExamples(),
            options.roundBytes() / KINDS);
  }

  @Override
  protected void onStart() throws Exception {
    KafkaClients clients = new KafkaClients(config, "fine-tuning");
    ensureContracts(clients);
    Checkpoint shipped = loadModel();
    round =
        new FineTuningRound(
            shipped,
            options.gate(),
            options.guard(),
            options.recalibration(),
            options.training(),
            options.compute(),
            clock);
    model = new ModelLog(clients, shipped, options.keys(), this::hasReached, clock);
    records = new WeightRecords(clients, options.keys());
    versions = new VersionReader(clients, shipped, options.keys());
    correctionDeserializer = clients.deserializer(Topics.MASKS_CORRECTED);
    // First fence a twin, then read: nobody else decides after what is read here.
    publisher =
        WeightTransactions.of(
            clients,
            shipped.modelId(),
            TRANSACTION_TIMEOUT,
            "Another fine-tuning service has taken over the model "
                + shipped.modelId()
                + ": run one for each model.",
            clock);
    publisher.open();
    consumer = clients.bytesConsumer(GROUP, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 32));
    deadLetters = new CorrectionDeadLetters(consumer, publisher, metrics);
    CorrectionReader reader = new CorrectionReader(correctionDeserializer);
    corrections = new CorrectionLog(reader, store, agreement, deadLetters);
    source =
        new CorrectionSource(
            Topics.MASKS_CORRECTED.name(),
            clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8)),
            reader,
            this::refuse);
    List<TopicPartition> partitions =
        Stream.concat(Stream.of(Topics.MASKS_CORRECTED), ModelLog.TOPICS.stream())
            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    readFromBeginning(partitions);
    log.atInfo()
        .addKeyValue("modelId", shipped.modelId())
        .addKeyValue("modelVersion", model.inForce().version())
        .addKeyValue("corrections", store.size())
        .addKeyValue("lastRound", model.rounds().lastRound())
        .log("Ready to learn");
  }

  @Override
  protected void runOnce() throws Exception {
    try {
      read();
      deadLetters.publish();
      archiveWhatIsNot();
      restoreWhatIsSpoiled();
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
    AutoCloseable[] parts = {consumer, source, publisher, correctionDeserializer, records, model};
    for (AutoCloseable part : parts) {
      if (part != null) {
        part.close();
      }
    }
  }

  private void ensureContracts(KafkaClients clients) {
    try (Admin admin = clients.admin()) {
      TopicSetup.ensure(admin, config);
    }
    SubjectCatalogue.ensure(config.clientProperties());
  }

  private Checkpoint loadModel() throws CheckpointRejectedException {
    Optional<Path> file = options.modelFile();
    return file.isPresent() ? Checkpoint.load(file.get()) : Checkpoint.shipped();
  }

  /** Reads the weights last: what entitles them to be in force is known then. */
  private void readFromBeginning(List<TopicPartition> partitions)
      throws InterruptedException, TransactionFailedException {
    Map<Boolean, List<TopicPartition>> areWeights =
        partitions.stream()
            .collect(
                Collectors.partitioningBy(
                    partition -> partition.topic().equals(Topics.DECODER_WEIGHTS.name())));
    consumer.pause(areWeights.get(true));
    readToEnd(areWeights.get(false));
    consumer.resume(areWeights.get(true));
    readToEnd();
  }

  /** Reads everything that is committed at this moment. */
  private void readToEnd() throws InterruptedException, TransactionFailedException {
    readToEnd(consumer.assignment());
  }

  private void readToEnd(Collection<TopicPartition> partitions)
      throws InterruptedException, TransactionFailedException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (closing.getCount() > 0
        && ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      read();
      deadLetters.publish();
    }
  }

  private void read() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      apply(record);
    }
    metrics.inForce(model.inForce().version(), model.isPinned());
    metrics.knows(
        store.size(), store.count(correction -> !model.rounds().isKnown(correction)).count());
    metrics.agree(agreement.judgedBySeveral(), agreement.disagreedOn());
  }

  /**
   * A registry or a broker that does not answer is no reason to skip a record, nor the rest of what
   * was polled with it. What was begun of a record is done over.
   */
  private void apply(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    while (true) {
      try {
        applyNow(record);
        return;
      } catch (RetriableException e) {
        log.atWarn()
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .log("A record waits: {}", Sentences.of(e));
        pause();
        if (closing.getCount() == 0) {
          throw new InterruptedException("closed while a record waited");
        }
      }
    }
  }

  private void applyNow(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(Topics.MASKS_CORRECTED.name())) {
      corrections.apply(record);
    } else {
      model.apply(record);
    }
  }

  /**
   * Accepted weights from before there was an archive can be gone back to as well. They keep the
   * signature that they have and get none here.
   */
  private void archiveWhatIsNot() throws TransactionFailedException, WeightsRejectedException {
    Optional<WeightsHistory.Published> missing = model.notArchived();
    if (missing.isPresent()) {
      DecoderWeights weights = missing.get().weights();
      publisher.publish(List.of(records.archived(weights, missing.get().headers())));
      model.applyArchived(weights, missing.get().headers());
      log.atInfo()
          .addKeyValue("version", weights.getVersion())
          .log("The weights in force were not archived; now they are");
    }
  }

  /**
   * Weights that come into force nowhere must not stand last on their topic: once it is compacted,
   * who starts would find none but those. Once for each such record.
   */
  private void restoreWhatIsSpoiled() throws TransactionFailedException, InterruptedException {
    if (!isSpoiled()) {
      return;
    }
    readToEnd();
    if (!isSpoiled()) {
      return;
    }
    long offset = model.spoiledAt().getAsLong();
    long version = model.versionInForce();
    try {
      Optional<ConsumerRecord<String, DecoderWeights>> archived =
          version == 0 ? Optional.empty() : Optional.of(archived(version));
      publisher.publish(
          List.of(
              archived.isPresent()
                  ? records.inForce(archived.get())
                  : records.asShipped(model.modelId())));
      model.applyRestored(archived);
      restoredAfter = offset;
      log.atWarn()
          .addKeyValue("offset", offset)
          .addKeyValue("version", version)
          .log("Refused weights stood last on their topic; those in force are published anew");
    } catch (WeightsRejectedException e) {
      restoredAfter = offset;
      log.atWarn()
          .addKeyValue("offset", offset)
          .addKeyValue("version", version)
          .log(
              "Refused weights stand last on their topic, and those in force cannot be published"
                  + " anew; roll back to others: {}",
              Sentences.of(e));
    }
  }

  private boolean isSpoiled() {
    return model.spoiledAt().isPresent() && model.spoiledAt().getAsLong() > restoredAfter;
  }

  private ConsumerRecord<String, DecoderWeights> archived(long version)
      throws WeightsRejectedException, TransactionFailedException {
    Optional<ConsumerRecord<String, DecoderWeights>> archived;
    try {
      archived = versions.archivedRecord(version);
    } catch (ServiceException e) {
      throw new TransactionFailedException("The archive cannot be read: " + Sentences.of(e), e);
    }
    ConsumerRecord<String, DecoderWeights> found =
        archived.orElseThrow(
            () -> new WeightsRejectedException("Version " + version + " is not archived."));
    model.requireProven(found);
    return found;
  }

  /** Asks the brokers only where an offset lies beyond what they said last. */
  private boolean hasReached(int partition, long offset) {
    TopicPartition corrected = new TopicPartition(Topics.MASKS_CORRECTED.name(), partition);
    if (offset > correctionEnds.getOrDefault(corrected, 0L)) {
      correctionEnds.putAll(
          consumer.endOffsets(
              consumer.assignment().stream()
                  .filter(assigned -> assigned.topic().equals(corrected.topic()))
                  .toList()));
    }
    return offset <= correctionEnds.getOrDefault(corrected, 0L);
  }

  private void refuse(
      Correction correction, ConsumerRecord<byte[], byte[]> record, RejectedRecordException why) {
    if (!why.isLeftToRouting()) {
      deadLetters.add(record, why);
    }
    if (store.find(correction.tileId()).filter(correction::equals).isPresent()) {
      store.remove(correction.tileId());
    }
  }

  private void runRoundWhenDue() throws TransactionFailedException, InterruptedException {
    Optional<RoundPlan> plan =
        planner.next(store, model.rounds(), model.inForce(), model.nextVersion(), clock.instant());
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
      return round.run(plan, source, this::onProgress);
    } catch (CancellationException | RetriableException e) {
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

  /**
   * After a transaction of unknown outcome the topic tells whether it was committed. Whether the
   * weights may come into force is asked anew each time: who pins or rolls back meanwhile makes the
   * transaction fail.
   */
  private void publishOutcome() throws TransactionFailedException, InterruptedException {
    readToEnd();
    DecoderDecision decision = unpublished.decision();
    if (model.rounds().lastRound() < decision.getRound()) {
      Publication publication =
          Publication.of(unpublished, model.whyHeldBack(decision.getParentVersion()), agreement);
      publisher.publish(publication.records(records));
      // A reader sees a commit a little after the producer does; nothing must begin in between.
      model.apply(publication, records);
      decision = publication.decision();
    }
    unpublished = null;
    log.atInfo()
        .addKeyValue("round", decision.getRound())
        .addKeyValue("version", decision.getCandidateVersion())
        .log("{}", decision.getReason());
  }

  private void pause() throws InterruptedException {
    // Returns early when the service is closed; the loop then ends.
    boolean closed = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    log.atTrace().addKeyValue("closed", closed).log("Paused");
  }
}
