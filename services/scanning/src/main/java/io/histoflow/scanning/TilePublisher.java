package io.histoflow.scanning;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Publishes tiles, and the manifest of a slide once all its tiles are acknowledged. The producer is
 * idempotent: a tile is written once however often the network fails. Where the brokers take
 * nothing, it is said within seconds while the producer goes on trying. Belongs to one thread.
 */
public final class TilePublisher implements AutoCloseable {

  private final Producer<String, TileScanned> tiles;
  private final Producer<String, SlideScanned> manifests;
  private final Admin admin;
  private final BrokerTrouble trouble;
  private final StallWatch watch;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /**
   * Connects on the first record.
   *
   * @param brokers where they are, for messages
   * @param notices hears sentences on brokers that take nothing
   * @param patience how long they may take nothing before it is said
   */
  TilePublisher(KafkaClients clients, String brokers, Consumer<String> notices, Duration patience) {
    this.tiles = clients.producer(Topics.TILES_SCANNED, Map.of());
    this.manifests = clients.producer(Topics.SLIDES_SCANNED, Map.of());
    this.admin = clients.admin();
    this.trouble = new BrokerTrouble(admin, brokers);
    this.watch =
        new StallWatch(
            patience,
            () ->
                "The brokers take no tiles; trying again. "
                    + trouble.reason(Topics.TILES_SCANNED.name()),
            notices);
  }

  /**
   * Publishes one tile; waits where the brokers are slower than the scan.
   *
   * @throws ScanException where this tile or an earlier one cannot be published
   */
  public void publish(TileScanned tile) {
    check();
    watch.begun();
    try {
      // The callback hears how it ends.
      Future<RecordMetadata> unused =
          tiles.send(
              new ProducerRecord<>(Topics.TILES_SCANNED.name(), tile.getTileId(), tile),
              (metadata, e) -> {
                watch.ended();
                if (e != null) {
                  failure.compareAndSet(null, e);
                }
              });
    } catch (KafkaException e) {
      watch.ended();
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
    watch.begun();
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
    } finally {
      watch.ended();
    }
  }

  /** Waits until everything is acknowledged or given up. */
  @Override
  public void close() {
    try (watch;
        admin;
        manifests) {
      tiles.close();
    }
  }

  private void check() {
    Exception e = failure.get();
    if (e != null) {
      throw failed(Topics.TILES_SCANNED.name(), e);
    }
  }

  private ScanException failed(String topic, Throwable cause) {
    return new ScanException("Nothing more can be published: " + why(topic, cause), cause);
  }

  private String why(String topic, Throwable cause) {
    if (cause instanceof InvalidTimestampException) {
      return ("the brokers refuse records of this time, %s: the clock of this machine and"
              + " theirs differ by more than %s allows; set the clock and scan again. (%s)")
          .formatted(Instant.now(), topic, Sentences.of(cause));
    }
    if (cause instanceof TimeoutException) {
      return "the brokers took no records for %s and the producer has given up. %s (%s)"
          .formatted(topic, trouble.reason(topic), Sentences.of(cause));
    }
    return "the brokers refuse records for " + topic + ". (" + Sentences.of(cause) + ")";
  }
}
