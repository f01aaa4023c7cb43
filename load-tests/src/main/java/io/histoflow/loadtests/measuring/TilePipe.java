package io.histoflow.loadtests.measuring;

import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Both ends of the pipeline, as clients see it: publishes tiles and reads the committed results.
 * Not safe for several threads.
 */
public final class TilePipe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(20);

  private final Producer<String, TileScanned> scanner;
  private final Consumer<String, TileSegmented> reader;
  private final BooleanSupplier alive;
  private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
  private int runs;

  /**
   * @param config where broker and registry are
   * @param alive whether the service between the two ends still runs
   */
  public TilePipe(ServiceConfig config, BooleanSupplier alive) {
    KafkaClients clients = new KafkaClients(config, "bench");
    this.alive = alive;
    this.scanner = clients.producer(Topics.TILES_SCANNED, Map.of());
    this.reader = clients.consumer(Topics.TILES_SEGMENTED, null, Map.of());
    List<TopicPartition> partitions =
        reader.partitionsFor(Topics.TILES_SEGMENTED.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    reader.assign(partitions);
    reader.seekToEnd(partitions);
    partitions.forEach(reader::position);
  }

  /**
   * What one run took.
   *
   * @param seconds from the first tile published to the last result read
   * @param latencyNanos for each tile, from publishing it to reading its result
   */
  public record Run(double seconds, List<Long> latencyNanos) {}

  /** Publishes all tiles as fast as possible and waits for every result. */
  public Run flood(List<BenchTile> tiles) {
    return run(tiles, 0);
  }

  /** Publishes a tile at a time, evenly spaced, and waits for every result. */
  public Run paced(List<BenchTile> tiles, double tilesPerSecond) {
    return run(tiles, (long) (1e9 / tilesPerSecond));
  }

  @Override
  public void close() {
    scanner.close();
    reader.close();
  }

  private Run run(List<BenchTile> tiles, long spacingNanos) {
    String slideId = "bench-" + runs++;
    Map<String, Long> publishedAt = new HashMap<>();
    List<Long> latencies = new ArrayList<>(tiles.size());
    long begin = System.nanoTime();
    long lastProgress = begin;
    int published = 0;
    while (latencies.size() < tiles.size()) {
      long now = System.nanoTime();
      while (published < tiles.size() && now - begin >= published * spacingNanos) {
        String tileId = slideId + "/" + published;
        publishedAt.put(tileId, System.nanoTime());
        publish(tileId, slideId, tiles.get(published++));
        now = System.nanoTime();
      }
      for (ConsumerRecord<String, TileSegmented> result :
          reader.poll(wait(published < tiles.size(), begin + published * spacingNanos - now))) {
        lastProgress = System.nanoTime();
        latencies.add(lastProgress - accept(result.value(), publishedAt));
      }
      requireProgress(lastProgress, latencies.size(), tiles.size());
    }
    return new Run((System.nanoTime() - begin) / 1e9, List.copyOf(latencies));
  }

  private void publish(String tileId, String slideId, BenchTile tile) {
    TileScanned scanned =
        TileScanned.newBuilder()
            .setTileId(tileId)
            .setSlideId(slideId)
            .setOrgan(tile.organ())
            .setX(0)
            .setY(0)
            .setWidth(tile.image().width())
            .setHeight(tile.image().height())
            .setFormat(ImageFormat.JPEG)
            .setImage(tile.jpeg().duplicate())
            .setScannedAt(Instant.now())
            .build();
    var unused =
        scanner.send(
            new ProducerRecord<>(Topics.TILES_SCANNED.name(), tileId, scanned),
            (metadata, e) -> sendFailure.compareAndSet(null, e));
  }

  /** A tile's result may be read once: a second one would make the rate a lie. */
  private static long accept(TileSegmented result, Map<String, Long> publishedAt) {
    Long at = publishedAt.remove(result.getTileId());
    if (at == null) {
      throw new BenchException(
          "Tile " + result.getTileId() + " was segmented twice or was never published.");
    }
    return at;
  }

  /** Results are waited for until the next tile is due. */
  private static Duration wait(boolean moreToPublish, long nanosUntilDue) {
    return moreToPublish && nanosUntilDue < LONGEST_WAIT.toNanos()
        ? Duration.ofNanos(Math.max(0, nanosUntilDue))
        : LONGEST_WAIT;
  }

  private void requireProgress(long lastProgress, int done, int total) {
    if (sendFailure.get() != null) {
      throw new BenchException("A tile was not published: " + sendFailure.get().getMessage());
    }
    if (!alive.getAsBoolean()) {
      throw new BenchException(
          "The inference service stopped after " + done + " of " + total + " tiles.");
    }
    if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
      throw new BenchException(
          "No result came for "
              + PATIENCE.toMinutes()
              + " minutes after "
              + done
              + " of "
              + total
              + " tiles; look into "
              + Topics.TILES_DEAD_LETTER.name()
              + ".");
    }
  }
}
