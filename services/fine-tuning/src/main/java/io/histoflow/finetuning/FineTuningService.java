package io.histoflow.finetuning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * <p>Where it is asked for, mask thresholds are lowered in the same way once tiles that chance drew
 * show that they miss too much ({@link AutomaticCalibration}).
 *
 * <p>Corrections that cannot be used go to the dead-letter topic once; the group's committed
 * offsets serve for nothing else.
 */
public final class FineTuningService extends KafkaService {
  /** Every setting of the service. */
  public static final Settings SETTINGS = FineTuningOptions.ALL;

  /** New corrections that start a round at once. */
  public static final Setting<Integer> MIN_CORRECTIONS = FineTuningOptions.MIN_CORRECTIONS;

  /** New corrections that start one after a while. */
  public static final Setting<Integer> FEW_CORRECTIONS = FineTuningOptions.FEW_CORRECTIONS;

  /** The metric that grows for as long as a round moves; Prometheus adds {@code _total}. */
  public static final String ROUND_STEPS = FineTuningMetrics.ROUND_STEPS;

  private static final Logger log = LoggerFactory.getLogger(FineTuningService.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

  private final FineTuningOptions options;
  private final FineTuningMetrics metrics;
  private final InstantSource clock = InstantSource.system();

  private final CorrectionStore store;
  private final ReviewerAgreement agreement;
  private final RoundPlanner planner;
  private ModelLog model;
  private CorrectionLog corrections;
  private FineTuningRound round;
  private AutomaticCalibration calibration;

  private Consumer<byte[], byte[]> consumer;
  private TransactionalPublisher publisher;
  private WeightRecords records;
  private WeightsRestorer restorer;
  private CorrectionDeadLetters deadLetters;
  private CorrectionSource source;
  private final Map<TopicPartition, Long> correctionEnds = new HashMap<>();
  private FineTuningRound.Outcome unpublished;

  /** As the other; its metrics go nowhere. */
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
    super("fine-tuning", config);
    this.options = FineTuningOptions.from(config);
    this.metrics = new FineTuningMetrics(registry);
    this.store = new CorrectionStore(options.maxBytes());
    this.agreement = new ReviewerAgreement(options.agreementDice(), options.agreementBytes());
    this.planner =
        new RoundPlanner(
            options.trigger(), options.heldOut(), options.maxExamples(), options.bytesOfAKind());
  }

  @Override
  protected void onStart(KafkaClients clients) throws Exception {
    Checkpoint shipped = FineTuningOptions.model(config());
    round = new FineTuningRound(shipped, options, clock);
    calibration = new AutomaticCalibration(options, options.calibration(shipped), clock);
    model = opened(new ModelLog(clients, shipped, options.keys(), this::hasReached, clock));
    records = opened(new WeightRecords(clients, options.keys()));
    VersionReader versions = new VersionReader(clients, shipped, options.keys());
    Deserializer<MaskCorrected> deserializer = opened(clients.deserializer(Topics.MASKS_CORRECTED));
    CorrectionReader reader = new CorrectionReader(deserializer, shipped.resolution());
    // First fence a twin, then read: nobody else decides after what is read here.
    publisher =
        opened(
            WeightTransactions.of(
                clients,
                shipped.modelId(),
                TRANSACTION_TIMEOUT,
                "Another fine-tuning service has taken over the model %s: run one for each model."
                    .formatted(shipped.modelId()),
                clock));
    publisher.open();
    restorer = new WeightsRestorer(model, versions, records, publisher);
    source =
        opened(
            new CorrectionSource(
                Topics.MASKS_CORRECTED.name(),
                clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8)),
                reader,
                options.bytesOfAKind(),
                this::refuse));
    consumer =
        opened(
            clients.bytesConsumer(
                Groups.FINE_TUNING, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 32)));
    deadLetters = new CorrectionDeadLetters(consumer, publisher, metrics);
    corrections = new CorrectionLog(reader, store, agreement, deadLetters);
    List<TopicPartition> partitions =
        Stream.concat(Stream.of(Topics.MASKS_CORRECTED), ModelLog.TOPICS.stream())
            .flatMap(topic -> Partitions.of(consumer, topic.name()).stream())
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    readFromBeginning(partitions);
    log.atInfo()
        .addKeyValue(LogKeys.MODEL_ID, shipped.modelId())
        .addKeyValue(LogKeys.MODEL_VERSION, model.weights().current().version())
        .addKeyValue("corrections", store.size())
        .addKeyValue("lastRound", model.rounds().lastRound())
        .log("Ready to learn");
  }

  @Override
  protected void runOnce() throws Exception {
    try {
      read();
      deadLetters.publish();
      if (restorer.isDue()) {
        readToEnd();
        restorer.restore();
      }
      if (unpublished != null) {
        publishOutcome();
      } else {
        runRoundWhenDue();
        recalibrateWhenDue();
      }
    } catch (TransactionFailedException | RetriableException e) {
      log.atWarn().log("{} It is tried again", Sentences.of(e));
      boolean unused = pause(RETRY);
    }
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
    while (!isClosing()
        && ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      read();
      deadLetters.publish();
    }
  }

  private void read() throws InterruptedException {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      apply(record);
    }
    metrics.inForce(model.weights().current().version(), model.isPinned());
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
        LogKeys.at(log.atWarn(), record).log("A record waits: {}", Sentences.of(e));
        if (pause(RETRY)) {
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

  private void refuse(Correction correction, ConsumerRecord<byte[], byte[]> record, Exception why) {
    if (why instanceof RejectedRecordException) {
      deadLetters.add(record, why);
    }
    if (store.find(correction.tileId()).filter(correction::equals).isPresent()) {
      store.remove(correction.tileId());
    }
  }

  private void runRoundWhenDue() throws TransactionFailedException, InterruptedException {
    Optional<RoundPlan> plan =
        planner.next(
            store,
            model.rounds(),
            model.weights().current(),
            model.weights().nextVersion(),
            clock.instant());
    if (plan.isEmpty()) {
      return;
    }
    Instant started = clock.instant();
    try {
      unpublished = run(plan.get());
    } catch (CancellationException e) {
      log.atInfo().addKeyValue(LogKeys.ROUND, plan.get().round()).log("The round is given up");
      return;
    }
    metrics.roundEnded(
        unpublished.decision().getAccepted(), Duration.between(started, clock.instant()));
    publishOutcome();
  }

  private FineTuningRound.Outcome run(RoundPlan plan) {
    log.atInfo()
        .addKeyValue(LogKeys.ROUND, plan.round())
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
      log.atError().setCause(e).addKeyValue(LogKeys.ROUND, plan.round()).log("The round failed");
      return round.failed(plan, e);
    }
  }

  private void recalibrateWhenDue() throws TransactionFailedException, InterruptedException {
    if (!calibration.isDue(store, model.rounds())) {
      return;
    }
    log.atInfo()
        .addKeyValue(LogKeys.MODEL_VERSION, model.weights().current().version())
        .log("Mask thresholds are measured on audited tiles");
    try {
      unpublished = calibration.run(model, store, source, this::onProgress);
    } catch (CancellationException e) {
      log.atInfo().log("The measurement of mask thresholds is given up");
      return;
    } catch (ImageRejectedException e) {
      // Its correction has gone meanwhile, or it comes back as one that proves unusable.
      log.atWarn().log("Mask thresholds were not measured: {}", Sentences.of(e));
      return;
    }
    metrics.recalibrated(unpublished.decision().getAccepted());
    publishOutcome();
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
        .addKeyValue(LogKeys.ROUND, decision.getRound())
        .addKeyValue(LogKeys.MODEL_VERSION, decision.getCandidateVersion())
        .log("{}", decision.getReason());
  }
}
