package io.histoflow.routing;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.PrivateDirectory;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates the routing service's configuration into that of Kafka Streams. */
public final class StreamsSettings {
  private static final Logger log = LoggerFactory.getLogger(StreamsSettings.class);

  /** A machine that pauses for longer starts over; what a killed worker left waits as long. */
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;

  /** Of the application's own topics: sketches of many organs and scanners. */
  private static final int INTERNAL_MESSAGE_BYTES = 16 << 20;

  private static final int RESTORE_FETCH_WAIT_MS = 50;
  private static final int RESTORE_POLL_RECORDS = 10_000;

  private StreamsSettings() {}

  /**
   * Makes the configuration: what the user gave for the clients, and over it what the topology
   * relies on.
   */
  public static StreamsConfig of(ServiceConfig config) {
    Map<String, Object> streams = new HashMap<>();
    streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // Tasks restore one after the other through one consumer: a fetch that waits for a changelog
    // without news keeps the next task's waiting.
    streams.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        RESTORE_FETCH_WAIT_MS);
    streams.put(
        StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        RESTORE_POLL_RECORDS);
    streams.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    streams.putAll(config.clientProperties());
    // A file shared with plain consumers may say 'consumer', which is not for Kafka Streams.
    streams.put(
        StreamsConfig.GROUP_PROTOCOL_CONFIG,
        config.get(RoutingServiceSettings.GROUP_PROTOCOL).name().toLowerCase(Locale.ROOT));
    streams.put(StreamsConfig.APPLICATION_ID_CONFIG, Groups.ROUTING);
    streams.put(
        StreamsConfig.CLIENT_ID_CONFIG,
        Groups.ROUTING + "-" + config.get(CommonSettings.WORKER_ID));
    streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    streams.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    streams.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, config.get(CommonSettings.REPLICATION_FACTOR));
    streams.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.get(RoutingServiceSettings.THREADS));
    if (config.get(RoutingServiceSettings.GROUP_PROTOCOL)
        == RoutingServiceSettings.GroupProtocol.CLASSIC) {
      streams.put(
          StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
          config.get(RoutingServiceSettings.STANDBY_REPLICAS));
    }
    streams.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        config.get(RoutingServiceSettings.COMMIT_INTERVAL).toMillis());
    streams.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedStores.class);
    streams.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    streams.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    streams.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    streams.put(FailedRecords.CONFIG, new FailedRecords());
    streams.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), INTERNAL_MESSAGE_BYTES);
    streams.put(
        StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, Topics.TILES_DEAD_LETTER.name());
    // The largest input is a correction, and it may have to go to the dead-letter topic.
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        2 * Topics.MASKS_CORRECTED.maxMessageBytes());
    return new StreamsConfig(streams);
  }

  /**
   * Adds the folder for state: another cluster's state would be taken for this one's, and two
   * workers must not share theirs. The folder is for its owner only.
   */
  static StreamsConfig withStateOf(StreamsConfig streams, ServiceConfig config, String clusterId) {
    Path all = config.get(RoutingServiceSettings.STATE_DIR);
    PrivateDirectory.ensure(all).ifPresent(log::warn);
    Path folder = all.resolve(clusterId).resolve("worker-" + config.get(CommonSettings.WORKER_ID));
    Map<String, Object> complete = new HashMap<>(streams.originals());
    complete.put(StreamsConfig.STATE_DIR_CONFIG, folder.toAbsolutePath().toString());
    return new StreamsConfig(complete);
  }
}
