package io.histoflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.IncompatibleContractException;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.Topics;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class EmbeddedPlatformIT {
  private final EmbeddedPlatform platform;
  private final KafkaClients clients;

  EmbeddedPlatformIT(EmbeddedPlatform platform) {
    this.platform = platform;
    this.clients = new KafkaClients(platform.config(), "test");
  }

  @Test
  void shouldHaveEveryTopicOfTheCatalogue() throws Exception {
    // When
    try (Admin admin = clients.admin()) {
      // Then
      assertThat(admin.listTopics().names().get())
          .containsAll(Topics.layouts().stream().map(TopicLayout::name).toList());
    }
  }

  @Test
  void shouldRegisterContractsOfServicesThatStartAtTheSameMoment() throws Exception {
    // Given
    int services = 4;
    ExecutorService starting = Executors.newFixedThreadPool(services);
    try {
      for (int i = 0; i < 8; i++) {
        String subject = "same-moment-" + i + "-value";
        CyclicBarrier moment = new CyclicBarrier(services);

        // When
        List<Future<?>> registered = new ArrayList<>();
        for (int service = 0; service < services; service++) {
          registered.add(
              starting.submit(
                  () -> {
                    moment.await();
                    SubjectCatalogue.ensure(
                        platform.config().clientProperties(), subject, SlideScanned.SCHEMA$);
                    return null;
                  }));
        }

        // Then
        for (Future<?> one : registered) {
          assertThat(one).succeedsWithin(Duration.ofMinutes(1));
        }
      }
    } finally {
      starting.shutdownNow();
    }
  }

  @Test
  void shouldCarryARecordFromAProducerToAConsumerThroughTheRegistry() throws Exception {
    // Given
    SlideScanned slide =
        SlideScanned.newBuilder()
            .setSlideId("end-to-end")
            .setOrgan("kidney")
            .setTileCount(12)
            .setScannedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .build();

    // When
    try (Producer<String, SlideScanned> producer =
        clients.producer(Topics.SLIDES_SCANNED, Map.of())) {
      producer.send(new ProducerRecord<>(Topics.SLIDES_SCANNED.name(), "end-to-end", slide)).get();
    }

    // Then
    List<ConsumerRecord<String, SlideScanned>> received = new ArrayList<>();
    try (Consumer<String, SlideScanned> consumer =
        clients.consumer(Topics.SLIDES_SCANNED, "end-to-end", Map.of())) {
      consumer.subscribe(List.of(Topics.SLIDES_SCANNED.name()));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(received::add);
                return received.stream().anyMatch(record -> "end-to-end".equals(record.key()));
              });
    }
    assertThat(received).extracting(ConsumerRecord::value).contains(slide);
  }

  @Test
  void shouldStartTheRegistryAgainWhenItDies() throws Exception {
    // Given
    String content = RegistryContent.of(platform);
    long first = platform.registryPid().orElseThrow();

    // When
    ProcessHandle.of(first).orElseThrow().destroyForcibly();

    // Then
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () ->
                platform.registryPid().orElse(first) != first
                    && RegistryContent.of(platform).equals(content));
  }

  @Test
  void shouldRefuseAContractThatBreaksTheRegisteredOneAndNameTheField() {
    // Given
    String subject = "histoflow.test.breaking-value";
    SubjectCatalogue.ensure(
        platform.config().clientProperties(),
        subject,
        SchemaBuilder.record("Slide")
            .namespace("test")
            .fields()
            .requiredString("organ")
            .endRecord());
    Schema breaking =
        SchemaBuilder.record("Slide")
            .namespace("test")
            .fields()
            .requiredString("organ")
            .requiredInt("stainCode")
            .endRecord();

    // Then
    assertThatThrownBy(
            () -> SubjectCatalogue.ensure(platform.config().clientProperties(), subject, breaking))
        .isInstanceOf(IncompatibleContractException.class)
        .hasMessageContaining(subject)
        .hasMessageContaining("stainCode");
  }

  @Test
  void shouldNotBeReachableFromOtherMachines() throws Exception {
    // Given
    Optional<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .findFirst();
    assumeThat(outside).as("this machine has a network address").isPresent();

    // Then
    for (int port : List.of(brokerPort(), URI.create(platform.registryUrl()).getPort())) {
      assertThatThrownBy(() -> new Socket(outside.orElseThrow(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  private int brokerPort() {
    return URI.create("kafka://" + platform.bootstrapServers()).getPort();
  }
}
