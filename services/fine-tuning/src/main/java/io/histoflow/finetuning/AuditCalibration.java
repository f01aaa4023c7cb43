package io.histoflow.finetuning;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.calibration.Calibration;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.versions.ChangeNote;
import io.histoflow.weights.versions.ModelVersions;
import io.histoflow.weights.versions.VersionException;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import io.histoflow.weights.versions.WeightTransactions;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Recalibrates the mask thresholds of the weights in force for a person who asks for it, beside
 * whatever runs on the cluster. How they are chosen, and what they guarantee, says {@link
 * AuditedThresholds}.
 *
 * <p>Belongs to one thread.
 */
public final class AuditCalibration implements AutoCloseable {
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private final FineTuningOptions options;
  private final KafkaClients clients;
  private final Checkpoint shipped;
  private final InstantSource clock = InstantSource.system();
  private final VersionReader versions;
  private final Deserializer<MaskCorrected> deserializer;
  private final CorrectionReader reader;

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
   * @throws VersionException where the weights in force or the tiles cannot be read
   */
  public ThresholdProposal propose(Calibration calibration, ProgressListener progress)
      throws VersionException {
    ModelVersions known = versions.read();
    try (CorrectionSource source = source()) {
      return new AuditedThresholds(options, calibration)
          .propose(
              checkpoint(known.inForce()),
              rounds(known),
              new AuditedTiles(clients, reader, options.maxBytes()).read(),
              source,
              progress);
    } catch (ImageRejectedException e) {
      throw new VersionException("An audited tile that was sound before cannot be decoded", e);
    } catch (TimeoutException e) {
      throw new VersionException(e.getMessage(), e);
    }
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
  public DecoderDecision publish(ThresholdProposal proposal, ChangeNote note)
      throws VersionException {
    if (proposal.after().isEmpty()) {
      throw new VersionException("Nothing to publish: " + proposal.reason());
    }
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
      Publication publication = publication(proposal, known, note);
      var unused = new WeightsVerifier(shipped).verify(publication.accepted().orElseThrow());
      publisher.publish(publication.records(records));
      return publication.decision();
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

  private Publication publication(
      ThresholdProposal proposal, ModelVersions known, ChangeNote note) {
    String by = "by " + note.by() + note.reason().map(why -> " (" + why + ")").orElse("");
    return Publication.of(
        new ThresholdVersion(rounds(known), by, clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .of(proposal, next(known)),
        known
            .pin()
            .map(pin -> "Version %d is pinned by %s.".formatted(pin.getToVersion(), pin.getBy())));
  }

  private static RoundHistory rounds(ModelVersions known) {
    RoundHistory rounds = new RoundHistory((partition, offset) -> true);
    known.decisions().forEach(rounds::apply);
    return rounds;
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

  private CorrectionSource source() {
    return new CorrectionSource(
        Topics.MASKS_CORRECTED.name(),
        clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 8)),
        reader,
        options.bytesOfAKind(),
        (correction, record, why) -> {});
  }
}
