package io.histoflow.finetuning;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.versions.ArchiveKey;
import io.histoflow.weights.versions.ChangeHistory;
import io.histoflow.weights.versions.WeightRecords;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one model, as its topics tell it: the rounds, the weights in force, the archive and
 * what people did. Records that cannot be read are skipped with a warning.
 */
final class ModelLog implements AutoCloseable {
  /** The topics that it is made of. */
  static final List<TopicSpec<?>> TOPICS =
      List.of(
          Topics.DECODER_ARCHIVE,
          Topics.DECODER_DECISIONS,
          Topics.DECODER_CHANGES,
          Topics.DECODER_WEIGHTS);

  private static final Logger log = LoggerFactory.getLogger(ModelLog.class);

  private final String modelId;
  private final RoundHistory rounds;
  private final WeightsHistory weights;
  private final ChangeHistory changes;
  private final Deserializer<DecoderDecision> decisionDeserializer;
  private final Deserializer<DecoderWeights> weightsDeserializer;
  private final Deserializer<WeightsChange> changeDeserializer;

  ModelLog(
      KafkaClients clients,
      Checkpoint shipped,
      WeightsKeys keys,
      RoundHistory.CorrectionsEnd end,
      InstantSource clock) {
    this.modelId = shipped.modelId();
    this.rounds = new RoundHistory(end);
    this.weights = new WeightsHistory(shipped, keys, clock);
    this.changes = new ChangeHistory(modelId);
    this.decisionDeserializer = clients.deserializer(Topics.DECODER_DECISIONS);
    this.weightsDeserializer = clients.deserializer(Topics.DECODER_WEIGHTS);
    this.changeDeserializer = clients.deserializer(Topics.DECODER_CHANGES);
  }

  /**
   * Takes the next record of one of {@link #TOPICS} in.
   *
   * @throws io.histoflow.schemas.RegistryUnavailableException when nothing can be known about it
   */
  void apply(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      if (record.topic().equals(Topics.DECODER_ARCHIVE.name())) {
        applyArchived(key, record);
      } else if (key.equals(modelId)) {
        applyOwn(record);
      }
    } catch (MalformedRecordException | WeightsRejectedException | IllegalArgumentException e) {
      LogKeys.at(log.atWarn(), record).log("A record is skipped: {}", Sentences.of(e));
    }
  }

  /** Takes in what was published just now; read again from the topics it changes nothing. */
  void apply(Publication published, WeightRecords records) {
    try {
      boolean unused = rounds.apply(published.decision());
      weights.apply(published.decision());
      if (published.accepted().isPresent()) {
        DecoderWeights accepted = published.accepted().get();
        applyArchived(accepted, records.archived(accepted).headers());
      }
      if (published.inForce().isPresent()) {
        DecoderWeights inForce = published.inForce().get();
        weights.apply(inForce, records.inForce(inForce).headers(), WeightsHistory.JUST_NOW);
      }
    } catch (WeightsRejectedException e) {
      throw new IllegalStateException("Weights made here do not verify: " + e.getMessage(), e);
    }
  }

  /** Takes in that weights were archived just now, in a record with these headers. */
  void applyArchived(DecoderWeights archived, Headers headers) throws WeightsRejectedException {
    weights.applyArchived(new ArchiveKey(modelId, archived.getVersion()).text(), archived, headers);
  }

  /**
   * Takes in that the weights in force were published anew just now.
   *
   * @param archived the archive's record; empty for the weights as shipped
   */
  void applyRestored(Optional<ConsumerRecord<String, DecoderWeights>> archived)
      throws WeightsRejectedException {
    if (archived.isPresent()) {
      weights.apply(archived.get().value(), archived.get().headers(), WeightsHistory.JUST_NOW);
    } else {
      weights.applyTombstone(WeightsHistory.JUST_NOW);
    }
  }

  /** Returns the model's id. */
  String modelId() {
    return modelId;
  }

  /** Returns the weights in force and in the archive. */
  WeightsHistory weights() {
    return weights;
  }

  /** Returns the rounds that were decided. */
  RoundHistory rounds() {
    return rounds;
  }

  /** Tells whether a version is pinned. */
  boolean isPinned() {
    return pin().isPresent();
  }

  /**
   * Says why weights that learned from a version may not come into force.
   *
   * @param parentVersion the version in force when their round began
   * @return one sentence; empty where they may
   */
  Optional<String> whyHeldBack(long parentVersion) {
    if (pin().isPresent()) {
      WeightsChange pin = pin().get();
      return Optional.of("Version %d is pinned by %s.".formatted(pin.getToVersion(), pin.getBy()));
    }
    if (weights.current().version() != parentVersion) {
      return Optional.of(
          "Version %d was put in force while they learned from version %d."
              .formatted(weights.current().version(), parentVersion));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    decisionDeserializer.close();
    weightsDeserializer.close();
    changeDeserializer.close();
  }

  /** Nobody can have pinned what is not archived. */
  private Optional<WeightsChange> pin() {
    return changes.pin().filter(pin -> weights.isAvailable(pin.getToVersion()));
  }

  private void applyOwn(ConsumerRecord<byte[], byte[]> record) throws WeightsRejectedException {
    String topic = record.topic();
    if (topic.equals(Topics.DECODER_WEIGHTS.name())) {
      applyWeights(record);
    } else if (record.value() == null) {
      return;
    } else if (topic.equals(Topics.DECODER_DECISIONS.name())) {
      applyDecision(record);
    } else {
      WeightsChange change = changeDeserializer.deserialize(topic, record.value());
      changes.apply(change);
      weights.apply(change);
    }
  }

  private void applyDecision(ConsumerRecord<byte[], byte[]> record)
      throws WeightsRejectedException {
    DecoderDecision decision = decisionDeserializer.deserialize(record.topic(), record.value());
    if (!decision.getModelId().equals(modelId)) {
      return;
    }
    if (!rounds.apply(decision)) {
      throw new IllegalArgumentException(
          "Round %d is none that anybody counted to; the last was %d."
              .formatted(decision.getRound(), rounds.lastRound()));
    }
    weights.apply(decision);
  }

  private void applyWeights(ConsumerRecord<byte[], byte[]> record) throws WeightsRejectedException {
    DecoderWeights published;
    try {
      published = weightsDeserializer.deserialize(record.topic(), record.value());
    } catch (MalformedRecordException e) {
      weights.spoil(record.offset());
      throw e;
    }
    if (published == null) {
      weights.applyTombstone(record.offset());
    } else {
      weights.apply(published, record.headers(), record.offset());
    }
  }

  private void applyArchived(String key, ConsumerRecord<byte[], byte[]> record)
      throws WeightsRejectedException {
    Optional<ArchiveKey> named = ArchiveKey.parse(key);
    if (named.isPresent() && named.get().modelId().equals(modelId)) {
      weights.applyArchived(
          key, weightsDeserializer.deserialize(record.topic(), record.value()), record.headers());
    }
  }
}
