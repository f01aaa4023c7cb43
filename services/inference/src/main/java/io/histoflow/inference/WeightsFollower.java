package io.histoflow.inference;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.versions.LedgerFollower;
import io.histoflow.weights.versions.VersionLedger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the published weights of one model. The record that stands last on the topic counts, be
 * its version higher or lower, so that weights can also go back; a tombstone goes back to the
 * weights as shipped. Weights that do not verify, or that the {@link VersionLedger} does not
 * entitle to come into force, change nothing.
 *
 * <p>Their proof may be seen a little after them: they wait for it, and are refused when it does
 * not come. When it comes later still, they come into force then.
 */
final class WeightsFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WeightsFollower.class);

  /** Weights that a worker tries at its start, the newest first, before those that shipped. */
  private static final int TRIED_AT_START = 3;

  /** A worker without partitions sends no dead letters; of so many it knows what to send. */
  private static final int MOST_REFUSALS = 1_000;

  private final Checkpoint shipped;
  private final WeightsVerifier verifier;
  private final InferenceMetrics metrics;
  private final CompactedTopicReader<DecoderWeights> reader;
  private final BlockingQueue<Refusal> refusals = new ArrayBlockingQueue<>(MOST_REFUSALS);
  private final VersionLedger ledger;
  private final LedgerFollower ledgerFollower;
  // Since the start and entitled to come into force, the newest first; nobody listens yet.
  private final Deque<Candidate> entitled = new ArrayDeque<>();
  private volatile Candidate pending;
  private Consumer<Checkpoint> listener;

  WeightsFollower(
      KafkaClients clients, Checkpoint shipped, WeightsKeys keys, InferenceMetrics metrics) {
    this.shipped = shipped;
    this.ledger = new VersionLedger(shipped.modelId(), keys);
    this.ledgerFollower = new LedgerFollower(clients, ledger, this::reconsider);
    this.verifier = new WeightsVerifier(shipped);
    this.metrics = metrics;
    this.reader = new CompactedTopicReader<>(clients, Topics.DECODER_WEIGHTS, new Handler());
  }

  /**
   * Weights that were refused; their record, which may have 64 MiB, is read again when it is
   * needed.
   *
   * @param partition where their record lies
   * @param offset its offset there
   * @param why the reason
   */
  record Refusal(TopicPartition partition, long offset, Exception why) {

    /**
     * Makes the dead letter.
     *
     * @param record the first record that lies at the offset or after it now; empty for none
     */
    ProducerRecord<byte[], byte[]> deadLetter(Optional<ConsumerRecord<byte[], byte[]>> record) {
      Optional<ConsumerRecord<byte[], byte[]>> source =
          record.filter(found -> found.offset() == offset);
      return source.isPresent()
          ? DeadLetters.of(source.get(), why, "inference")
          // Newer weights have replaced them, and the topic was compacted.
          : DeadLetters.withoutBytes(
              new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null),
              why,
              "inference");
    }
  }

  /**
   * Weights that verify, with the record that brought them.
   *
   * @param seenAtNanos when
   */
  private record Candidate(
      ConsumerRecord<String, DecoderWeights> record, Checkpoint checkpoint, long seenAtNanos) {}

  /**
   * Reads the topics to their ends.
   *
   * @return the weights that are entitled to be in force
   */
  Checkpoint start() {
    ledgerFollower.start();
    reader.start();
    synchronized (this) {
      return entitled.isEmpty() ? shipped : entitled.getFirst().checkpoint();
    }
  }

  /**
   * Hands over the weights that are in force, where they are not those that shipped, and every
   * later change, on the follower's own threads.
   *
   * @param changes takes the weights to run from now on; where it throws, they are refused
   */
  synchronized void follow(Consumer<Checkpoint> changes) {
    listener = changes;
    while (!entitled.isEmpty()) {
      Candidate candidate = entitled.removeFirst();
      try {
        changes.accept(candidate.checkpoint());
        entitled.clear();
      } catch (RuntimeException e) {
        refuse(candidate.record(), e);
      }
    }
  }

  /** Returns the oldest refusal that was not yet fetched. */
  Optional<Refusal> nextRefusal() {
    return Optional.ofNullable(refusals.peek());
  }

  /** Removes what {@link #nextRefusal} returned. */
  void refusalHandled() {
    refusals.poll();
  }

  /** Refuses weights whose proof has not come; throws when weights are not followed any more. */
  void requireRunning() {
    refuseOverdue();
    ledgerFollower.requireRunning();
    if (reader.state() == ServiceState.FAILED) {
      Throwable cause = reader.failure().orElseThrow();
      throw new ServiceException(
          "The topic of weights cannot be followed: " + Sentences.of(cause), cause);
    }
  }

  @Override
  public void close() {
    reader.close();
    ledgerFollower.close();
  }

  private final class Handler implements CompactedTopicReader.Handler<DecoderWeights> {
    @Override
    public void onRecord(ConsumerRecord<String, DecoderWeights> record) {
      if (!shipped.modelId().equals(record.key())) {
        return;
      }
      try {
        if (record.value() == null) {
          backToShipped();
        } else {
          consider(new Candidate(record, verified(record), System.nanoTime()));
        }
      } catch (RejectedRecordException | WeightsRejectedException | RuntimeException e) {
        refuse(record, e);
      }
    }

    @Override
    public void onUnreadable(ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
      refuse(record, why);
    }
  }

  private Checkpoint verified(ConsumerRecord<String, DecoderWeights> record)
      throws RejectedRecordException, WeightsRejectedException {
    if (!record.value().getModelId().equals(record.key())) {
      throw new RejectedRecordException(
          "The weights of %s were published under the key of %s."
              .formatted(record.value().getModelId(), record.key()));
    }
    return verifier.verify(record.value());
  }

  private synchronized void backToShipped() {
    pending = null;
    entitled.clear();
    if (listener != null) {
      listener.accept(shipped);
    }
  }

  private synchronized void reconsider() {
    if (pending != null) {
      consider(pending);
    }
  }

  private synchronized void consider(Candidate candidate) {
    VersionLedger.Judgement judged =
        ledger.judge(candidate.record().value(), candidate.record().headers());
    switch (judged.standing()) {
      case PENDING -> pending = candidate;
      case PROVEN -> {
        pending = null;
        accept(candidate);
      }
      case REFUSED -> {
        // Others that wait for their proof go on waiting.
        pending = Objects.equals(pending, candidate) ? null : pending;
        refuse(candidate.record(), new WeightsRejectedException(judged.why()));
      }
    }
  }

  private void accept(Candidate candidate) {
    if (listener == null) {
      entitled.addFirst(candidate);
      if (entitled.size() > TRIED_AT_START) {
        entitled.removeLast();
      }
      return;
    }
    try {
      listener.accept(candidate.checkpoint());
    } catch (RuntimeException e) {
      refuse(candidate.record(), e);
    }
  }

  /** Once: from then on they wait as long as it takes, without another word. */
  private void refuseOverdue() {
    Candidate waiting = pending;
    if (waiting == null
        || waiting.seenAtNanos() == Long.MAX_VALUE
        || System.nanoTime() - waiting.seenAtNanos() < VersionLedger.PROOF_WAIT.toNanos()) {
      return;
    }
    synchronized (this) {
      if (Objects.equals(pending, waiting)) {
        pending = new Candidate(waiting.record(), waiting.checkpoint(), Long.MAX_VALUE);
        String why = ledger.judge(waiting.record().value(), waiting.record().headers()).why();
        refuse(waiting.record(), new WeightsRejectedException(why));
      }
    }
  }

  private void refuse(ConsumerRecord<?, ?> record, Exception why) {
    Exception reason =
        why instanceof RuntimeException && !(why instanceof MalformedRecordException)
            ? new RejectedRecordException(
                "The weights cannot be put in force: " + Sentences.of(why), why)
            : why;
    LogKeys.at(log.atWarn(), record).log("The weights in force stay: {}", Sentences.of(reason));
    metrics.weightsRefused();
    TopicPartition partition = Partitions.of(record);
    Refusal refusal = new Refusal(partition, record.offset(), reason);
    while (!refusals.offer(refusal)) {
      // Another worker sends it, or it stays in the log above.
      refusals.poll();
    }
  }
}
