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
import io.histoflow.schemas.SlideReport;
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
 * away is not known. Of a slide that was reported all tiles can be found, for its report says when
 * they were segmented. Safe for use by several threads, one of which reads at a time.
 */
public final class SlideTiles implements AutoCloseable {
  private static final String TOPIC = Topics.TILES_SEGMENTED.name();
  private static final Duration POLL = Duration.ofMillis(200);

  private static final Comparator<TilePlace> BY_ROWS =
      Comparator.comparingInt(TilePlace::y).thenComparingInt(TilePlace::x);

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

  /** Whole ones: the pictures of their tiles are asked for next. */
  private final Cache<SlideReport, SlideMosaic> mosaics;

  /**
   * Longest time that one request for a mosaic keeps others waiting; the next goes on from there.
   */
  private static final Duration MOSAIC_TURN = Duration.ofSeconds(2);

  /** Most tiles of a mosaic. */
  private static final int MOST_TILES = 40_000;

  /** What was segmented at the moment of the first or last report may be written a little off. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

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
   * @param bytes most bytes of places that are kept; a quarter of it for whole slides
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
            .maximumWeight(bytes - bytes / 4)
            .weigher((PageKey key, List<TilePlace> page) -> bytes(page))
            .executor(Runnable::run)
            .build();
    this.mosaics =
        Caffeine.newBuilder()
            .maximumWeight(bytes / 4)
            .weigher((SlideReport report, SlideMosaic mosaic) -> bytes(mosaic.tiles()))
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

  /**
   * Finds the tiles of a slide that was reported. A large slide takes several calls: each goes on
   * where the one before ended, as long as the places read so far are kept.
   *
   * @throws RefusedException where Kafka or the registry did not answer in time
   */
  public SlideMosaic ofSlide(SlideReport report) throws RefusedException {
    SlideMosaic known = mosaics.getIfPresent(report);
    if (known != null) {
      return known;
    }
    SlideMosaic mosaic =
        consumer.alone("tiles of slide " + report.getSlideId(), alone -> ofSlide(alone, report));
    if (mosaic.isWhole()) {
      mosaics.put(report, mosaic);
    }
    return mosaic;
  }

  @Override
  public void close() {
    consumer.close();
    results.close();
  }

  private SlideMosaic ofSlide(Consumer<byte[], byte[]> alone, SlideReport report)
      throws RefusedException {
    Reading reading = new Reading(alone, partition(alone, report.getSlideId()), MOSAIC_TURN);
    Instant first = Optional.ofNullable(report.getFirstTileAt()).orElse(report.getReportedAt());
    long from = reading.offsetAt(first.minus(MARGIN)).orElse(reading.end);
    long to = reading.offsetAt(report.getReportedAt().plus(MARGIN)).orElse(reading.end);
    Optional<String> scanId = Optional.ofNullable(report.getScanId());
    Map<List<Integer>, TilePlace> places = new LinkedHashMap<>();
    boolean isWhole = true;
    for (long page = from / PAGE; page * PAGE < to && isWhole; page++) {
      Optional<List<TilePlace>> read = reading.page(page);
      isWhole = read.isPresent() && places.size() <= MOST_TILES;
      for (TilePlace place : read.orElse(List.of())) {
        if (place.slideId().equals(report.getSlideId())
            && place.scanId().equals(scanId)
            && place.tile().topic().equals(Topics.TILES_SCANNED.name())) {
          places.put(List.of(place.x(), place.y()), place);
        }
      }
    }
    List<TilePlace> rows = new ArrayList<>(places.values());
    rows.sort(BY_ROWS);
    return new SlideMosaic(rows, isWhole);
  }

  private Surroundings around(Consumer<byte[], byte[]> alone, Alert alert, double downsample)
      throws RefusedException {
    TileSegmented tile = alert.segmentation();
    Reading reading = new Reading(alone, partition(alone, tile.getSlideId()), timeout);
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
    rows.sort(BY_ROWS);
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
    private final Instant deadline;
    private final long first;
    private final long end;
    private long bytesRead;

    Reading(Consumer<byte[], byte[]> alone, TopicPartition partition, Duration longest) {
      this.alone = alone;
      this.partition = partition;
      this.deadline = Instant.now().plus(longest);
      alone.assign(List.of(partition));
      this.first = alone.beginningOffsets(List.of(partition), timeout).get(partition);
      this.end = alone.endOffsets(List.of(partition), timeout).get(partition);
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
