package io.histoflow.weights.versions;

import static io.histoflow.weights.versions.VersionLedger.Standing.PENDING;
import static io.histoflow.weights.versions.VersionLedger.Standing.PROVEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TransactionFailedException;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.platform.testing.TopicLog;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class VersionControlIT {
  /** Every test has a model of its own, and with it a history of its own. */
  private static final AtomicLong SEED = new AtomicLong();

  private static final ChangeNote NOTE = new ChangeNote("anna", Optional.of("too many misses"));

  private Checkpoint shipped;
  private KafkaClients clients;
  private WeightRecords records;
  private VersionReader reader;

  @BeforeEach
  void open(EmbeddedPlatform platform) {
    shipped = TinyModel.checkpoint(SEED.incrementAndGet());
    clients = new KafkaClients(platform.config(), "version-control-test");
    records = new WeightRecords(clients, WeightsKeys.none());
    reader = new VersionReader(clients, shipped, WeightsKeys.none());
  }

  @AfterEach
  void close() {
    records.close();
  }

  @Test
  void shouldPutAnArchivedVersionInForceAgainAndRecordWhoDidIt() throws Exception {
    // Given
    accept(1);
    accept(2);
    // When
    WeightsChange change = rollBack(1).orElseThrow();
    // Then
    assertThat(change.getKind()).isEqualTo(WeightsChangeKind.ROLLED_BACK);
    assertThat(change.getFromVersion()).isEqualTo(2);
    assertThat(change.getToVersion()).isEqualTo(1);
    assertThat(change.getBy()).isEqualTo("anna");
    assertThat(change.getReason()).isEqualTo("too many misses");
    ModelVersions versions = reader.read();
    assertThat(versions.inForce()).isEqualTo(1);
    assertThat(versions.changes()).containsExactly(change);
    assertThat(versions.archived()).extracting(DecoderWeights::getVersion).containsExactly(1L, 2L);
    assertThat(reader.archived(2))
        .contains(TinyModel.weights(TinyModel.retrained(shipped, 2)).build());
  }

  @Test
  void shouldGoBackToTheWeightsAsShippedAndForwardAgain() throws Exception {
    // Given
    accept(1);
    // When
    Optional<WeightsChange> back = rollBack(0);
    // Then
    assertThat(back).isPresent();
    assertThat(reader.read().inForce()).isZero();
    // When
    Optional<WeightsChange> forth = rollBack(1);
    // Then
    assertThat(forth).isPresent();
    assertThat(reader.read().inForce()).isEqualTo(1);
    assertThat(reader.read().changes()).hasSize(2);
  }

  @Test
  void shouldChangeNothingWhereTheVersionIsInForceAlready() throws Exception {
    // Given
    accept(1);
    // When / Then
    assertThat(rollBack(1)).isEmpty();
    assertThat(reader.read().changes()).isEmpty();
  }

  @Test
  void shouldRefuseAVersionThatIsNotArchivedAndNameThoseThatAre() throws Exception {
    // Given
    accept(1);
    // When / Then
    assertThatExceptionOfType(VersionException.class)
        .isThrownBy(() -> rollBack(7))
        .withMessage("There is no version 7 of %s: there are 0 (as shipped), 1.", id());
    assertThat(reader.read().inForce()).isEqualTo(1);
  }

  @Test
  void shouldRefuseArchivedWeightsThatAreDamagedOrOfAnotherEncoder() throws Exception {
    // Given
    publish(
        List.of(
            records.archived(
                TinyModel.weights(TinyModel.retrained(shipped, 1))
                    .setSha256("0".repeat(64))
                    .build()),
            records.archived(
                TinyModel.weights(TinyModel.retrained(shipped, 2))
                    .setEncoderFingerprint("0".repeat(64))
                    .build())));
    // When / Then
    assertThatExceptionOfType(VersionException.class)
        .isThrownBy(() -> rollBack(1))
        .withMessageContaining("SHA-256");
    assertThatExceptionOfType(VersionException.class)
        .isThrownBy(() -> rollBack(2))
        .withMessageContaining("trained for the encoder");
    assertThat(reader.read().inForce()).isZero();
    assertThat(reader.read().changes()).isEmpty();
  }

  @Test
  void shouldHoldAPinnedVersionUntilItIsUnpinned() throws Exception {
    // Given
    accept(1);
    accept(2);
    // When
    try (VersionControl control = control()) {
      assertThat(control.pin(1, NOTE)).isPresent();
    }
    // Then
    assertThat(reader.read().inForce()).isEqualTo(1);
    assertThat(reader.read().isPinned(1)).isTrue();
    assertThatExceptionOfType(VersionException.class)
        .isThrownBy(() -> rollBack(2))
        .withMessage(
            "Version 1 of %s was pinned by anna: unpin it first, or pin version 2 instead.", id());
    // When
    try (VersionControl control = control()) {
      assertThat(control.pin(1, NOTE)).as("pinned already").isEmpty();
      assertThat(control.unpin(NOTE)).isPresent();
      assertThat(control.unpin(NOTE)).as("unpinned already").isEmpty();
    }
    // Then
    assertThat(reader.read().pin()).isEmpty();
    assertThat(reader.read().inForce()).isEqualTo(1);
    assertThat(rollBack(2)).isPresent();
  }

  @Test
  void shouldEndWhatAKilledWriterLeftOpenAndShowNothingOfIt() throws Exception {
    // Given: a writer that dies between its records
    accept(1);
    accept(2);
    try (Producer<byte[], byte[]> killed =
        clients.bytesProducer(
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                TransactionalIds.weights(id()),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                600_000))) {
      killed.initTransactions();
      killed.beginTransaction();
      var unused = killed.send(records.asShipped(id()));
      killed.flush();
      // When
      assertThat(rollBack(1)).isPresent();
      // Then
      ModelVersions versions = reader.read();
      assertThat(versions.inForce()).isEqualTo(1);
      assertThat(versions.changes()).hasSize(1);
      killed.close(Duration.ZERO);
    }
  }

  @Test
  void shouldMakeAWriterThatDecidedBeforeStartOver() throws Exception {
    // Given: fine-tuning has read the state and is about to publish
    accept(1);
    try (TransactionalPublisher fineTuning = publisher()) {
      fineTuning.open();
      // When
      var unused = rollBack(0);
      // Then
      assertThatExceptionOfType(TransactionFailedException.class)
          .isThrownBy(() -> fineTuning.publish(acceptance(2)));
      assertThat(reader.read().inForce()).isZero();
      // When it has read again
      fineTuning.publish(acceptance(2));
      // Then
      assertThat(reader.read().inForce()).isEqualTo(2);
    }
  }

  @Test
  void shouldListNoDamagedWeightsAsInForceAndPublishTheGoodOnesAnew() throws Exception {
    // Given tensors that are not those of the statement that they were archived with
    accept(1);
    DecoderWeights damaged =
        TinyModel.weights(TinyModel.retrained(shipped, 1))
            .setSafetensors(TinyModel.weights(TinyModel.retrained(shipped, 2)).getSafetensors())
            .build();
    publish(List.of(records.inForce(damaged)));
    // When / Then
    assertThat(reader.read().inForce()).isEqualTo(1);
    assertThat(reader.read().refused()).singleElement().asString().contains("SHA-256");
    // When
    assertThat(rollBack(1)).isPresent();
    // Then
    try (TopicLog log = new TopicLog(clients, Topics.DECODER_WEIGHTS.name())) {
      List<byte[]> values =
          log.read().stream()
              .filter(record -> id().equals(new String(record.key(), UTF_8)))
              .map(record -> record.value())
              .toList();
      assertThat(values).hasSize(3);
      assertThat(values.get(2)).isEqualTo(values.get(0));
    }
  }

  @Test
  void shouldFollowOnlyWhatStandsUnderTheModelsKey() throws Exception {
    // Given
    DecoderWeights weights = TinyModel.weights(TinyModel.retrained(shipped, 1)).build();
    ProducerRecord<byte[], byte[]> decision = records.decision(Acceptance.decision(weights));
    publish(
        List.of(
            records.archived(weights),
            new ProducerRecord<>(decision.topic(), "another".getBytes(UTF_8), decision.value())));
    VersionLedger ledger = new VersionLedger(id(), WeightsKeys.none());
    try (LedgerFollower follower = new LedgerFollower(clients, ledger, () -> {})) {
      // When
      follower.start();
      // Then
      assertThat(ledger.judge(weights, new RecordHeaders()).standing()).isEqualTo(PENDING);
    }
    // When
    publish(List.of(decision));
    try (LedgerFollower follower = new LedgerFollower(clients, ledger, () -> {})) {
      follower.start();
      // Then
      assertThat(ledger.judge(weights, new RecordHeaders()).standing()).isEqualTo(PROVEN);
    }
  }

  @Test
  void shouldNotTakeAnotherKeysRecordForAVersion() throws Exception {
    // Given
    ProducerRecord<byte[], byte[]> stray =
        records.archived(TinyModel.weights(TinyModel.retrained(shipped, 3)).build());
    publish(
        List.of(
            new ProducerRecord<>(
                Topics.DECODER_ARCHIVE.name(), (id() + "@4").getBytes(UTF_8), stray.value())));
    // When / Then
    assertThat(reader.read().archived()).isEmpty();
    assertThat(reader.archived(3)).isEmpty();
  }

  private String id() {
    return shipped.modelId();
  }

  private VersionControl control() {
    return new VersionControl(clients, shipped, WeightsKeys.none(), InstantSource.system());
  }

  private Optional<WeightsChange> rollBack(long version) throws VersionException {
    try (VersionControl control = control()) {
      return control.rollBack(version, NOTE);
    }
  }

  private TransactionalPublisher publisher() {
    return WeightTransactions.of(
        clients, id(), Duration.ofSeconds(30), "another writer", InstantSource.system());
  }

  private List<ProducerRecord<byte[], byte[]>> acceptance(long version) {
    DecoderWeights weights = TinyModel.weights(TinyModel.retrained(shipped, version)).build();
    return records.accepted(weights, Acceptance.decision(weights), false);
  }

  private void accept(long version) throws TransactionFailedException {
    try (TransactionalPublisher publisher = publisher()) {
      publisher.open();
      publisher.publish(acceptance(version));
    }
  }

  private void publish(List<ProducerRecord<byte[], byte[]>> transaction)
      throws TransactionFailedException {
    try (TransactionalPublisher publisher = publisher()) {
      publisher.open();
      publisher.publish(transaction);
    }
  }
}
