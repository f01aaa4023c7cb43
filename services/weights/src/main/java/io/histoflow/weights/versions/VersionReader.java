package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
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

  /**
   * Makes the reader; connects to nothing.
   *
   * @param clients makes the consumers
   * @param modelId the model
   */
  public VersionReader(KafkaClients clients, String modelId) {
    this.clients = clients;
    this.modelId = modelId;
  }

  /** Reads everything that is committed at this moment, without tensors. */
  public ModelVersions read() {
    NavigableMap<Long, DecoderWeights> archived = new TreeMap<>();
    readArchive(
        weights ->
            archived.put(
                weights.getVersion(), RecordCopy.with(weights, Map.of("safetensors", NO_TENSORS))));
    List<DecoderDecision> decisions = new ArrayList<>();
    ChangeHistory history = new ChangeHistory(modelId);
    long[] inForce = {0};
    each(Topics.DECODER_DECISIONS, record -> decisions.add(record.value()));
    each(Topics.DECODER_CHANGES, record -> history.apply(record.value()));
    each(
        Topics.DECODER_WEIGHTS,
        record -> inForce[0] = record.value() == null ? 0 : record.value().getVersion());
    return new ModelVersions(
        modelId,
        inForce[0],
        List.copyOf(archived.values()),
        decisions,
        history.changes(),
        history.pin());
  }

  /** Reads one archived version with its tensors; empty where it is not archived. */
  public Optional<DecoderWeights> archived(long version) {
    DecoderWeights[] found = new DecoderWeights[1];
    readArchive(
        weights -> {
          if (weights.getVersion() == version) {
            found[0] = weights;
          }
        });
    return Optional.ofNullable(found[0]);
  }

  /** Hands over what lies under a key of its own; nobody else's record passes for this model's. */
  private void readArchive(Consumer<DecoderWeights> handler) {
    read(
        Topics.DECODER_ARCHIVE,
        record -> {
          DecoderWeights weights = record.value();
          if (weights != null
              && weights.getModelId().equals(modelId)
              && weights.getVersion() >= 1
              && new ArchiveKey(modelId, weights.getVersion()).text().equals(record.key())) {
            handler.accept(weights);
          }
        });
  }

  private <V extends SpecificRecord> void each(
      TopicSpec<V> topic, Consumer<ConsumerRecord<String, V>> handler) {
    read(
        topic,
        record -> {
          if (modelId.equals(record.key())) {
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
