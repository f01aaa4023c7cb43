package io.histoflow.platform.kafka;

import io.histoflow.platform.lifecycle.Causes;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes records and commits the offsets of what they answer in one transaction
 * (consume-transform-produce, KIP-98 and KIP-447). {@link #open} belongs to one thread; after it,
 * several may publish: their transactions follow one another.
 *
 * <p>After a failure the caller need not know how far the transaction got: the producer has either
 * aborted it or was replaced, which makes the brokers decide it, and the offsets committed with the
 * group then say what remains to be done. Errors are sorted as KIP-1050 does.
 */
public final class TransactionalPublisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TransactionalPublisher.class);

  /** Who is fenced more often than is tolerated within this time has a twin. */
  private static final Duration TWIN_WINDOW = Duration.ofMinutes(1);

  /** While Kafka does not answer, callers must not pile up behind each other. */
  private static final long LONGEST_TURN_SECONDS = 10;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final String twin;
  private final InstantSource clock;
  private final int toleratedFencings;
  private final Deque<Instant> fencings = new ArrayDeque<>();
  private Producer<byte[], byte[]> producer;

  /**
   * Makes the publisher; {@link #open} connects it.
   *
   * @param producers makes a bytes producer with the owner's {@code transactional.id}
   * @param twin the sentence for a person when another process uses the same transactional id and
   *     does not give way: who it must be and what to do
   * @param toleratedFencings how often within a minute being fenced is no sign of a twin: 1, or
   *     more where several share the id, who write seldom and one after the other
   * @param clock tells fencing by a twin from an interruption of this machine
   */
  public TransactionalPublisher(
      Supplier<Producer<byte[], byte[]>> producers,
      String twin,
      int toleratedFencings,
      InstantSource clock) {
    this.producers = producers;
    this.twin = twin;
    this.toleratedFencings = toleratedFencings;
    this.clock = clock;
  }

  /**
   * Ends what a former life of the owner left open, fences any twin, and gets ready.
   *
   * @throws KafkaException when the brokers do not answer or refuse
   */
  public void open() {
    Producer<byte[], byte[]> fresh = producers.get();
    try {
      fresh.initTransactions();
    } catch (RuntimeException e) {
      fresh.close(Duration.ZERO);
      throw e;
    }
    producer = fresh;
  }

  /**
   * Publishes records, all or none.
   *
   * @throws TransactionFailedException when that did not happen, or it is not known; read the
   *     topics again and go on
   */
  public void publish(List<ProducerRecord<byte[], byte[]>> records)
      throws TransactionFailedException {
    // Without offsets no group is asked for.
    publish(records, Map.of(), null);
  }

  /**
   * Publishes records and commits offsets, both or neither.
   *
   * @param offsets for each partition the offset after the last record answered
   * @param group the group that reads them, as it is now
   * @throws TransactionFailedException when neither happened, or it is not known; go back to the
   *     committed offsets and go on
   * @throws TimeoutException when others publish for too long
   * @throws RuntimeException when trying again cannot help
   */
  public void publish(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group)
      throws TransactionFailedException {
    if (!hasTurn()) {
      throw new TimeoutException("Kafka is still busy with what was sent before.");
    }
    try {
      commit(records, offsets, group);
    } finally {
      turn.unlock();
    }
  }

  private boolean hasTurn() {
    try {
      return turn.tryLock(LONGEST_TURN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void commit(
      List<ProducerRecord<byte[], byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group)
      throws TransactionFailedException {
    if (producer == null) {
      reopen();
    }
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // The commit reports a send that failed.
        Future<RecordMetadata> unused = producer.send(record);
      }
      if (!offsets.isEmpty()) {
        producer.sendOffsetsToTransaction(offsets, group);
      }
      producer.commitTransaction();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      undo(e);
      throw new TransactionFailedException(
          "A transaction of " + records.size() + " records failed: " + Sentences.of(e), e);
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (producer != null) {
        producer.close(Duration.ofSeconds(5));
        producer = null;
      }
    } finally {
      turn.unlock();
    }
  }

  private void undo(RuntimeException failure) throws TransactionFailedException {
    if (Causes.areAny(
        failure,
        AuthenticationException.class,
        InvalidConfigurationException.class,
        UnsupportedVersionException.class)) {
      throw failure;
    }
    if (Causes.areAny(
        failure, ProducerFencedException.class, InvalidProducerEpochException.class)) {
      afterFencing(failure);
      return;
    }
    try {
      producer.abortTransaction();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException | IllegalStateException e) {
      log.atDebug().setCause(e).log("The transaction cannot be aborted; the producer is replaced");
      reopen();
    }
  }

  /** The brokers also fence a producer whose machine slept through its transaction's time. */
  private void afterFencing(RuntimeException failure) throws TransactionFailedException {
    Instant now = clock.instant();
    fencings.removeIf(before -> !before.plus(TWIN_WINDOW).isAfter(now));
    if (fencings.size() >= toleratedFencings) {
      throw new ServiceException(twin, failure);
    }
    fencings.add(now);
    log.atWarn().log("Fenced by the brokers; starting over with a new producer");
    reopen();
  }

  private void reopen() throws TransactionFailedException {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
    try {
      open();
    } catch (RetriableException e) {
      throw new TransactionFailedException(
          "The transaction coordinator does not answer: " + Sentences.of(e), e);
    }
  }
}
