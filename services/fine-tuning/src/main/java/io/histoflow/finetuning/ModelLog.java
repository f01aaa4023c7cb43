package io.histoflow.finetuning;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.versions.ArchiveKey;
import io.histoflow.weights.versions.ChangeHistory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
  private final RoundHistory rounds = new RoundHistory();
  private final WeightsHistory weights;
  private final ChangeHistory changes;
  private final Deserializer<DecoderDecision> decisionDeserializer;
  private final Deserializer<DecoderWeights> weightsDeserializer;
  private final Deserializer<WeightsChange> changeDeserializer;

  /**
   * @param clients makes the deserializers
   * @param shipped the weights before any were published
   */
  ModelLog(KafkaClients clients, Checkpoint shipped) {
    this.modelId = shipped.modelId();
    this.weights = new WeightsHistory(shipped);
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
        applyArchived(key, record.value());
      } else if (key.equals(modelId)) {
        apply(record.topic(), record.value());
      }
    } catch (MalformedRecordException | WeightsRejectedException | IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .log("A record is skipped: {}", Sentences.of(e));
    }
  }

  /** Takes in what was published just now; read again from the topics it changes nothing. */
  void apply(Publication published) {
    rounds.apply(published.decision());
    published.accepted().ifPresent(accepted -> weights.applyArchived(accepted.getVersion()));
    published.inForce().ifPresent(this::putInForce);
  }

  /** Takes in that a version was archived just now. */
  void applyArchived(long version) {
    weights.applyArchived(version);
  }

  /** Returns the model's id. */
  String modelId() {
    return modelId;
  }

  /** Returns the rounds that were decided. */
  RoundHistory rounds() {
    return rounds;
  }

  /** Returns the weights in force. */
  Checkpoint inForce() {
    return weights.current();
  }

  /** Returns the weights in force where the archive lacks them. */
  Optional<DecoderWeights> notArchived() {
    return weights.notArchived();
  }

  /** Tells whether a version is pinned. */
  boolean isPinned() {
    return changes.pin().isPresent();
  }

  /** Returns the highest version that was ever given out; 0 before the first. */
  long highestVersion() {
    return Math.max(rounds.highestVersion(), weights.highestVersion());
  }

  /**
   * Says why weights that learned from a version may not come into force.
   *
   * @param parentVersion the version in force when their round began
   * @return one sentence; empty where they may
   */
  Optional<String> whyHeldBack(long parentVersion) {
    if (changes.pin().isPresent()) {
      WeightsChange pin = changes.pin().get();
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

  private void apply(String topic, byte[] value) throws WeightsRejectedException {
    if (topic.equals(Topics.DECODER_WEIGHTS.name())) {
      applyWeights(weightsDeserializer.deserialize(topic, value));
    } else if (value == null) {
      return;
    } else if (topic.equals(Topics.DECODER_DECISIONS.name())) {
      DecoderDecision decision = decisionDeserializer.deserialize(topic, value);
      if (decision.getModelId().equals(modelId)) {
        rounds.apply(decision);
      }
    } else {
      changes.apply(changeDeserializer.deserialize(topic, value));
    }
  }

  private void applyWeights(DecoderWeights published) throws WeightsRejectedException {
    if (published == null) {
      weights.applyTombstone();
    } else {
      weights.apply(published);
    }
  }

  /** The key says enough; the weights themselves need not be read. */
  private void applyArchived(String key, byte[] value) {
    ArchiveKey.parse(key)
        .filter(archived -> value != null && archived.modelId().equals(modelId))
        .ifPresent(archived -> weights.applyArchived(archived.version()));
  }

  private void putInForce(DecoderWeights accepted) {
    try {
      weights.apply(accepted);
    } catch (WeightsRejectedException e) {
      throw new IllegalStateException("Weights made here do not verify: " + e.getMessage(), e);
    }
  }
}
