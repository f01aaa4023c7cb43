package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsVerifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the versions of one model from its topics, from their beginnings to their ends. */
public final class VersionReader {
  private static final ByteBuffer NO_TENSORS = ByteBuffer.allocate(0);

  private final KafkaClients clients;
  private final String modelId;
  private final WeightsKeys keys;

  /**
   * Makes a reader that asks for no signatures; connects to nothing.
   *
   * @param clients makes the consumers
   * @param modelId the model
   */
  public VersionReader(KafkaClients clients, String modelId) {
    this(clients, modelId, WeightsKeys.none());
  }

  /**
   * Makes the reader; connects to nothing.
   *
   * @param clients makes the consumers
   * @param modelId the model
   * @param keys check signatures, where they are asked for
   */
  public VersionReader(KafkaClients clients, String modelId, WeightsKeys keys) {
    this.clients = clients;
    this.modelId = modelId;
    this.keys = keys;
  }

  /** Reads everything that is committed at this moment, without tensors. */
  public ModelVersions read() {
    NavigableMap<Long, DecoderWeights> archived = new TreeMap<>();
    VersionLedger ledger = new VersionLedger(modelId, keys);
    readArchive(
        record -> {
          DecoderWeights weights = record.value();
          ledger.applyArchived(record.key(), weights);
          archived.put(
              weights.getVersion(), RecordCopy.with(weights, Map.of("safetensors", NO_TENSORS)));
        });
    List<DecoderDecision> decisions = new ArrayList<>();
    ChangeHistory history = new ChangeHistory(modelId);
    each(
        Topics.DECODER_DECISIONS,
        record -> {
          ledger.apply(record.value());
          decisions.add(record.value());
        });
    each(
        Topics.DECODER_CHANGES,
        record -> {
          ledger.apply(record.value());
          history.apply(record.value());
        });
    long[] inForce = {0};
    List<String> refused = new ArrayList<>();
    read(
        Topics.DECODER_WEIGHTS,
        record -> {
          if (!modelId.equals(record.key())) {
            return;
          }
          Optional<String> why = whyRefused(ledger, record);
          if (why.isPresent()) {
            refused.add(why.get());
          } else {
            inForce[0] = record.value() == null ? 0 : record.value().getVersion();
          }
        });
    return new ModelVersions(
        modelId,
        inForce[0],
        List.copyOf(archived.values()),
        decisions,
        history.changes(),
        history.pin(),
        refused);
  }

  /** Reads one archived version with its tensors; empty where it is not archived. */
  public Optional<DecoderWeights> archived(long version) {
    return archivedRecord(version).map(ConsumerRecord::value);
  }

  /** Reads the record of one archived version, with its signature; empty where there is none. */
  Optional<ConsumerRecord<String, DecoderWeights>> archivedRecord(long version) {
    List<ConsumerRecord<String, DecoderWeights>> found = new ArrayList<>();
    readArchive(
        record -> {
          if (record.value().getVersion() == version) {
            found.clear();
            found.add(record);
          }
        });
    return found.stream().findFirst();
  }

  private static Optional<String> whyRefused(
      VersionLedger ledger, ConsumerRecord<String, DecoderWeights> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    VersionLedger.Judgement judged = ledger.judge(record.value(), record.headers());
    return judged.standing() == VersionLedger.Standing.PROVEN
        ? Optional.empty()
        : Optional.of(judged.why());
  }

  /** Hands over what lies under a key of its own; nobody else's record passes for this model's. */
  private void readArchive(Consumer<ConsumerRecord<String, DecoderWeights>> handler) {
    read(
        Topics.DECODER_ARCHIVE,
        record -> {
          DecoderWeights weights = record.value();
          if (weights != null
              && weights.getModelId().equals(modelId)
              && WeightsVerifier.isVersion(weights.getVersion())
              && new ArchiveKey(modelId, weights.getVersion()).text().equals(record.key())) {
            handler.accept(record);
          }
        });
  }

  private <V extends SpecificRecord> void each(
      TopicSpec<V> topic, Consumer<ConsumerRecord<String, V>> handler) {
    read(
        topic,
        record -> {
          if (modelId.equals(record.key()) && record.value() != null) {
            handler.accept(record);
          }
        });
  }

  private <V extends SpecificRecord> void read(
      TopicSpec<V> topic, Consumer<ConsumerRecord<String, V>> handler) {
    try (CompactedTopicReader<V> reader =
        new CompactedTopicReader<>(clients, topic, handler::accept)) {
      // Returns when the topic's content of this moment was handed over; more may follow, until it
      // is closed, and does no harm.
      reader.start();
    }
  }
}
