package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.evaluation.calibration.CalibrationUnit;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.tissue.TissueDetector;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import io.histoflow.weights.PublishedThresholds;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.ModelVersions;
import io.histoflow.weights.versions.VersionException;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Recalibrates the mask thresholds of the weights in force on tiles that chance drew for review.
 *
 * <p>Conformal risk control asks that the tiles it looks at are exchangeable with those that come.
 * Tiles that were routed are not: they are the doubtful ones. Those that the audit drew are, since
 * the draw knows nothing of the tile; every tile with tissue is drawn with the same probability, so
 * all weigh the same. Tiles of glass have a probability of their own and no threshold, and are left
 * out.
 *
 * <p>The guarantee is conditional on what {@link io.histoflow.segmentation.thresholds.RiskControl}
 * names, and on this: the verdicts are right; those that are read are like those that wait; the
 * network has learned from none of them, for which those are left out that a round of these weights
 * may have trained on; the site goes on to scan what it scanned. Where the audit's share was
 * changed, times of a larger share count for more. The network stays as it is, so whoever compares
 * at equal precision sees no change.
 *
 * <p>Belongs to one thread.
 */
public final class AuditCalibration implements AutoCloseable {
  private static final int MOST_TILES = 2_000;
  private static final int KINDS = 3;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final FineTuningOptions options;
  private final KafkaClients clients;
  private final Checkpoint shipped;
  private final InstantSource clock = InstantSource.system();
  private final VersionReader versions;
  private final Deserializer<MaskCorrected> deserializer;
  private final CorrectionReader reader;

  /**
   * What the audited tiles say of the thresholds.
   *
   * @param version of the weights in force
   * @param tiles audited tiles that were looked at
   * @param learned audited tiles that were left out, since the weights may have learned from them
   * @param glass those left out that show no tissue
   * @param before thresholds in force
   * @param after thresholds that keep the level; empty where there are too few tiles
   * @param reason what they rest on, or why there are none, in a sentence or two
   * @param missedBefore mean share of a tile's positive pixels that is missed at those in force,
   *     0..1; NaN without a tile that has any
   * @param missedAfter the same at the new ones; NaN where there are none
   */
  public record Proposal(
      long version,
      int tiles,
      int learned,
      int glass,
      MaskThresholds before,
      Optional<MaskThresholds> after,
      String reason,
      double missedBefore,
      double missedAfter,
      Measured measured) {}

  /** What was measured, as it is published with weights. */
  public static final class Measured {
    private final Checkpoint inForce;
    private final Measurement measurement;

    private Measured(Checkpoint inForce, Measurement measurement) {
      this.inForce = inForce;
      this.measurement = measurement;
    }
  }

  /**
   * Makes it.
   *
   * @param config of the cluster and of fine-tuning
   * @param shipped the checkpoint that the workers start from
   */
  public AuditCalibration(ServiceConfig config, Checkpoint shipped) {
    this.options = FineTuningOptions.from(config);
    this.clients = new KafkaClients(config, "calibrate");
    this.shipped = shipped;
    this.versions = new VersionReader(clients, shipped, options.keys());
    this.deserializer = clients.deserializer(Topics.MASKS_CORRECTED);
    this.reader = new CorrectionReader(deserializer, shipped.resolution());
  }

  /**
   * Measures the weights in force on the audited tiles and chooses thresholds.
   *
   * @param calibration the rule
   * @param progress hears of each step
   * @throws VersionException where the weights in force cannot be read
   */
  public Proposal propose(Calibration calibration, ProgressListener progress)
      throws VersionException {
    ModelVersions known = versions.read();
    Checkpoint inForce = checkpoint(known.inForce());
    RoundHistory rounds = new RoundHistory((partition, offset) -> true);
    known.decisions().forEach(rounds::apply);
    CorrectionStore audited = audited();
    List<Correction> unseen =
        audited.where(
            tile ->
                options.heldOut().contains(tile.tileId())
                    || !rounds.isKnownTo(inForce.version(), tile));
    List<TileSource> tissue = new ArrayList<>();
    Measurement measurement;
    int glass = 0;
    try (CorrectionSource source = source()) {
      for (TileSource tile : source.heldOut(newest(unseen), progress)) {
        if (TissueDetector.hasTissue(tile.decode().image())) {
          tissue.add(tile);
        } else {
          glass++;
        }
      }
      measurement =
          new TileEvaluation(tissue, options.model().compute())
              .of(inForce, "measure audited tiles", progress);
    } catch (ImageRejectedException e) {
      throw new VersionException("An audited tile that was sound before cannot be decoded", e);
    }
    Optional<MaskThresholds> after =
        enough(calibration, measurement) ? calibration.of(measurement.tiles()) : Optional.empty();
    return new Proposal(
        inForce.version(),
        tissue.size(),
        audited.size() - unseen.size(),
        glass,
        inForce.thresholds(),
        after,
        after
            .map(
                thresholds ->
                    thresholds.describe()
                        + " It rests on tiles that chance drew of all that the site scanned.")
            .orElseGet(() -> whyNone(calibration, measurement)),
        missed(measurement, inForce.thresholds()),
        after.map(thresholds -> missed(measurement, thresholds)).orElse(Double.NaN),
        new Measured(inForce, measurement));
  }

  /**
   * Publishes the thresholds as a version of its own, with the network of the weights in force:
   * archived and put in force in one transaction, archived only where a version is pinned.
   *
   * @param proposal with thresholds
   * @return the decision, as it stands on record
   * @throws VersionException where other weights came into force meanwhile, where workers would not
   *     run these, or where the brokers take no transaction
   */
  public DecoderDecision publish(Proposal proposal, ChangeNote note) throws VersionException {
    MaskThresholds thresholds =
        proposal
            .after()
            .orElseThrow(() -> new VersionException("Nothing to publish: " + proposal.reason()));
    try (WeightRecords records = new WeightRecords(clients, options.keys());
        TransactionalPublisher publisher =
            WeightTransactions.of(
                clients,
                shipped.modelId(),
                TRANSACTION_TIMEOUT,
                "Another process keeps changing the weights of %s: wait until it is done and try again."
                    .formatted(shipped.modelId()),
                clock)) {
      // First fence others, then read: nobody else decides after what is read here.
      publisher.open();
      ModelVersions known = versions.read();
      if (known.inForce() != proposal.version()) {
        throw new VersionException(
            "Version %d came into force while version %d was measured: nothing was changed; try again."
                .formatted(known.inForce(), proposal.version()));
      }
      DecoderWeights weights = weights(proposal, thresholds, next(known));
      var unused = new WeightsVerifier(shipped).verify(weights);
      DecoderDecision decision = decision(proposal, known, weights, note);
      publisher.publish(records.accepted(weights, decision, decision.getHeldBack() != null));
      return decision;
    } catch (WeightsRejectedException e) {
      throw new VersionException("No worker would run these thresholds: " + e.getMessage(), e);
    } catch (TransactionFailedException e) {
      throw new VersionException(
          "The thresholds were not published: " + e.getMessage() + " Try again.", e);
    }
  }

  @Override
  public void close() {
    deserializer.close();
  }

  private Checkpoint checkpoint(long version) throws VersionException {
    if (version == 0) {
      return shipped;
    }
    DecoderWeights archived =
        versions
            .archived(version)
            .orElseThrow(
                () ->
                    new VersionException(
                        "The weights of version %d in force are not in the archive."
                            .formatted(version)));
    try {
      return new WeightsVerifier(shipped).verify(archived);
    } catch (WeightsRejectedException e) {
      throw new VersionException("The weights in force cannot be used. " + e.getMessage(), e);
    }
  }

  /** Reads where the latest verdict lies on each tile that chance drew. */
  private CorrectionStore audited() throws VersionException {
    CorrectionStore store = new CorrectionStore(options.maxBytes());
    Map<String, Boolean> drawn = new HashMap<>();
    try (Consumer<byte[], byte[]> consumer =
        clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 32))) {
      List<TopicPartition> partitions = Partitions.of(consumer, Topics.MASKS_CORRECTED.name());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long last = System.nanoTime();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          last = System.nanoTime();
          read(record, store, drawn);
        }
        if (System.nanoTime() - last > PATIENCE.toNanos()) {
          throw new VersionException(
              "Topic %s cannot be read: the brokers gave nothing for %d s; check that they run."
                  .formatted(Topics.MASKS_CORRECTED.name(), PATIENCE.toSeconds()));
        }
      }
    }
    return store;
  }

  private void read(
      ConsumerRecord<byte[], byte[]> record, CorrectionStore store, Map<String, Boolean> drawn) {
    if (record.value() == null) {
      if (record.key() != null) {
        store.remove(new String(record.key(), UTF_8));
      }
      return;
    }
    try {
      MaskCorrected verdict = deserializer.deserialize(record.topic(), record.value());
      if (verdict.getAudited()) {
        drawn.put(verdict.getTileId(), true);
      }
      // Of a drawn tile the latest verdict counts, whoever asked for it.
      if (!drawn.containsKey(verdict.getTileId())) {
        return;
      }
      Optional<EncodedCorrection> correction = reader.read(record).correction();
      if (correction.isPresent()) {
        store
            .put(correction.get().correction())
            .forEach(forgotten -> drawn.remove(forgotten.tileId()));
      } else {
        store.remove(verdict.getTileId());
      }
    } catch (MalformedRecordException | RejectedRecordException e) {
      // Fine-tuning and routing read the same record and send its dead letter.
    }
  }

  private CorrectionSource source() {
    return new CorrectionSource(
        Topics.MASKS_CORRECTED.name(),
        clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8)),
        reader,
        options.roundBytes() / KINDS,
        (correction, record, why) -> {});
  }

  /** Leaves out the oldest beyond what memory holds. */
  private List<Correction> newest(List<Correction> oldestFirst) {
    long left = options.roundBytes() / KINDS;
    int from = oldestFirst.size();
    while (from > 0 && oldestFirst.size() - from < MOST_TILES) {
      left -= oldestFirst.get(from - 1).encodedBytes();
      if (left < 0) {
        break;
      }
      from--;
    }
    return oldestFirst.subList(from, oldestFirst.size());
  }

  private static boolean enough(Calibration calibration, Measurement measurement) {
    return positive(measurement).size() >= calibration.fewestUnitsOfAnOrgan();
  }

  private static String whyNone(Calibration calibration, Measurement measurement) {
    return enough(calibration, measurement)
        ? calibration.whyNone(measurement.tiles())
        : "%d audited tiles with a positive pixel are too few to keep the expected false-negative rate at or under %s: at least %d are needed."
            .formatted(
                positive(measurement).size(),
                calibration.control().level(),
                calibration.fewestUnitsOfAnOrgan());
  }

  private static double missed(Measurement measurement, MaskThresholds thresholds) {
    return positive(measurement).stream()
        .mapToDouble(
            tile -> tile.curve().at(thresholds.thresholdFor(tile.organ())).falseNegativeRate())
        .average()
        .orElse(Double.NaN);
  }

  private static List<CalibrationUnit> positive(Measurement measurement) {
    return measurement.tiles().stream().filter(tile -> tile.curve().positivePixels() > 0).toList();
  }

  private static long next(ModelVersions known) {
    VersionNumbers numbers = new VersionNumbers();
    numbers.use(known.inForce());
    known.archived().forEach(weights -> numbers.use(weights.getVersion()));
    known.decisions().stream()
        .map(DecoderDecision::getCandidateVersion)
        .filter(version -> version != null)
        .forEach(numbers::use);
    return numbers.next();
  }

  private DecoderWeights weights(Proposal proposal, MaskThresholds thresholds, long version) {
    Checkpoint network = proposal.measured().inForce;
    Measurement measurement = proposal.measured().measurement;
    byte[] safetensors = network.decoderSafetensors();
    return DecoderWeights.newBuilder()
        .setModelId(network.modelId())
        .setVersion(version)
        .setParentVersion(proposal.version())
        .setEncoderFingerprint(network.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(thresholds.pooled().threshold())
        .setCalibration(PublishedThresholds.write(thresholds))
        .setBefore(
            Gate.quality(
                measurement, proposal.before().pooled().threshold(), Double.NaN, Double.NaN))
        .setAfter(
            Gate.quality(measurement, thresholds.pooled().threshold(), Double.NaN, Double.NaN))
        .setExamplesUsed(0)
        .setCreatedAt(clock.instant())
        .build();
  }

  private DecoderDecision decision(
      Proposal proposal, ModelVersions known, DecoderWeights weights, ChangeNote note) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    long round =
        known.decisions().stream().mapToLong(DecoderDecision::getRound).max().orElse(0) + 1;
    String held =
        known
            .pin()
            .map(pin -> "version %d is pinned by %s.".formatted(pin.getToVersion(), pin.getBy()))
            .orElse(null);
    return DecoderDecision.newBuilder()
        .setModelId(weights.getModelId())
        .setRound(round)
        .setParentVersion(proposal.version())
        .setCandidateVersion(weights.getVersion())
        .setAccepted(true)
        .setReason(
            "Recalibrated on %d audited tiles by %s%s: the network is that of version %d. %s%s"
                .formatted(
                    proposal.tiles(),
                    note.by(),
                    note.reason().map(why -> " (" + why + ")").orElse(""),
                    proposal.version(),
                    proposal.reason(),
                    held == null ? "" : " Archived and not put in force: " + held))
        .setBefore(weights.getBefore())
        .setAfter(weights.getAfter())
        .setExamplesUsed(0)
        // These weights know what their network has learned from, and no more.
        .setCorrectionOffsets(
            known
                .decisionOf(proposal.version())
                .map(DecoderDecision::getCorrectionOffsets)
                .orElse(Map.of()))
        .setHeldBack(held)
        .setDecidedAt(now)
        .build();
  }
}
