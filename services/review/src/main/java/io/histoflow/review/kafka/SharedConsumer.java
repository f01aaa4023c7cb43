package io.histoflow.review.kafka;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * A consumer of no group that several threads use, one at a time. While Kafka does not answer,
 * requests must not pile up behind each other, so none waits for its turn beyond the timeout.
 */
public final class SharedConsumer implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock(true);

  /**
   * Takes over a consumer.
   *
   * @param timeout how long a thread waits for its turn
   */
  public SharedConsumer(Consumer<byte[], byte[]> consumer, Duration timeout) {
    this.consumer = consumer;
    this.timeout = timeout;
  }

  /** What is done with the consumer alone. */
  public interface Reading<T> {
    /** Reads; need not clean up after itself. */
    T with(Consumer<byte[], byte[]> consumer) throws RefusedException;
  }

  /**
   * Reads alone.
   *
   * @param what is read, for people, such as 'record at ...'
   * @throws RefusedException where the turn does not come in time, Kafka fails, or the reading
   *     refuses
   */
  public <T> T alone(String what, Reading<T> reading) throws RefusedException {
    if (!acquired()) {
      throw late(what);
    }
    try {
      return reading.with(consumer);
    } catch (KafkaException e) {
      throw new RefusedException(
          Reason.UNREACHABLE,
          "The " + what + " cannot be read from Kafka now: " + e.getMessage(),
          e);
    } finally {
      // What was fetched ahead is of no use and may be large.
      consumer.unsubscribe();
      lock.unlock();
    }
  }

  /** Returns how to say that Kafka did not answer in time. */
  public RefusedException late(String what) {
    return new RefusedException(
        Reason.UNREACHABLE,
        "Kafka did not give the %s within %s s: try again.".formatted(what, timeout.toSeconds()));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      consumer.close();
    } finally {
      lock.unlock();
    }
  }

  private boolean acquired() {
    try {
      return lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
