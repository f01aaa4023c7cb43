package io.histoflow.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.Cleanup;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TopicCatalogue;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class CompactedTopicReaderIT {
  private final EmbeddedPlatform platform;
  private final KafkaClients clients;
  private final TopicSpec<OrganThreshold> topic =
      new TopicSpec<>(
          "histoflow.test." + UUID.randomUUID(),
          "organ",
          OrganThreshold.class,
          2,
          Cleanup.COMPACT,
          null,
          Topics.DECODER_WEIGHTS.maxMessageBytes());

  CompactedTopicReaderIT(EmbeddedPlatform platform) {
    this.platform = platform;
    this.clients = new KafkaClients(platform.config(), "test");
  }

  @BeforeEach
  void createTopic() {
    try (Admin admin = clients.admin()) {
      TopicCatalogue.ensure(admin, (short) 1, List.of(topic.layout()));
    }
    SubjectCatalogue.ensure(platform.config().clientProperties(), topic.subject(), topic.schema());
  }

  @Test
  void shouldHaveReadEverythingOnceStartedAndFollowFromThere() throws Exception {
    // Given
    publish("kidney", 0.1);
    publish("liver", 0.2);
    publish("kidney", 0.3);
    Recorder recorder = new Recorder();
    try (CompactedTopicReader<OrganThreshold> reader =
        new CompactedTopicReader<>(clients, topic, recorder)) {

      // When
      reader.start();
      List<String> loaded = List.copyOf(recorder.seen);
      publish("liver", 0.4);

      // Then
      assertThat(loaded).containsExactlyInAnyOrder("kidney=0.1", "liver=0.2", "kidney=0.3");
      assertThat(loaded).containsSubsequence("kidney=0.1", "kidney=0.3");
      soon().until(() -> recorder.seen.contains("liver=0.4"));
    }
  }

  @Test
  void shouldSkipWhatItCannotReadAndTellTheHandler() throws Exception {
    // Given
    publish("kidney", 0.1);
    try (Producer<byte[], byte[]> producer = clients.bytesProducer(Map.of())) {
      producer
          .send(new ProducerRecord<>(topic.name(), "kidney".getBytes(UTF_8), new byte[] {7, 7, 7}))
          .get();
    }
    publish("kidney", 0.2);
    Recorder recorder = new Recorder();
    try (CompactedTopicReader<OrganThreshold> reader =
        new CompactedTopicReader<>(clients, topic, recorder)) {

      // When
      reader.start();

      // Then
      assertThat(recorder.seen).containsExactly("kidney=0.1", "unreadable at 1", "kidney=0.2");
    }
  }

  @Test
  void shouldGoOnAfterARecordThatItsHandlerCannotTake() throws Exception {
    // Given
    publish("kidney", 0.1);
    publish(Recorder.INDIGESTIBLE, 0.2);
    publish("liver", 0.3);
    Recorder recorder = new Recorder();
    try (CompactedTopicReader<OrganThreshold> reader =
        new CompactedTopicReader<>(clients, topic, recorder)) {

      // When
      reader.start();

      // Then
      assertThat(recorder.seen)
          .filteredOn(seen -> !seen.startsWith("unreadable"))
          .containsExactlyInAnyOrder("kidney=0.1", "liver=0.3");
      assertThat(recorder.seen).filteredOn(seen -> seen.startsWith("unreadable")).hasSize(1);
      assertThat(reader.state()).isEqualTo(ServiceState.RUNNING);
    }
  }

  @Test
  void shouldCarryARecordAsLargeAsDecoderWeightsMayBe() throws Exception {
    // Given
    int bytes = topic.maxMessageBytes() - (64 << 10);
    OrganThreshold large =
        OrganThreshold.newBuilder(threshold("kidney", 0.1))
            .setSketch(ByteBuffer.allocate(bytes))
            .build();
    try (Producer<String, OrganThreshold> producer = clients.producer(topic, Map.of())) {
      producer.send(new ProducerRecord<>(topic.name(), "kidney", large)).get();
    }

    // When
    try (TopicCache<OrganThreshold> cache = new TopicCache<>(clients, topic)) {
      cache.start();

      // Then
      assertThat(cache.get("kidney").orElseThrow().getSketch().remaining()).isEqualTo(bytes);
    }
  }

  @Test
  void shouldNotSeeAnAbortedTransaction() throws Exception {
    // Given
    publish("kidney", 0.1);
    try (Producer<String, OrganThreshold> producer =
        clients.producer(
            topic, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test-" + UUID.randomUUID()))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic.name(), "kidney", threshold("kidney", 0.9))).get();
      producer.abortTransaction();
    }
    Recorder recorder = new Recorder();
    try (CompactedTopicReader<OrganThreshold> reader =
        new CompactedTopicReader<>(clients, topic, recorder)) {

      // When
      reader.start();

      // Then
      assertThat(recorder.seen).containsExactly("kidney=0.1");
    }
  }

  @Test
  void shouldCacheTheLatestValueOfEachKey() throws Exception {
    // Given
    publish("kidney", 0.1);
    publish("liver", 0.2);
    publish("kidney", 0.3);
    try (TopicCache<OrganThreshold> cache = new TopicCache<>(clients, topic)) {
      cache.start();
      assertThat(cache.get("kidney").orElseThrow().getThreshold()).isEqualTo(0.3);
      assertThat(cache.snapshot()).containsOnlyKeys("kidney", "liver");

      // When
      try (Producer<String, OrganThreshold> producer = clients.producer(topic, Map.of())) {
        producer.send(new ProducerRecord<>(topic.name(), "kidney", null)).get();
      }

      // Then
      soon().until(() -> cache.get("kidney").isEmpty());
      assertThat(cache.snapshot()).containsOnlyKeys("liver");
    }
  }

  @Test
  void shouldSayThatTheTopicDoesNotExist() {
    // Given
    TopicSpec<OrganThreshold> absent =
        new TopicSpec<>(
            "histoflow.test.absent",
            "organ",
            OrganThreshold.class,
            1,
            Cleanup.COMPACT,
            null,
            1 << 20);

    // Then
    try (TopicCache<OrganThreshold> cache = new TopicCache<>(clients, absent)) {
      assertThatThrownBy(cache::start)
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("there is no topic histoflow.test.absent");
      assertThat(cache.state()).isEqualTo(ServiceState.FAILED);
    }
  }

  private void publish(String organ, double threshold) throws Exception {
    try (Producer<String, OrganThreshold> producer = clients.producer(topic, Map.of())) {
      producer.send(new ProducerRecord<>(topic.name(), organ, threshold(organ, threshold))).get();
    }
  }

  private static OrganThreshold threshold(String organ, double threshold) {
    return OrganThreshold.newBuilder()
        .setOrgan(organ)
        .setThreshold(threshold)
        .setRoutingScoreName("mean-entropy")
        .setQuantile(0.9)
        .setSampleCount(1)
        .setModelVersion(1)
        .setPartitions(List.of())
        .setUpdatedAt(Instant.EPOCH)
        .build();
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(30));
  }

  /** Writes down what it is handed. */
  private static final class Recorder implements CompactedTopicReader.Handler<OrganThreshold> {
    static final String INDIGESTIBLE = "indigestible";

    final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onRecord(ConsumerRecord<String, OrganThreshold> record) {
      if (record.key().equals(INDIGESTIBLE)) {
        throw new IllegalArgumentException("no organ");
      }
      seen.add(record.key() + "=" + record.value().getThreshold());
    }

    @Override
    public void onUnreadable(ConsumerRecord<byte[], byte[]> record, MalformedRecordException why) {
      seen.add("unreadable at " + record.offset());
    }
  }
}
