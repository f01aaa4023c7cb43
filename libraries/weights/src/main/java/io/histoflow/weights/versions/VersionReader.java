package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the versions of one model from its topics, from their beginnings to their ends. */
public final class VersionReader {
  private static final ByteBuffer NO_TENSORS = ByteBuffer.allocate(0);

  private final KafkaClients clients;
  private final String modelId;
  private final WeightsVerifier verifier;
  private final WeightsKeys keys;

  /**
   * Makes a reader that asks for no signatures; connects to nothing.
   *
   * @param clients makes the consumers
   * @param shipped the model, and the checkpoint that its workers start from
   */
  public VersionReader(KafkaClients clients, Checkpoint shipped) {
    this(clients, shipped, WeightsKeys.none());
  }

  /**
   * Makes the reader; connects to nothing.
   *
   * @param clients makes the consumers
   * @param shipped the model, and the checkpoint that its workers start from
   * @param keys check signatures, where they are asked for
   */
  public VersionReader(KafkaClients clients, Checkpoint shipped, WeightsKeys keys) {
    this.clients = clients;
    this.modelId = shipped.modelId();
    this.verifier = new WeightsVerifier(shipped);
    this.keys = keys;
  }

  /** Reads everything that is committed at this moment, without tensors. */
  public ModelVersions read() {
    NavigableMap<Long, DecoderWeights> archived = new TreeMap<>();
    VersionLedger ledger = new VersionLedger(modelId, keys);
    readArchive(
        record -> {
          DecoderWeights weights = record.value();
          ledger.applyArchived(record.key(), weights, record.headers());
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
  public Optional<ConsumerRecord<String, DecoderWeights>> archivedRecord(long version) {
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

  private Optional<String> whyRefused(
      VersionLedger ledger, ConsumerRecord<String, DecoderWeights> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      var unused = verifier.verify(record.value());
    } catch (WeightsRejectedException e) {
      return Optional.of(e.getMessage());
    }
    VersionLedger.Judgement judged = ledger.judge(record.value(), record.headers());
    return judged.standing() == VersionLedger.Standing.PROVEN
        ? Optional.empty()
        : Optional.of(judged.why());
  }

  /**
   * Hands over what lies under a key of its own; nobody else's record passes for this model's, and
   * none without the signature that is asked for takes the place of one that carries it.
   */
  private void readArchive(Consumer<ConsumerRecord<String, DecoderWeights>> handler) {
    Set<Long> signed = new HashSet<>();
    read(
        Topics.DECODER_ARCHIVE,
        record -> {
          DecoderWeights weights = record.value();
          if (weights != null
              && weights.getModelId().equals(modelId)
              && WeightsVerifier.isVersion(weights.getVersion())
              && new ArchiveKey(modelId, weights.getVersion()).text().equals(record.key())) {
            boolean isSigned = keys.whyNotSigned(weights, record.headers()).isEmpty();
            if (isSigned) {
              signed.add(weights.getVersion());
            }
            if (isSigned || !signed.contains(weights.getVersion())) {
              handler.accept(record);
            }
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
