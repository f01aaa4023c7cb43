package io.histoflow.scanning;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.Topics;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The scan of a slide that the topic of manifests knows.
 *
 * @param scanId its id; empty where its scanner does not tell scans apart
 * @param scannedAt when it was made
 * @param organ of the slide
 * @param tiles how many tiles it has
 */
record KnownScan(Optional<String> scanId, Instant scannedAt, String organ, int tiles) {

  /**
   * Reads the whole topic and keeps what is asked for.
   *
   * @param slideIds the slides to look for
   * @return by slide
   * @throws ScanException where the topic cannot be read
   */
  static Map<String, KnownScan> read(KafkaClients clients, Set<String> slideIds) {
    if (slideIds.isEmpty()) {
      return Map.of();
    }
    Map<String, KnownScan> known = new HashMap<>();
    CompactedTopicReader.Handler<SlideScanned> keep =
        new CompactedTopicReader.Handler<>() {
          @Override
          public void onRecord(ConsumerRecord<String, SlideScanned> record) {
            if (record.key() != null && slideIds.contains(record.key())) {
              known.put(record.key(), of(record.value()));
            }
          }

          @Override
          public void onUnreadable(
              ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
            // It is no manifest, and not for a scanner to report.
          }
        };
    try (var reader = new CompactedTopicReader<>(clients, Topics.SLIDES_SCANNED, keep)) {
      reader.start();
    } catch (ServiceException e) {
      throw new ScanException(
          "Which slides are there already cannot be read from %s: %s"
              .formatted(
                  Topics.SLIDES_SCANNED.name(),
                  Sentences.of(e.getCause() == null ? e : e.getCause())),
          e);
    }
    known.values().removeIf(scan -> scan == null);
    return Map.copyOf(known);
  }

  private static KnownScan of(SlideScanned manifest) {
    return manifest == null
        ? null
        : new KnownScan(
            Optional.ofNullable(manifest.getScanId()),
            manifest.getScannedAt(),
            OrganName.of(manifest.getOrgan()),
            manifest.getTileCount());
  }
}
