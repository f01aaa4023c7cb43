package io.histoflow.weights.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.WeightsChange;
import io.histoflow.schemas.WeightsChangeKind;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import io.histoflow.weights.versions.VersionLedger.Judgement;
import io.histoflow.weights.versions.VersionLedger.Standing;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class VersionLedgerTest {
  private static final Checkpoint SHIPPED = TinyModel.checkpoint(5);
  private static final Headers NONE = new RecordHeaders();

  private final VersionLedger ledger = new VersionLedger(SHIPPED.modelId(), WeightsKeys.none());
  private final DecoderWeights weights = TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).build();

  @Test
  void shouldWaitForTheArchiveAndForADecision() {
    // When / Then
    assertThat(ledger.judge(weights, NONE).standing()).isEqualTo(Standing.PENDING);
    assertThat(ledger.judge(weights, NONE).why())
        .isEqualTo(
            "Weights version 1 of %s are refused: the archive holds no weights of this version.",
            SHIPPED.modelId());
    // When
    archive(weights);
    // Then
    assertThat(ledger.judge(weights, NONE).standing()).isEqualTo(Standing.PENDING);
    assertThat(ledger.judge(weights, NONE).why()).contains("no decision accepted this version");
    // When
    ledger.apply(Acceptance.decision(weights));
    // Then
    assertThat(ledger.judge(weights, NONE)).isEqualTo(new Judgement(Standing.PROVEN, ""));
  }

  @Test
  void shouldTakeAPersonsChoiceForADecision() {
    // Given
    archive(weights);
    // When
    ledger.apply(change(WeightsChangeKind.UNPINNED));
    // Then
    assertThat(ledger.judge(weights, NONE).standing()).isEqualTo(Standing.PENDING);
    // When
    ledger.apply(change(WeightsChangeKind.ROLLED_BACK));
    // Then
    assertThat(ledger.judge(weights, NONE).standing()).isEqualTo(Standing.PROVEN);
  }

  @Test
  void shouldRefuseOtherTensorsOrThresholdsThanThoseArchived() {
    // Given
    archive(weights);
    ledger.apply(Acceptance.decision(weights));
    // When / Then
    assertThat(
            ledger.judge(
                TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).setMaskThreshold(0.9).build(),
                NONE))
        .extracting(Judgement::standing)
        .isEqualTo(Standing.REFUSED);
    assertThat(
            ledger
                .judge(
                    TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).setSha256("00").build(),
                    NONE)
                .why())
        .contains("the archived weights of this version are others");
  }

  @Test
  void shouldTakeNothingFromOtherModelsRefusedRoundsOrStrayKeys() {
    // When
    ledger.applyArchived(SHIPPED.modelId() + "@2", weights, NONE);
    ledger.applyArchived("other@1", weights, NONE);
    ledger.applyArchived(null, weights, NONE);
    ledger.apply(
        Acceptance.decision(
            TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).setModelId("other").build()));
    // Then
    assertThat(ledger.judge(weights, NONE).why()).contains("the archive holds no weights");
    assertThat(ledger.isAccepted(1)).isFalse();
  }

  @Test
  void shouldRefuseWhatIsNotSignedByTheKeyThatIsAskedFor() throws Exception {
    // Given
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    VersionLedger asking =
        new VersionLedger(
            SHIPPED.modelId(), new WeightsKeys(Optional.empty(), Optional.of(pair.getPublic())));
    asking.applyArchived(SHIPPED.modelId() + "@1", weights, NONE);
    asking.apply(Acceptance.decision(weights));
    // When / Then
    assertThat(asking.judge(weights, NONE).why()).contains("they carry no signature");
    assertThat(asking.judge(weights, signedBy(other)).why()).contains("their signature is not one");
    assertThat(asking.judge(weights, new RecordHeaders().add(WeightsKeys.HEADER, new byte[3])))
        .extracting(Judgement::standing)
        .isEqualTo(Standing.REFUSED);
    assertThat(asking.judge(weights, signedBy(pair)).standing()).isEqualTo(Standing.PROVEN);
  }

  @Test
  void shouldNotLetAnEntryWithoutASignatureReplaceOneThatIsSigned() throws Exception {
    // Given
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    VersionLedger asking =
        new VersionLedger(
            SHIPPED.modelId(), new WeightsKeys(Optional.empty(), Optional.of(pair.getPublic())));
    String key = SHIPPED.modelId() + "@1";
    asking.apply(Acceptance.decision(weights));
    asking.applyArchived(
        key,
        TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).setMaskThreshold(0.9).build(),
        NONE);
    asking.applyArchived(key, weights, signedBy(pair));
    // When
    asking.applyArchived(
        key,
        TinyModel.weights(TinyModel.retrained(SHIPPED, 1)).setMaskThreshold(0.8).build(),
        NONE);
    // Then
    assertThat(asking.judge(weights, signedBy(pair)).standing()).isEqualTo(Standing.PROVEN);
  }

  @Test
  void shouldTellWhichVersionWasPutInForceLastOfThoseThatCanBeHad() {
    // Given
    archive(weights);
    archive(TinyModel.weights(TinyModel.retrained(SHIPPED, 2)).build());
    assertThat(ledger.lastPutInForce()).isZero();
    // When / Then
    ledger.apply(accepted(1, 10, null));
    assertThat(ledger.lastPutInForce()).isEqualTo(1);
    ledger.apply(accepted(2, 20, "Version 1 is pinned."));
    ledger.apply(accepted(3, 30, null));
    assertThat(ledger.lastPutInForce()).as("one held back, one not archived").isEqualTo(1);
    ledger.apply(change(WeightsChangeKind.ROLLED_BACK, 0, 50));
    ledger.apply(change(WeightsChangeKind.PINNED, 2, 40));
    ledger.apply(change(WeightsChangeKind.UNPINNED, 1, 60));
    assertThat(ledger.lastPutInForce()).isZero();
  }

  private static DecoderDecision accepted(long version, long at, String heldBack) {
    return DecoderDecision.newBuilder(
            Acceptance.decision(TinyModel.weights(TinyModel.retrained(SHIPPED, version)).build()))
        .setDecidedAt(Instant.ofEpochSecond(at))
        .setHeldBack(heldBack)
        .build();
  }

  private Headers signedBy(KeyPair pair) {
    byte[] signature =
        new WeightsKeys(Optional.of(pair.getPrivate()), Optional.empty())
            .sign(weights)
            .orElseThrow();
    return new RecordHeaders().add(WeightsKeys.HEADER, signature);
  }

  private void archive(DecoderWeights archived) {
    ledger.applyArchived(SHIPPED.modelId() + "@" + archived.getVersion(), archived, NONE);
  }

  private static WeightsChange change(WeightsChangeKind kind) {
    return change(kind, 1, 0);
  }

  private static WeightsChange change(WeightsChangeKind kind, long version, long at) {
    return WeightsChange.newBuilder()
        .setModelId(SHIPPED.modelId())
        .setKind(kind)
        .setFromVersion(0)
        .setToVersion(version)
        .setBy("anna")
        .setChangedAt(Instant.ofEpochSecond(at))
        .build();
  }
}
