package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.Verdict;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.weights.testing.TinyModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class FineTuningServiceIT {
  private static final Duration SOON = Duration.ofMinutes(2);

  /** Every test has a model of its own, and with it decisions and weights of its own. */
  private static final AtomicInteger VARIANT = new AtomicInteger();

  private static Checkpoint beginner;

  @TempDir private Path directory;
  private Checkpoint base;
  private ServiceConfig config;
  private Clinic clinic;
  private MeterRegistry meters;
  private final List<FineTuningService> services = new ArrayList<>();

  @BeforeAll
  static void trainABeginner() {
    beginner = Pupil.beginner();
  }

  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    int variant = VARIANT.incrementAndGet();
    base = TinyModel.variant(beginner, variant);
    config =
        Clinic.config(platform, base, directory)
            .with("histoflow.fine-tuning.min.corrections", "16")
            .with("histoflow.fine-tuning.steps", "60")
            .with("histoflow.fine-tuning.learning.rate", "0.005")
            .with("histoflow.fine-tuning.conditioning.rate", "0.01")
            .with("histoflow.fine-tuning.known.share", "1")
            .with("histoflow.fine-tuning.batch.size", "4")
            .with("histoflow.fine-tuning.crop.size", "64");
    clinic = new Clinic(config, "clinic" + variant, base.modelId());
  }

  @AfterEach
  void close() {
    services.forEach(FineTuningService::close);
    clinic.close();
  }

  @Test
  void shouldPublishWeightsThatLearnedWithTheirLineage() throws Exception {
    // Given
    started();
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getReason()).startsWith("Accepted: ");
    assertThat(decision.getAccepted()).isTrue();
    assertThat(decision.getRound()).isEqualTo(1);
    assertThat(decision.getParentVersion()).isZero();
    assertThat(decision.getCandidateVersion()).isEqualTo(1);
    assertThat(decision.getExamplesUsed()).isEqualTo(12);
    assertThat(decision.getAfter().getImages()).isEqualTo(4);
    assertThat(decision.getCorrectionOffsets().values().stream().mapToLong(v -> v).sum())
        .isGreaterThanOrEqualTo(16);

    assertThat(clinic.weights()).hasSize(1);
    DecoderWeights weights = clinic.weights().get(0);
    assertThat(weights.getVersion()).isEqualTo(1);
    assertThat(weights.getParentVersion()).isZero();
    assertThat(weights.getEncoderFingerprint()).isEqualTo(base.encoderFingerprint());
    assertThat(weights.getExamplesUsed()).isEqualTo(12);
    assertThat(weights.getBefore()).isEqualTo(decision.getBefore());
    assertThat(weights.getAfter()).isEqualTo(decision.getAfter());
    byte[] safetensors = bytes(weights.getSafetensors());
    assertThat(Safetensors.sha256(safetensors)).isEqualTo(weights.getSha256());
    assertThat(decision.getReason()).contains("4 held-out corrections", "at least 20 are needed");
    assertThat(weights.getCalibration().getLevel()).isNull();
    assertThat(decision.getHeldBack()).isNull();
    assertThat(clinic.archivedKeys()).containsExactly(base.modelId() + "@1");
    Checkpoint applied = base.withDecoder(safetensors, 1, weights.getMaskThreshold());
    assertThat(applied.encoderFingerprint()).isEqualTo(base.encoderFingerprint());
    assertThat(safetensors).isNotEqualTo(base.decoderSafetensors());
  }

  @Test
  void shouldPublishThresholdsThatKeepTheLevelOnTheHeldOutCorrections() throws Exception {
    // Given a parent that knows nothing, so that a candidate cannot fail to be better, and four
    // held-out corrections, two of each organ: enough for a level of 0.4
    Checkpoint blank = TinyModel.variant(TinyModel.checkpoint(), VARIANT.incrementAndGet());
    Path file = directory.resolve("blank");
    blank.save(file);
    clinic.close();
    clinic = new Clinic(config, "blank", blank.modelId());
    started(
        config
            .with("histoflow.model.file", file.toString())
            .with("histoflow.fine-tuning.risk.level", "0.4")
            .with("histoflow.fine-tuning.min.calibration", "2"));
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getReason())
        .startsWith("Accepted: ")
        .contains("Expected false-negative rate at most 0.400");
    DecoderWeights weights = clinic.weights().get(0);
    assertThat(weights.getCalibration().getLevel()).isEqualTo(0.4);
    assertThat(weights.getCalibration().getUnits()).isEqualTo(4);
    // 4 / 5 of the rate and 1 / 5 are at most 0.4.
    assertThat(weights.getCalibration().getFalseNegativeRate()).isBetween(0.0, 0.25);
    assertThat(weights.getCalibration().getOrgans()).hasSize(2);
    assertThat(weights.getCalibration().getOrgans().values())
        .allSatisfy(own -> assertThat(own.getUnits()).isEqualTo(2));
  }

  @Test
  void shouldLearnFromCorrectionsOfAnotherResolutionAndRefuseImpossibleOnes() throws Exception {
    // Given a parent of 0.25 um/px that knows nothing
    Checkpoint blank = TinyModel.variant(TinyModel.checkpoint(), VARIANT.incrementAndGet());
    Path file = directory.resolve("blank");
    new Checkpoint(blank.weights(), blank.metadata().withMicronsPerPixel(0.25)).save(file);
    clinic.close();
    clinic = new Clinic(config, "coarse", blank.modelId());
    started(config.with("histoflow.model.file", file.toString()));
    // When
    clinic.correct(clinic.coarse(20, false).setMicronsPerPixel(25_000.0).build());
    clinic.correct(clinic.coarse(21, false).setMicronsPerPixel(2.0).build());
    for (int i = 0; i < 16; i++) {
      clinic.correct(clinic.coarse(i, i % 4 == 3).build());
    }
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision decision = clinic.decisions().get(0);
    assertThat(decision.getReason()).startsWith("Accepted: ");
    assertThat(decision.getExamplesUsed()).isEqualTo(12);
    assertThat(clinic.deadLetters())
        .hasSize(2)
        .anyMatch(why -> why.contains("25000.0 micrometres"))
        .anyMatch(why -> why.contains("2.0 micrometres") && why.contains("0.0625 to 1.0"));
  }

  @Test
  void shouldRefuseACandidateThatLearnedWrongAndSayWhy() {
    // Given weights that have learned
    started();
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    assertThat(clinic.decisions().get(0).getAccepted()).isTrue();
    // When
    clinic.correctWrongly(16, 40);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 2);
    // Then
    DecoderDecision refused = clinic.decisions().get(1);
    assertThat(refused.getAccepted()).isFalse();
    assertThat(refused.getReason()).startsWith("Refused: at precision ").contains(" fell from ");
    assertThat(refused.getRound()).isEqualTo(2);
    assertThat(refused.getParentVersion()).isEqualTo(1);
    assertThat(refused.getCandidateVersion()).isNull();
    assertThat(refused.getAfter().getRecallAtMatchedPrecision())
        .isLessThan(refused.getBefore().getRecallAtMatchedPrecision());
    assertThat(clinic.weights()).hasSize(1);
    assertThat(meters.counter(FineTuningMetrics.ROUNDS, "outcome", "refused").count()).isEqualTo(1);
  }

  @Test
  void shouldNotRepeatAFinishedRoundAfterARestart() {
    // Given
    FineTuningService first = started();
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    first.close();
    // When
    started();
    clinic.correct(16, 32);
    await().atMost(SOON).until(() -> clinic.decisions().size() >= 2);
    // Then
    assertThat(clinic.decisions()).extracting(DecoderDecision::getRound).containsExactly(1L, 2L);
    assertThat(clinic.decisions().get(1).getParentVersion())
        .isEqualTo(clinic.weights().get(0).getVersion());
    assertThat(clinic.decisions().get(1).getExamplesUsed()).isEqualTo(12);
  }

  @Test
  void shouldDeadLetterBadCorrectionsOnceAndLearnFromTheRest() {
    // Given
    byte[] png = bytes(clinic.correction(50, false).getImage());
    FineTuningService first = started();
    // When: the first two are no Avro and under a wrong key, which routing refuses and reports
    clinic.publish(clinic.tileId(49, false), new byte[] {1, 2, 3, 4, 5, 6});
    clinic.correctUnder(clinic.tileId(47, false), clinic.correction(48, false).build());
    clinic.correct(clinic.correction(53, false).setReviewer("an\u200bna").build());
    clinic.correct(clinic.correction(54, false).setWidth(Integer.MAX_VALUE).build());
    clinic.correct(
        clinic
            .correction(50, false)
            .setMask(clinic.correction(50, false).getImage())
            .setHeight(32)
            .build());
    clinic.correct(
        clinic.correction(51, false).setImage(ByteBuffer.wrap(Arrays.copyOf(png, 100))).build());
    clinic.correct(clinic.correction(52, false).setMask(ByteBuffer.wrap(new byte[0])).build());
    clinic.correct(0, 16);
    // Then
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    assertThat(clinic.decisions().get(0).getExamplesUsed()).isEqualTo(12);
    await().atMost(SOON).untilAsserted(() -> assertThat(clinic.deadLetters()).hasSize(5));
    assertThat(clinic.deadLetters())
        .noneMatch(reason -> reason.contains("magic byte") || reason.contains("another key"))
        .anyMatch(reason -> reason.contains("U+200B"))
        .anyMatch(reason -> reason.contains("clinic") && reason.contains("PNG"));

    // When
    first.close();
    started();
    clinic.correct(16, 32);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 2);
    // Then
    assertThat(clinic.deadLetters()).hasSize(5);
  }

  @Test
  void shouldCountTheLatestVerdictOnATileAndLearnNothingFromUnusableOnes() {
    // Given
    clinic.correct(clinic.correction(0, false).build());
    clinic.correct(clinic.correction(0, false).setVerdict(Verdict.CONFIRMED).build());
    clinic.correct(
        clinic
            .correction(1, false)
            .setVerdict(Verdict.UNUSABLE)
            .setMask(ByteBuffer.allocate(0))
            .build());
    clinic.correct(clinic.correction(2, false).build());
    clinic.correct(
        clinic
            .correction(2, false)
            .setVerdict(Verdict.UNUSABLE)
            .setMask(ByteBuffer.allocate(0))
            .build());
    // When
    started();
    clinic.correct(4, 19);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then there is nothing to disagree about: all verdicts are of one reviewer
    assertThat(clinic.decisions().get(0).getTilesJudgedBySeveral()).isZero();
    // and tile 0 once and, of tiles 4 to 18, the eleven that are not held out
    assertThat(clinic.decisions().get(0).getExamplesUsed()).isEqualTo(1 + 12);
  }

  @Test
  void shouldPutOnRecordThatTooFewHeldOutCorrectionsAllowNoJudgement() {
    // Given
    started(config.with("histoflow.fine-tuning.min.held.out", "5"));
    // When
    clinic.correct(0, 16);
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    // Then
    DecoderDecision refused = clinic.decisions().get(0);
    assertThat(refused.getAccepted()).isFalse();
    assertThat(refused.getReason())
        .isEqualTo(
            "Refused without training: 4 held-out corrections are too few to judge a candidate, at"
                + " least 5 are needed.");
    assertThat(refused.getExamplesUsed()).isZero();
    assertThat(refused.getBefore()).isNull();
  }

  @Test
  void shouldLearnFromAFewThatHaveWaitedLongEnough() {
    // Given
    started(
        config
            .with("histoflow.fine-tuning.few.corrections", "8")
            .with("histoflow.fine-tuning.max.wait", "1s")
            .with("histoflow.fine-tuning.min.held.out", "2"));
    // When
    clinic.correct(0, 8);
    // Then
    await().atMost(SOON).until(() -> clinic.decisions().size() == 1);
    assertThat(clinic.decisions().get(0).getExamplesUsed()).isEqualTo(6);
  }

  private FineTuningService started() {
    return started(config);
  }

  private FineTuningService started(ServiceConfig with) {
    meters = new SimpleMeterRegistry();
    FineTuningService service = new FineTuningService(with, meters);
    services.add(service);
    service.start();
    return service;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
