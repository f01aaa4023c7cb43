package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.SegmentationQuality;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicationTest {
  private static final ReviewerAgreement AGREEMENT = new ReviewerAgreement(0.8, 1 << 20);
  private static final SegmentationQuality QUALITY =
      SegmentationQuality.newBuilder().setImages(4).setThreshold(0.5).build();

  @Test
  void shouldPutAcceptedWeightsInForceWhereNothingHoldsThemBack() {
    // When
    Publication publication = Publication.of(accepted(), Optional.empty(), AGREEMENT);
    // Then
    assertThat(publication.inForce()).isPresent();
    assertThat(publication.decision().getHeldBack()).isNull();
    assertThat(publication.decision().getReason()).isEqualTo("Accepted: better.");
    assertThat(publication.decision().getTilesDisagreedOn()).isZero();
  }

  @Test
  void shouldArchiveWeightsThatAreHeldBackAndSayWhy() {
    // When
    Publication publication =
        Publication.of(accepted(), Optional.of("Version 1 is pinned by anna."), AGREEMENT);
    // Then
    assertThat(publication.accepted()).isPresent();
    assertThat(publication.inForce()).isEmpty();
    assertThat(publication.decision().getReason())
        .isEqualTo("Accepted: better. Archived and not put in force: Version 1 is pinned by anna.");
  }

  @Test
  void shouldHoldNothingBackOfARefusedRound() {
    // When
    Publication publication =
        Publication.of(
            new FineTuningRound.Outcome(decision(false, "Refused: worse."), Optional.empty()),
            Optional.of("Version 1 is pinned by anna."),
            AGREEMENT);
    // Then
    assertThat(publication.accepted()).isEmpty();
    assertThat(publication.decision().getHeldBack()).isNull();
    assertThat(publication.decision().getReason()).isEqualTo("Refused: worse.");
  }

  private static FineTuningRound.Outcome accepted() {
    DecoderWeights weights =
        DecoderWeights.newBuilder()
            .setModelId("net")
            .setVersion(2)
            .setParentVersion(1)
            .setEncoderFingerprint("")
            .setSha256("")
            .setSafetensors(ByteBuffer.allocate(0))
            .setMaskThreshold(0.5)
            .setBefore(QUALITY)
            .setAfter(QUALITY)
            .setExamplesUsed(1)
            .setCreatedAt(Instant.EPOCH)
            .build();
    return new FineTuningRound.Outcome(decision(true, "Accepted: better."), Optional.of(weights));
  }

  private static DecoderDecision decision(boolean accepted, String reason) {
    return DecoderDecision.newBuilder()
        .setModelId("net")
        .setRound(1)
        .setParentVersion(1)
        .setAccepted(accepted)
        .setReason(reason)
        .setBefore(QUALITY)
        .setAfter(QUALITY)
        .setExamplesUsed(1)
        .setCorrectionOffsets(Map.of())
        .setDecidedAt(Instant.EPOCH)
        .build();
  }
}
