package io.histoflow.platform.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.schemas.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record on the dead-letter topic, with neither key nor value, that says which letters were
 * published again. It lies behind them in their own partition, so that whoever has read that from a
 * letter to its end knows.
 *
 * @param letters the letters
 */
public record LetterNote(List<LetterId> letters) {
  private static final String HEADER = "histoflow.retried.letters";
  private static final Pattern COMMA = Pattern.compile(",");

  /** Takes a copy. */
  public LetterNote {
    letters = List.copyOf(letters);
  }

  /** Reads a note; empty where the record is a letter. */
  public static Optional<LetterNote> of(ConsumerRecord<byte[], byte[]> record) {
    String note = DeadLetters.text(record.headers(), HEADER);
    if (note.isEmpty() || record.key() != null || record.value() != null) {
      return Optional.empty();
    }
    return Optional.of(
        new LetterNote(
            COMMA.splitAsStream(note).flatMap(id -> LetterId.parse(id).stream()).toList()));
  }

  /** Returns the notes of letters, one for each partition. */
  static List<ProducerRecord<byte[], byte[]>> records(Collection<LetterId> letters) {
    Map<Integer, List<LetterId>> byPartition =
        letters.stream()
            .collect(Collectors.groupingBy(LetterId::partition, TreeMap::new, Collectors.toList()));
    return byPartition.entrySet().stream()
        .map(entry -> record(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static ProducerRecord<byte[], byte[]> record(int partition, List<LetterId> letters) {
    String ids = letters.stream().map(LetterId::toString).collect(Collectors.joining(","));
    return new ProducerRecord<>(
        Topics.TILES_DEAD_LETTER.name(),
        partition,
        null,
        null,
        null,
        new RecordHeaders().add(HEADER, ids.getBytes(UTF_8)));
  }
}
