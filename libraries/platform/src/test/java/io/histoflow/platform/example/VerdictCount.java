package io.histoflow.platform.example;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Counts the verdicts of each reviewer. */
public final class VerdictCount extends KafkaService {
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private Deserializer<MaskCorrected> reader;
  private Consumer<byte[], byte[]> verdicts;

  public VerdictCount(ServiceConfig config) {
    super("verdict-count", config);
  }

  @Override
  protected void onStart(KafkaClients clients) {
    reader = opened(clients.deserializer(Topics.MASKS_CORRECTED));
    verdicts = opened(clients.bytesConsumer("verdict-count", Map.of()));
    verdicts.subscribe(List.of(Topics.MASKS_CORRECTED.name()));
  }

  @Override
  protected void runOnce() {
    verdicts.poll(Duration.ofMillis(500)).forEach(this::count);
    verdicts.commitSync();
  }

  private void count(ConsumerRecord<byte[], byte[]> record) {
    try {
      Optional.ofNullable(reader.deserialize(record.topic(), record.value()))
          .ifPresent(verdict -> counts.merge(verdict.getReviewer(), 1, Integer::sum));
    } catch (MalformedRecordException e) {
      // Routing reads the same topic and sends the dead letter.
    }
  }

  /** Returns how many verdicts each reviewer has given. */
  public Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }
}
