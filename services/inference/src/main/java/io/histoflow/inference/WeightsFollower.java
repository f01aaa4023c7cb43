package io.histoflow.inference;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the published weights of one model. The record that stands last on the topic counts, be
 * its version higher or lower, so that weights can also go back; a tombstone goes back to the
 * weights as shipped. Weights that do not verify change nothing.
 */
final class WeightsFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WeightsFollower.class);

  private final Checkpoint shipped;
  private final WeightsVerifier verifier;
  private final InferenceMetrics metrics;
  private final Serializer<DecoderWeights> serializer;
  private final CompactedTopicReader<DecoderWeights> reader;
  private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
  private Checkpoint newest;
  private Consumer<Checkpoint> listener;

  /**
   * @param clients makes the consumer
   * @param shipped the weights in force until others are published
   * @param metrics counts refusals
   */
  WeightsFollower(KafkaClients clients, Checkpoint shipped, InferenceMetrics metrics) {
    this.shipped = shipped;
    this.newest = shipped;
    this.verifier = new WeightsVerifier(shipped);
    this.metrics = metrics;
    this.serializer = clients.serializer();
    this.reader = new CompactedTopicReader<>(clients, Topics.DECODER_WEIGHTS, new Handler());
  }

  /**
   * Weights that were refused.
   *
   * @param partition where their record lies
   * @param offset its offset there
   * @param source makes the record that carried them
   * @param why the reason
   */
  record Refusal(
      TopicPartition partition,
      long offset,
      Supplier<ConsumerRecord<byte[], byte[]>> source,
      Exception why) {

    /**
     * Makes the dead letter.
     *
     * @throws io.histoflow.schemas.RegistryUnavailableException when the registry does not answer
     */
    ProducerRecord<byte[], byte[]> deadLetter() {
      return DeadLetters.of(source.get(), why, "inference");
    }
  }

  /**
   * Reads the topic to its end.
   *
   * @return the weights to start with
   */
  Checkpoint start() {
    reader.start();
    synchronized (this) {
      return newest;
    }
  }

  /**
   * Hands over every later change, on the follower's own thread.
   *
   * @param inForce the weights that the listener runs now
   * @param changes takes the weights to run from now on; where it throws, they are refused
   */
  synchronized void follow(Checkpoint inForce, Consumer<Checkpoint> changes) {
    listener = changes;
    if (newest != inForce) {
      changes.accept(newest);
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

  /** Throws when the weights are not followed any more. */
  void requireRunning() {
    if (reader.state() == ServiceState.FAILED) {
      Throwable cause = reader.failure().orElseThrow();
      throw new ServiceException(
          "The topic of weights cannot be followed: " + Sentences.of(cause), cause);
    }
  }

  @Override
  public void close() {
    reader.close();
    serializer.close();
  }

  private final class Handler implements CompactedTopicReader.Handler<DecoderWeights> {
    @Override
    public void onRecord(ConsumerRecord<String, DecoderWeights> record) {
      if (!shipped.modelId().equals(record.key())) {
        return;
      }
      try {
        accept(record.value() == null ? shipped : verified(record));
      } catch (RejectedRecordException | WeightsRejectedException e) {
        refuse(record, () -> bytes(record), e);
      } catch (RuntimeException e) {
        refuse(
            record,
            () -> bytes(record),
            new RejectedRecordException(
                "The weights cannot be put in force: " + Sentences.of(e), e));
      }
    }

    @Override
    public void onUnreadable(ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
      refuse(record, () -> record, why);
    }
  }

  private Checkpoint verified(ConsumerRecord<String, DecoderWeights> record)
      throws RejectedRecordException, WeightsRejectedException {
    if (!record.value().getModelId().equals(record.key())) {
      throw new RejectedRecordException(
          "The weights of "
              + record.value().getModelId()
              + " were published under the key of "
              + record.key()
              + ".");
    }
    return verifier.verify(record.value());
  }

  private synchronized void accept(Checkpoint checkpoint) {
    if (listener != null) {
      listener.accept(checkpoint);
    }
    newest = checkpoint;
  }

  private void refuse(
      ConsumerRecord<?, ?> record, Supplier<ConsumerRecord<byte[], byte[]>> source, Exception why) {
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("The weights in force stay: {}", Sentences.of(why));
    metrics.weightsRefused();
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    refusals.add(new Refusal(partition, record.offset(), source, why));
  }

  /** The reader has no use for the bytes and lets them go; written again they are the same. */
  private ConsumerRecord<byte[], byte[]> bytes(ConsumerRecord<String, DecoderWeights> record) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        record.serializedValueSize(),
        record.key().getBytes(StandardCharsets.UTF_8),
        serializer.serialize(record.topic(), record.value()),
        record.headers(),
        record.leaderEpoch());
  }
}
