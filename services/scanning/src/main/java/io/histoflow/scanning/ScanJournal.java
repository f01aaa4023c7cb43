package io.histoflow.scanning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.schemas.Topics;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers where the topic of tiles ended when a scan began, so that one which was interrupted
 * goes on where it stopped: what it has published is read off the topic from there on, and not
 * published again. A small file a scan, gone when the scan is complete.
 *
 * <p>Where nothing is remembered, as on another machine, a scan begins at its first tile; that
 * costs time and changes nothing. Belongs to one thread.
 */
final class ScanJournal implements AutoCloseable {
  private static final String CLUSTER = "cluster";
  private static final String BEGUN = "begun";
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int RECORDS_AT_A_TIME = 100;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Path folder;
  private final KafkaClients clients;
  private final InstantSource clock;
  private final java.util.function.Consumer<String> notices;
  private Consumer<byte[], byte[]> tiles;
  private String cluster;

  /**
   * @param folder where scans that have begun are noted; made when it is needed
   * @param notices hears where that cannot be done
   */
  ScanJournal(
      Path folder,
      KafkaClients clients,
      InstantSource clock,
      java.util.function.Consumer<String> notices) {
    this.folder = folder;
    this.clients = clients;
    this.clock = clock;
    this.notices = notices;
  }

  /**
   * What an interrupted scan had done.
   *
   * @param begun when it began
   * @param tileIds what it has published
   */
  record Interrupted(Instant begun, Set<String> tileIds) {}

  /**
   * Notes that a scan begins, or finds what an earlier run of it has published.
   *
   * @param tilePrefix what the ids of its tiles begin with
   * @return what was published; empty where the scan begins anew
   * @throws ScanException where the topic cannot be read
   */
  Optional<Interrupted> begin(String scanId, String tilePrefix) {
    try {
      if (tiles == null) {
        cluster = clients.clusterId();
        tiles =
            clients.bytesConsumer(
                null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_A_TIME));
      }
      Optional<Properties> note = note(scanId).filter(n -> cluster.equals(n.get(CLUSTER)));
      if (note.isPresent()) {
        return Optional.of(
            new Interrupted(
                Instant.parse(note.get().getProperty(BEGUN)), published(note.get(), tilePrefix)));
      }
      write(scanId);
      return Optional.empty();
    } catch (IOException e) {
      notices.accept(
          "That the scan has begun cannot be noted in %s (%s): interrupted, it would begin anew. Name a folder that can be written with histoflow.scan.journal."
              .formatted(folder, e));
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ScanException("The scan was interrupted.", e);
    } catch (KafkaException | ServiceException e) {
      throw new ScanException(
          "What was published of an interrupted scan cannot be read: " + Sentences.of(e), e);
    }
  }

  /** Forgets a scan that is complete. */
  void completed(String scanId) {
    try {
      Files.deleteIfExists(file(scanId));
    } catch (IOException e) {
      notices.accept("The note of the complete scan cannot be deleted (" + e + ").");
    }
  }

  /** A note that cannot be read is none. */
  private Optional<Properties> note(String scanId) throws IOException {
    if (!Files.exists(file(scanId))) {
      return Optional.empty();
    }
    Properties note = new Properties();
    try (Reader in = Files.newBufferedReader(file(scanId))) {
      note.load(in);
      var unused = Instant.parse(note.getProperty(BEGUN, ""));
      return Optional.of(note);
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private void write(String scanId) throws IOException {
    Properties note = new Properties();
    note.put(CLUSTER, cluster);
    note.put(BEGUN, clock.instant().toString());
    List<TopicPartition> partitions = Partitions.of(tiles, Topics.TILES_SCANNED.name());
    tiles.assign(partitions);
    tiles
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                note.put(Integer.toString(partition.partition()), Long.toString(end)));
    tiles.unsubscribe();
    Files.createDirectories(folder);
    Path part = folder.resolve(scanId + ".part");
    try (Writer out = Files.newBufferedWriter(part)) {
      note.store(out, "A scan that has begun; delete this to begin it anew.");
    }
    Files.move(part, file(scanId), StandardCopyOption.REPLACE_EXISTING);
  }

  private Set<String> published(Properties note, String tilePrefix) {
    List<TopicPartition> partitions = Partitions.of(tiles, Topics.TILES_SCANNED.name());
    tiles.assign(partitions);
    Map<TopicPartition, Long> ends = tiles.endOffsets(partitions);
    Map<TopicPartition, Long> starts = new HashMap<>(tiles.beginningOffsets(partitions));
    starts.replaceAll((partition, first) -> Math.max(first, start(note, partition)));
    starts.forEach(tiles::seek);
    Set<String> found = new HashSet<>();
    long last = System.nanoTime();
    while (partitions.stream().anyMatch(p -> tiles.position(p) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : tiles.poll(POLL)) {
        last = System.nanoTime();
        String tileId = record.key() == null ? "" : new String(record.key(), UTF_8);
        if (tileId.startsWith(tilePrefix)) {
          found.add(tileId);
        }
      }
      if (System.nanoTime() - last > PATIENCE_NANOS) {
        throw new ServiceException("the brokers gave nothing for 30 s; check that they run.");
      }
    }
    tiles.unsubscribe();
    return found;
  }

  /** A partition that was added since begins at its first record. */
  private static long start(Properties note, TopicPartition partition) {
    String offset = note.getProperty(Integer.toString(partition.partition()), "0");
    return offset.chars().allMatch(Character::isDigit) && offset.length() < 19
        ? Long.parseLong(offset)
        : 0;
  }

  @Override
  public void close() {
    if (tiles != null) {
      tiles.close();
    }
  }

  private Path file(String scanId) {
    return folder.resolve(scanId + ".properties");
  }
}
