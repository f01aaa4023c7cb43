package io.histoflow.platform.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
  private static final ServiceConfig BROKER_ONLY =
      ServiceConfig.of(Map.of("bootstrap.servers", "127.0.0.1:9"));

  @Test
  void shouldAskForTheBrokers() {
    // Then
    assertThatThrownBy(() -> new KafkaClients(ServiceConfig.of(Map.of()), "test"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "bootstrap.servers is not set: give it the addresses of the Kafka brokers, such as"
                + " kafka-1:9092,kafka-2:9092.");
  }

  @Test
  void shouldAskForTheRegistryWhereRecordsAreAvro() {
    // Given
    KafkaClients clients = new KafkaClients(BROKER_ONLY, "test");

    // Then
    assertThatThrownBy(() -> clients.producer(Topics.TILES_SCANNED, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("schema.registry.url is not set");
    clients.bytesProducer(Map.of()).close();
  }

  @Test
  void shouldSayWhatKafkaRefuses() {
    // Given
    KafkaClients clients =
        new KafkaClients(BROKER_ONLY.with("security.protocol", "CARRIER_PIGEON"), "test");

    // Then
    assertThatThrownBy(() -> clients.bytesConsumer("group", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("The Kafka consumer of test cannot be made from the configuration")
        .hasMessageContaining("CARRIER_PIGEON");
  }
}
