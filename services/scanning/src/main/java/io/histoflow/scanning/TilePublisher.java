package io.histoflow.scanning;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes tiles, and the manifest of a slide once all its tiles are acknowledged. The producer is
 * idempotent: a tile is written once however often the network fails. Belongs to one thread.
 */
public final class TilePublisher implements AutoCloseable {

  private final Producer<String, TileScanned> tiles;
  private final Producer<String, SlideScanned> manifests;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Connects on the first record. */
  public TilePublisher(KafkaClients clients) {
    this.tiles = clients.producer(Topics.TILES_SCANNED, Map.of());
    this.manifests = clients.producer(Topics.SLIDES_SCANNED, Map.of());
  }

  /**
   * Publishes one tile; waits where the brokers are slower than the scan.
   *
   * @throws ScanException where this tile or an earlier one cannot be published
   */
  public void publish(TileScanned tile) {
    check();
    try {
      // The callback hears how it ends.
      Future<RecordMetadata> unused =
          tiles.send(
              new ProducerRecord<>(Topics.TILES_SCANNED.name(), tile.getTileId(), tile),
              (metadata, e) -> {
                if (e != null) {
                  failure.compareAndSet(null, e);
                }
              });
    } catch (KafkaException e) {
      throw failed(Topics.TILES_SCANNED.name(), e);
    }
  }

  /**
   * Publishes a manifest after all tiles so far are acknowledged.
   *
   * @throws ScanException where a tile or the manifest cannot be published
   */
  public void publish(SlideScanned manifest) {
    tiles.flush();
    check();
    try {
      manifests
          .send(new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), manifest.getSlideId(), manifest))
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScanException("The scan was interrupted.", e);
    } catch (ExecutionException e) {
      throw failed(Topics.SLIDES_SCANNED.name(), e.getCause());
    } catch (KafkaException e) {
      throw failed(Topics.SLIDES_SCANNED.name(), e);
    }
  }

  /** Waits until everything is acknowledged or given up. */
  @Override
  public void close() {
    try {
      tiles.close();
    } finally {
      manifests.close();
    }
  }

  private void check() {
    Exception e = failure.get();
    if (e != null) {
      throw failed(Topics.TILES_SCANNED.name(), e);
    }
  }

  private static ScanException failed(String topic, Throwable cause) {
    return new ScanException(
        "Nothing more can be published to " + topic + ": " + Sentences.of(cause), cause);
  }
}
