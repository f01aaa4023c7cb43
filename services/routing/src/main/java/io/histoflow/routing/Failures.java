package io.histoflow.routing;

import io.histoflow.platform.lifecycle.Causes;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.IncompatibleContractException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.topology.streams.StateFormatException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TopologyException;

/** Sorts what goes wrong in the topology by what helps. */
final class Failures {
  private Failures() {}

  /**
   * Says whether only a person can help: rights, settings, contracts, or another release's state.
   * Whatever else it is, trying again may help, and costs less than a service that has ended.
   */
  static boolean needsAPerson(Throwable failure) {
    return Causes.areAny(
        failure,
        AuthenticationException.class,
        AuthorizationException.class,
        InvalidConfigurationException.class,
        UnsupportedVersionException.class,
        ConfigException.class,
        TopologyException.class,
        IncompatibleContractException.class,
        StateFormatException.class);
  }

  /** Says what went wrong; Kafka Streams wraps it in advice on its own settings. */
  static String sentence(Throwable failure) {
    Throwable inner = failure;
    while (inner instanceof StreamsException && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return Sentences.of(inner);
  }

  /** Returns what is wrong with the record itself, where that is what failed. */
  static Optional<MalformedRecordException> malformed(Throwable failure) {
    return Causes.first(failure, MalformedRecordException.class);
  }

  /**
   * Says whether something around the work failed, so that the record at hand is not to blame:
   * brokers, registry, disk, memory.
   */
  static boolean isOfTheSurroundings(Throwable failure) {
    return RegistryUnavailableException.isCauseOf(failure)
        || Causes.match(
            failure,
            cause ->
                cause instanceof Error
                    || cause instanceof ProcessorStateException
                    || (cause instanceof KafkaException
                        && !(cause instanceof StreamsException)
                        && !(cause instanceof SerializationException)));
  }
}
