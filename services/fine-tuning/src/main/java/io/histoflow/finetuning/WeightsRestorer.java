package io.histoflow.finetuning;

import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.versions.VersionReader;
import io.histoflow.weights.versions.WeightRecords;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the weights in force anew where others stand last on their topic that come into force
 * nowhere: once it is compacted, who starts would find none but those. Once for each such record.
 */
final class WeightsRestorer {
  private static final Logger log = LoggerFactory.getLogger(WeightsRestorer.class);

  private final ModelLog model;
  private final VersionReader versions;
  private final WeightRecords records;
  private final TransactionalPublisher publisher;
  private long restoredAfter = -1;

  WeightsRestorer(
      ModelLog model,
      VersionReader versions,
      WeightRecords records,
      TransactionalPublisher publisher) {
    this.model = model;
    this.versions = versions;
    this.records = records;
    this.publisher = publisher;
  }

  /** Tells whether there is something to do, by what was read so far. */
  boolean isDue() {
    return model.weights().spoiledAt().isPresent()
        && model.weights().spoiledAt().getAsLong() > restoredAfter;
  }

  /**
   * Does it where it is due, after all that is committed was read.
   *
   * @throws TransactionFailedException when that did not happen, or it is not known
   */
  void restore() throws TransactionFailedException {
    if (!isDue()) {
      return;
    }
    long offset = model.weights().spoiledAt().getAsLong();
    long version = model.weights().versionInForce();
    try {
      Optional<ConsumerRecord<String, DecoderWeights>> archived =
          version == 0 ? Optional.empty() : Optional.of(archived(version));
      publisher.publish(
          List.of(
              archived.isPresent()
                  ? records.inForce(archived.get())
                  : records.asShipped(model.modelId())));
      model.applyRestored(archived);
      log.atWarn()
          .addKeyValue(LogKeys.OFFSET, offset)
          .addKeyValue(LogKeys.MODEL_VERSION, version)
          .log("Refused weights stood last on their topic; those in force are published anew");
    } catch (WeightsRejectedException e) {
      log.atWarn()
          .addKeyValue(LogKeys.OFFSET, offset)
          .addKeyValue(LogKeys.MODEL_VERSION, version)
          .log(
              "Refused weights stand last on their topic, and those in force cannot be published"
                  + " anew; roll back to others: {}",
              Sentences.of(e));
    }
    restoredAfter = offset;
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
    model.weights().requireProven(found.value(), found.headers());
    return found;
  }
}
