package io.histoflow.review.tile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.SharedConsumer;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Finds the tiles around a tile. Nothing lists the tiles of a slide, but all its results lie in one
 * partition, and those of neighbours near each other: so the results before and after a tile's are
 * looked through, in pages of which the places are kept, up to a number of bytes. What lies farther
 * away is not known. Safe for use by several threads, one of which reads at a time.
 */
public final class SlideTiles implements AutoCloseable {
  private static final String TOPIC = Topics.TILES_SEGMENTED.name();
  private static final Duration POLL = Duration.ofMillis(200);

  /** Results on a page. */
  private static final int PAGE = 400;

  /** Pages that are looked through, from the tile's own page; the nearest first. */
  private static final int[] NEAREST_FIRST = {0, -1, 1, -2, 2};

  /** Most bytes of results that are read for one tile; masks and entropy maps are among them. */
  private static final long MOST_READ = 64 << 20;

  private final SharedConsumer consumer;
  private final TileReader tiles;
  private final WorkBudget work;
  private final Duration timeout;
  private final AvroDeserializer<TileSegmented> results =
      new AvroDeserializer<>(TileSegmented.class);
  private final Cache<PageKey, List<TilePlace>> pages;

  /** Of the tiles that are looked at now: their neighbours' pictures are asked for next. */
  private final Cache<RecordPosition, Surroundings> found =
      Caffeine.newBuilder().maximumSize(64).expireAfterWrite(Duration.ofMinutes(2)).build();

  /**
   * Takes over a consumer.
   *
   * @param consumer of no group, that reads what was committed
   * @param registryConfig the schema registry client's configuration
   * @param tiles reads the tile itself
   * @param work bounds what is read at a time
   * @param bytes most bytes of places that are kept
   * @param timeout how long looking through may take
   */
  public SlideTiles(
      Consumer<byte[], byte[]> consumer,
      Map<String, ?> registryConfig,
      TileReader tiles,
      WorkBudget work,
      long bytes,
      Duration timeout) {
    this.consumer = new SharedConsumer(consumer, timeout);
    this.tiles = tiles;
    this.work = work;
    this.timeout = timeout;
    this.results.configure(registryConfig, false);
    this.pages =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((PageKey key, List<TilePlace> page) -> bytes(page))
            .executor(Runnable::run)
            .build();
  }

  /**
   * Finds the tiles around one.
   *
   * @throws RefusedException where the tile's own record has expired, and where Kafka or the
   *     registry did not answer in time
   */
  public Surroundings around(Alert alert) throws RefusedException {
    Surroundings known = found.getIfPresent(alert.position());
    if (known != null) {
      return known;
    }
    WorkBudget.Share share = work.take(TileReader.BYTES_OF_WORK);
    try (share) {
      double downsample = Math.max(1, tiles.scanned(alert).getDownsample());
      Surroundings around =
          consumer.alone(
              "surroundings of tile " + alert.tileId(), alone -> around(alone, alert, downsample));
      found.put(alert.position(), around);
      return around;
    }
  }

  @Override
  public void close() {
    consumer.close();
    results.close();
  }

  private Surroundings around(Consumer<byte[], byte[]> alone, Alert alert, double downsample)
      throws RefusedException {
    TileSegmented tile = alert.segmentation();
    Reading reading = new Reading(alone, partition(alone, tile.getSlideId()));
    Optional<Long> at = reading.offsetAt(tile.getSegmentedAt());
    // Of a tile that was segmented twice the later place counts.
    Map<List<Integer>, TilePlace> places = new LinkedHashMap<>();
    boolean isWhole = at.isPresent();
    for (int i = 0; i < NEAREST_FIRST.length && isWhole; i++) {
      long page = at.get() / PAGE + NEAREST_FIRST[i];
      Optional<List<TilePlace>> read = page < 0 ? Optional.of(List.of()) : reading.page(page);
      isWhole = read.isPresent();
      for (TilePlace place : read.orElse(List.of())) {
        if (belongsTo(place, tile)) {
          places.put(List.of(place.x(), place.y()), place);
        }
      }
    }
    List<TilePlace> rows = new ArrayList<>(places.values());
    rows.sort(Comparator.comparingInt(TilePlace::y).thenComparingInt(TilePlace::x));
    return new Surroundings(downsample, rows, isWhole);
  }

  private static boolean belongsTo(TilePlace place, TileSegmented tile) {
    return place.slideId().equals(tile.getSlideId())
        && place.scanId().equals(Optional.ofNullable(tile.getScanId()))
        && place.tile().topic().equals(Topics.TILES_SCANNED.name())
        && (place.x() != tile.getX() || place.y() != tile.getY());
  }

  /** The partition of a slide's results, as producers place a key. */
  private TopicPartition partition(Consumer<byte[], byte[]> alone, String slideId) {
    int partitions = alone.partitionsFor(TOPIC, timeout).size();
    byte[] key = slideId.getBytes(StandardCharsets.UTF_8);
    return new TopicPartition(TOPIC, Partitions.ofKey(key, partitions));
  }

  private static int bytes(List<TilePlace> page) {
    return page.stream().mapToInt(TilePlace::bytes).sum() + 64;
  }

  /** Reads pages of one partition for one tile. */
  private final class Reading {
    private final Consumer<byte[], byte[]> alone;
    private final TopicPartition partition;
    private final Instant deadline = Instant.now().plus(timeout);
    private final long first;
    private final long end;
    private long bytesRead;

    Reading(Consumer<byte[], byte[]> alone, TopicPartition partition) {
      this.alone = alone;
      this.partition = partition;
      this.first = alone.beginningOffsets(List.of(partition), timeout).get(partition);
      this.end = alone.endOffsets(List.of(partition), timeout).get(partition);
      alone.assign(List.of(partition));
    }

    /** The first result that is not from before a moment; empty where there is none. */
    Optional<Long> offsetAt(Instant moment) {
      OffsetAndTimestamp found =
          alone.offsetsForTimes(Map.of(partition, moment.toEpochMilli()), timeout).get(partition);
      return Optional.ofNullable(found).map(OffsetAndTimestamp::offset);
    }

    /** The places on a page; empty where they could not all be read. */
    Optional<List<TilePlace>> page(long number) throws RefusedException {
      PageKey key = new PageKey(partition.partition(), number);
      List<TilePlace> known = pages.getIfPresent(key);
      if (known != null) {
        return Optional.of(known);
      }
      long to = Math.min(end, (number + 1) * PAGE);
      List<TilePlace> page = new ArrayList<>();
      long next = Math.max(first, number * PAGE);
      if (next < to) {
        alone.seek(partition, next);
      }
      while (next < to) {
        if (bytesRead > MOST_READ || Instant.now().isAfter(deadline)) {
          return Optional.empty();
        }
        for (ConsumerRecord<byte[], byte[]> record : alone.poll(POLL).records(partition)) {
          bytesRead += record.serializedValueSize();
          if (record.offset() < to) {
            place(record).ifPresent(page::add);
          }
        }
        next = alone.position(partition, timeout);
      }
      // A page that is not full yet grows.
      if (to == (number + 1) * PAGE) {
        pages.put(key, List.copyOf(page));
      }
      return Optional.of(page);
    }

    private Optional<TilePlace> place(ConsumerRecord<byte[], byte[]> record)
        throws RefusedException {
      try {
        return Optional.ofNullable(results.deserialize(TOPIC, record.value())).map(TilePlace::of);
      } catch (RegistryUnavailableException e) {
        throw RefusedException.registryAway(e);
      } catch (SerializationException | IllegalArgumentException e) {
        // Whoever answers for the topic sets it aside; here it is a tile that is not known.
        return Optional.empty();
      }
    }
  }

  private record PageKey(int partition, long number) {}
}
