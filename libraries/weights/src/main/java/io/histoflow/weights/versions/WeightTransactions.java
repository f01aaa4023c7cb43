package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.schemas.TransactionalIds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The transactions that write the weights of a model. All writers of one model share a
 * transactional id: who opens its publisher fences the others and ends what they left open, so that
 * nobody decides upon a state that another is changing. Open first, then read, decide and publish;
 * a writer that was fenced meanwhile fails to commit, and starts over by reading.
 */
public final class WeightTransactions {
  /** People change weights a few times in a minute at most; twins fence each other all the time. */
  private static final int TOLERATED_FENCINGS = 10;

  private WeightTransactions() {}

  /**
   * Makes a publisher, not yet open.
   *
   * @param clients makes the producer
   * @param modelId the model
   * @param timeout after which the brokers end a transaction whose writer was killed; until then,
   *     readers see nothing that lies behind it
   * @param twin the sentence for a person where another writer does not give way
   * @param clock as for {@link TransactionalPublisher}
   */
  public static TransactionalPublisher of(
      KafkaClients clients, String modelId, Duration timeout, String twin, InstantSource clock) {
    Map<String, Object> overrides =
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            TransactionalIds.weights(modelId),
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            Math.toIntExact(timeout.toMillis()));
    return new TransactionalPublisher(
        () -> clients.bytesProducer(overrides), twin, TOLERATED_FENCINGS, clock);
  }
}
