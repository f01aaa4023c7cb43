package io.histoflow.topology;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Configuration of a topology that talks to neither brokers nor a registry: for its picture, and
 * for Kafka Streams' test driver in tests and simulations.
 */
public final class UnconnectedConfig {
  private UnconnectedConfig() {}

  /**
   * Returns a new configuration, as strict as production's: exactly once, every operator named. Its
   * schema registry lies in memory and is its own.
   *
   * @param applicationId starts the names of internal topics
   * @param stateDir folder of the state stores
   */
  public static Map<String, Object> of(String applicationId, Path stateDir) {
    Map<String, Object> config = new HashMap<>();
    config.put("schema.registry.url", "mock://" + UUID.randomUUID());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    return config;
  }
}
