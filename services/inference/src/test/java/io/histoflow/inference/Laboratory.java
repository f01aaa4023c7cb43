package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.TopicLog;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.weights.testing.Acceptance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Deserializer;

/** The world around the inference workers: scanners, publishers of weights, and readers. */
final class Laboratory implements AutoCloseable {
  private final KafkaClients clients;
  private final Producer<String, TileScanned> scanner;
  private final Producer<String, DecoderWeights> weights;
  private final Producer<byte[], byte[]> bytes;
  private final Deserializer<TileSegmented> deserializer;
  private final TopicLog results;
  private final TopicLog deadLetters;

  Laboratory(ServiceConfig config) {
    clients = new KafkaClients(config, "laboratory");
    scanner = clients.producer(Topics.TILES_SCANNED, Map.of());
    weights = clients.producer(Topics.DECODER_WEIGHTS, Map.of());
    bytes = clients.bytesProducer(Map.of());
    deserializer = clients.deserializer(Topics.TILES_SEGMENTED);
    results = new TopicLog(clients, Topics.TILES_SEGMENTED.name());
    deadLetters = new TopicLog(clients, Topics.TILES_DEAD_LETTER.name());
  }

  void scan(TileScanned tile) {
    done(scanner.send(new ProducerRecord<>(Topics.TILES_SCANNED.name(), tile.getTileId(), tile)));
  }

  void scan(String slideId, int tiles, int size) {
    for (int i = 0; i < tiles; i++) {
      scan(TestTiles.tile(slideId + "-" + i, slideId, i, size).build());
    }
  }

  RecordMetadata publish(String topic, String key, byte[] value) {
    return done(bytes.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)));
  }

  /** Puts weights in force as fine-tuning does. */
  void publish(DecoderWeights accepted) {
    Acceptance.publish(clients, accepted);
  }

  /** Puts weights on their topic and nothing anywhere else. */
  RecordMetadata publishAlone(DecoderWeights published) {
    return done(
        weights.send(
            new ProducerRecord<>(
                Topics.DECODER_WEIGHTS.name(), published.getModelId(), published)));
  }

  RecordMetadata withdrawWeights(String modelId) {
    return done(weights.send(new ProducerRecord<>(Topics.DECODER_WEIGHTS.name(), modelId, null)));
  }

  /** Returns the results of a slide. */
  List<TileSegmented> results(String slideId) {
    return results.read().stream()
        .filter(record -> slideId.equals(new String(record.key(), UTF_8)))
        .map(record -> deserializer.deserialize(record.topic(), record.value()))
        .toList();
  }

  List<String> tileIds(String slideId) {
    return results(slideId).stream().map(TileSegmented::getTileId).toList();
  }

  /** Returns the dead letters under a key. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    return deadLetters.read().stream()
        .filter(record -> record.key() != null && key.equals(new String(record.key(), UTF_8)))
        .toList();
  }

  /** Returns why each record under a key went to the dead-letter topic. */
  Map<String, String> reasons() {
    Map<String, String> reasons = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : deadLetters.read()) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      reasons.put(key, DeadLetters.text(record.headers(), DeadLetters.MESSAGE));
    }
    return reasons;
  }

  @Override
  public void close() {
    scanner.close();
    weights.close();
    bytes.close();
    deserializer.close();
    results.close();
    deadLetters.close();
  }

  private static RecordMetadata done(Future<RecordMetadata> sent) {
    try {
      return sent.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("A test record could not be published", e);
    }
  }
}
