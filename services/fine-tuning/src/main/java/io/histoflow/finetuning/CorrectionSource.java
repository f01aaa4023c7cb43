package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.MalformedRecordException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads corrections again from their topic when a round needs them. What lies there no more, since
 * a later verdict took its place, and what proves unusable is left out. Belongs to one thread.
 */
final class CorrectionSource implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CorrectionSource.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Nearer ones are read past; the broker sends them along in any case. */
  private static final long FAR = 50;

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private final CorrectionReader reader;
  private final long heldOutBytes;
  private final Refusals refusals;
  private final Deque<ConsumerRecord<byte[], byte[]>> ahead = new ArrayDeque<>();

  /** Hears of corrections that prove unusable. */
  @FunctionalInterface
  interface Refusals {
    void refused(Correction correction, ConsumerRecord<byte[], byte[]> source, Exception why);
  }

  /**
   * @param consumer in no group; is closed with this
   * @param heldOutBytes most bytes of corrections to be judged on in memory
   * @param refusals hears of what proves unusable
   */
  CorrectionSource(
      String topic,
      Consumer<byte[], byte[]> consumer,
      CorrectionReader reader,
      long heldOutBytes,
      Refusals refusals) {
    this.topic = topic;
    this.consumer = consumer;
    this.reader = reader;
    this.heldOutBytes = heldOutBytes;
    this.refusals = refusals;
  }

  /**
   * Returns corrections decoded and at the resolution of the model that is to learn from them, in
   * the order of the wanted ones.
   */
  List<LabelledTile> decoded(
      List<Correction> wanted, ModelResolution model, ProgressListener progress) {
    return read(wanted, progress, (encoded, decoded) -> decoded.at(model));
  }

  /**
   * Returns corrections to judge models on, in the order of the wanted ones: decoded as far as
   * memory may go, the others to be decoded each time that they are needed.
   */
  List<TileSource> heldOut(List<Correction> wanted, ProgressListener progress) {
    AtomicLong left =
        new AtomicLong(heldOutBytes - wanted.stream().mapToLong(Correction::encodedBytes).sum());
    return read(
        wanted,
        progress,
        (encoded, decoded) -> {
          long more = encoded.correction().decodedBytes() - encoded.correction().encodedBytes();
          if (more > left.get()) {
            return encoded;
          }
          left.addAndGet(-more);
          return () -> decoded;
        });
  }

  @Override
  public void close() {
    consumer.close();
  }

  private <T> List<T> read(
      List<Correction> wanted,
      ProgressListener progress,
      BiFunction<EncodedCorrection, LabelledTile, T> taking) {
    // Each reading begins anew, since what it wants may lie before what was read last.
    consumer.unsubscribe();
    ahead.clear();
    Map<Correction, T> taken = new HashMap<>();
    List<Correction> inOrder =
        wanted.stream()
            .sorted(Comparator.comparing(Correction::partition).thenComparing(Correction::offset))
            .toList();
    for (Correction correction : inOrder) {
      find(correction, progress)
          .flatMap(record -> sound(correction, record, taking))
          .ifPresent(it -> taken.put(correction, it));
      progress.onProgress("read corrections", taken.size(), wanted.size(), correction.tileId());
    }
    if (taken.size() < wanted.size()) {
      log.atInfo()
          .addKeyValue("wanted", wanted.size())
          .addKeyValue("found", taken.size())
          .log("Corrections that were replaced or proved unusable are left out of the round");
    }
    List<T> all = new ArrayList<>(taken.size());
    wanted.forEach(correction -> Optional.ofNullable(taken.get(correction)).ifPresent(all::add));
    return all;
  }

  private <T> Optional<T> sound(
      Correction correction,
      ConsumerRecord<byte[], byte[]> record,
      BiFunction<EncodedCorrection, LabelledTile, T> taking) {
    try {
      Optional<EncodedCorrection> encoded = reader.read(record).correction();
      if (encoded.isEmpty()) {
        return Optional.empty();
      }
      LabelledTile decoded = encoded.get().decode();
      return Optional.of(taking.apply(encoded.get(), decoded));
    } catch (ImageRejectedException | IllegalArgumentException e) {
      refusals.refused(correction, record, CorrectionReader.unusable(correction, e));
    } catch (MalformedRecordException | RejectedRecordException e) {
      refusals.refused(correction, record, e);
    }
    return Optional.empty();
  }

  /** Called for corrections in the order in which they lie. */
  private Optional<ConsumerRecord<byte[], byte[]>> find(
      Correction correction, ProgressListener progress) {
    TopicPartition partition = new TopicPartition(topic, correction.partition());
    if (!consumer.assignment().contains(partition)) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, correction.offset());
      ahead.clear();
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      while (!ahead.isEmpty() && ahead.peek().offset() < correction.offset()) {
        ahead.remove();
      }
      long position = consumer.position(partition);
      if (!ahead.isEmpty() || position > correction.offset()) {
        return Optional.ofNullable(ahead.peek())
            .filter(record -> record.offset() == correction.offset() && record.value() != null);
      }
      if (correction.offset() - position > FAR) {
        consumer.seek(partition, correction.offset());
      }
      consumer.poll(POLL).forEach(ahead::add);
      progress.onProgress("read corrections", 0, 0, correction.tileId());
      if (ahead.isEmpty() && System.nanoTime() > deadline) {
        throw new TimeoutException(
            "The correction at offset %d of %s is not to be had."
                .formatted(correction.offset(), partition));
      }
    }
  }
}
