package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.weights.WeightsKeys;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.testing.Acceptance;
import io.histoflow.weights.testing.TinyModel;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class WeightsHistoryTest {
  private static final Headers NONE = new RecordHeaders();

  private final Checkpoint shipped = TinyModel.checkpoint();
  private Instant now = Instant.EPOCH;
  private final WeightsHistory history = new WeightsHistory(shipped, WeightsKeys.none(), () -> now);

  @Test
  void shouldKeepWeightsThatWaitForTheirProofWhereOthersAreRefusedAfterThem() throws Exception {
    // Given weights that are read before what entitles them
    DecoderWeights good = weights(5).build();
    history.apply(good, NONE, 1);
    // When
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> history.apply(weights(6).setSha256("0".repeat(64)).build(), NONE, 2));
    history.applyArchived(shipped.modelId() + "@5", good, NONE);
    history.apply(Acceptance.decision(good));
    // Then
    assertThat(history.current().version()).isEqualTo(5);
    assertThat(history.nextVersion()).isEqualTo(7);
  }

  @Test
  void shouldForgetWeightsThatWaitedOnceOthersAreProven() throws Exception {
    // Given
    DecoderWeights waiting = weights(5).build();
    DecoderWeights proven = weights(6).build();
    history.applyArchived(shipped.modelId() + "@6", proven, NONE);
    history.apply(Acceptance.decision(proven));
    history.apply(waiting, NONE, 1);
    // When
    history.apply(proven, NONE, 2);
    history.applyArchived(shipped.modelId() + "@5", waiting, NONE);
    history.apply(Acceptance.decision(waiting));
    // Then
    assertThat(history.current().version()).isEqualTo(6);
  }

  @Test
  void shouldTellThatTheTopicIsSpoiledUntilGoodWeightsStandLast() throws Exception {
    // Given
    DecoderWeights good = weights(5).build();
    history.applyArchived(shipped.modelId() + "@5", good, NONE);
    history.apply(Acceptance.decision(good));
    assertThat(history.versionInForce()).as("what the ledger says").isEqualTo(5);
    history.apply(good, NONE, 1);
    assertThat(history.spoiledAt()).isEmpty();
    // When / Then
    history.spoil(2);
    assertThat(history.spoiledAt()).hasValue(2);
    history.apply(good, NONE, 3);
    assertThat(history.spoiledAt()).isEmpty();
    // When / Then
    assertThatExceptionOfType(WeightsRejectedException.class)
        .isThrownBy(() -> history.apply(weights(5).setMaskThreshold(0.9).build(), NONE, 4));
    assertThat(history.spoiledAt()).hasValue(4);
    history.applyTombstone(5);
    assertThat(history.spoiledAt()).isEmpty();
    assertThat(history.versionInForce()).isZero();
  }

  @Test
  void shouldTakeWeightsWhoseProofDoesNotComeForSpoilingTheTopic() throws Exception {
    // When
    history.apply(weights(5).build(), NONE, 7);
    history.spoil(6);
    // Then
    assertThat(history.spoiledAt()).as("the proof may still come").isEmpty();
    // When
    now = now.plusSeconds(20);
    // Then
    assertThat(history.spoiledAt()).hasValue(7);
    assertThat(history.versionInForce()).isZero();
  }

  private DecoderWeights.Builder weights(long version) {
    byte[] safetensors = Pupil.retrained(version).decoderSafetensors();
    SegmentationQuality quality =
        SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();
    return DecoderWeights.newBuilder()
        .setModelId(shipped.modelId())
        .setVersion(version)
        .setParentVersion(version - 1)
        .setEncoderFingerprint(shipped.encoderFingerprint())
        .setSha256(Safetensors.sha256(safetensors))
        .setSafetensors(ByteBuffer.wrap(safetensors))
        .setMaskThreshold(0.5)
        .setBefore(quality)
        .setAfter(quality)
        .setExamplesUsed(1)
        .setCreatedAt(Instant.EPOCH);
  }
}
