package io.histoflow.platform.letters;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the dead-letter topic from its beginning to the end that it had when this was opened, one
 * letter after the other: however many there are, few are in memory.
 */
public final class LetterBox implements AutoCloseable {
  private static final String TOPIC = Topics.TILES_DEAD_LETTER.name();
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final AvroDeserializer<SpecificRecord> contents = new AvroDeserializer<>();
  private final Set<LetterId> retried = new HashSet<>();
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> ends;

  /**
   * @param config how to reach the cluster
   */
  public LetterBox(ServiceConfig config) {
    consumer =
        new KafkaClients(config, "dead-letters")
            .bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100));
    contents.configure(config.clientProperties(), false);
    partitions =
        consumer.partitionsFor(TOPIC).stream()
            .map(info -> new TopicPartition(TOPIC, info.partition()))
            .toList();
    ends = consumer.endOffsets(partitions);
  }

  /** Learns which letters were published again. */
  public void readNotes() {
    read(LetterFilter.ALL, letter -> {});
  }

  /** Hands on every letter that is meant; afterwards {@link #wasRetried} is complete. */
  public void read(LetterFilter filter, Consumer<DeadLetter> reader) {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long deadline = deadline();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        deadline = deadline();
        DeadLetter letter = DeadLetter.of(record);
        boolean isLater =
            record.offset() >= ends.get(new TopicPartition(TOPIC, record.partition()));
        if (!isLater && !isNote(record) && filter.matches(letter, tile -> saysTile(letter, tile))) {
          reader.accept(letter);
        }
      }
      requireProgress(deadline);
    }
  }

  /** Reads one letter; empty where there is none. */
  public Optional<DeadLetter> read(LetterId id) {
    TopicPartition partition = new TopicPartition(TOPIC, id.partition());
    if (!partitions.contains(partition)) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    if (id.offset() < consumer.beginningOffsets(List.of(partition)).get(partition)
        || id.offset() >= ends.get(partition)) {
      return Optional.empty();
    }
    consumer.seek(partition, id.offset());
    long deadline = deadline();
    while (consumer.position(partition) <= id.offset()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        return Optional.of(DeadLetter.of(record))
            .filter(letter -> letter.id().equals(id) && !isNote(record));
      }
      requireProgress(deadline);
    }
    return Optional.empty();
  }

  /** Whether a note that was read says that the letter was published again. */
  public boolean wasRetried(LetterId id) {
    return retried.contains(id);
  }

  /** Reads what a letter holds; empty where that is no record of ours or cannot be read. */
  public Optional<SpecificRecord> content(DeadLetter letter) {
    try {
      return Optional.ofNullable(contents.deserialize(letter.topic(), letter.record().value()));
    } catch (MalformedRecordException | RegistryUnavailableException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
    contents.close();
  }

  private boolean isNote(ConsumerRecord<byte[], byte[]> record) {
    Optional<LetterNote> note = LetterNote.of(record);
    note.ifPresent(found -> retried.addAll(found.letters()));
    return note.isPresent();
  }

  private boolean saysTile(DeadLetter letter, String tile) {
    return content(letter)
        .map(
            record -> {
              Schema.Field field = record.getSchema().getField("tileId");
              return field != null && tile.equals(record.get(field.pos()));
            })
        .orElse(false);
  }

  private static long deadline() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  private static void requireProgress(long deadline) {
    if (System.nanoTime() > deadline) {
      throw new LetterException(
          "The dead letters cannot be read: the brokers gave nothing for "
              + PATIENCE.toSeconds()
              + " s; check that they run.");
    }
  }
}
