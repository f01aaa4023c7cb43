package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimates and alarms of what is missed. */
class RecallTest {
  private static final int WIDTH = 100;
  private static final int HEIGHT = 50;
  private static final Duration PUBLISHED = Duration.ofSeconds(11);

  @TempDir Path stateDir;

  @Test
  void shouldLetDrawnTilesStandForThoseThatNobodySees() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given: ten routed tiles in which half is missed, ten drawn ones in which a tenth is
      for (int t = 0; t < 20; t++) {
        boolean routed = t < 10;
        harness.alert(alert("s" + t % 4, "t" + t, routed));
        harness.correct(verdict("s" + t % 4, "t" + t, routed ? 20 : 11));
      }

      // When
      harness.pass(PUBLISHED);

      // Then: of 10 + 10 / 0.02 tiles, each with 10 columns found
      RecallEstimate estimate = harness.estimates().get("kidney//0");
      assertThat(estimate.getModelPixels().getRecall())
          .isCloseTo((10 * 10 + 500 * 10.0) / (10 * 20 + 500 * 11), within(1e-9));
      assertThat(estimate.getSystemPixels().getRecall())
          .isCloseTo((10 * 20 + 500 * 10.0) / (10 * 20 + 500 * 11), within(1e-9));
      assertThat(estimate.getTilesDrawnRead()).isEqualTo(10);
      assertThat(estimate.getSlides()).isEqualTo(4);
      assertThat(estimate.getModelPixels().getRecallLow())
          .isLessThan(estimate.getModelPixels().getRecall());
    }
  }

  @Test
  void shouldSayThatNothingIsKnownUntilADrawnTileIsRead() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      harness.alert(alert("s", "drawn", false));
      harness.alert(alert("s", "routed", true));
      harness.correct(verdict("s", "routed", 20));
      harness.pass(PUBLISHED);

      RecallEstimate estimate = harness.estimates().get("kidney//0");
      assertThat(estimate.getModelPixels()).isNull();
      assertThat(estimate.getTilesDrawn()).isEqualTo(1);
      assertThat(estimate.getMissedShare()).isNull();
      // And: nothing new, nothing said
      harness.pass(PUBLISHED);
      assertThat(harness.estimates()).isEmpty();
    }
  }

  @Test
  void shouldRaiseAnAlarmOnceWhereMoreIsMissedThanPromised() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given: a third is missed, slide after slide
      for (int s = 0; s < 60; s++) {
        harness.alert(alert("s" + s, "t" + s, false));
        harness.correct(verdict("s" + s, "t" + s, 15));
        harness.pass(PUBLISHED);
      }

      // Then
      List<RecallAlarm> alarms =
          harness.recallAlarms().stream().filter(alarm -> !alarm.getAllOrgans()).toList();
      assertThat(alarms).hasSize(1);
      assertThat(alarms.get(0).getMissedShare()).isCloseTo(1 / 3.0, within(1e-6));
      assertThat(alarms.get(0).getSlides()).isLessThan(40);
      assertThat(harness.estimates().get("kidney//0").getAlarmedAt()).isNotNull();
    }
  }

  @Test
  void shouldRaiseOneAlarmOfAllOrgansBeforeAnyOrganHasEvidenceEnough() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given: a third is missed of every organ, and none has more than a few slides
      for (int s = 0; s < 100; s++) {
        String organ = "organ " + s % 20;
        harness.alert(of(organ, alert("s" + s, "t" + s, false)));
        harness.correct(verdict("s" + s, "t" + s, 15));
      }
      harness.pass(PUBLISHED);

      // Then
      List<RecallAlarm> alarms = harness.recallAlarms();
      assertThat(alarms).singleElement().matches(RecallAlarm::getAllOrgans);
      assertThat(alarms.get(0).getOrgan()).isEmpty();
      assertThat(alarms.get(0).getMissedShare()).isCloseTo(1 / 3.0, within(1e-6));
      assertThat(alarms.get(0).getEvidence()).isGreaterThanOrEqualTo(alarms.get(0).getLimit());
      assertThat(alarms.get(0).getSlides()).isLessThan(60);
      assertThat(harness.estimates().values())
          .hasSize(20)
          .allMatch(estimate -> estimate.getAlarmedAt() == null);
    }
  }

  @Test
  void shouldTakeOnlyAlertsThatStandForOthers() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      ReviewRequested again = alert("s", "t", true);
      again.put("inclusionProbability", null);
      harness.alert(again);
      harness.correct(verdict("s", "t", 20));
      harness.pass(PUBLISHED);

      assertThat(harness.estimates()).isEmpty();
    }
  }

  @Test
  void shouldLeaveAnUnusableRecordToThoseWhoAnswerForItAndGoOn() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given: an impossible probability, and a mask that is none
      harness.alert(RecordCopy.with(alert("s", "odd", false), Map.of("inclusionProbability", 2.0)));
      harness.alert(alert("s", "t", false));
      harness.correct(
          RecordCopy.with(
              verdict("s", "t", 20), Map.of("mask", ByteBuffer.wrap(new byte[] {1, 2, 3}))));

      // When
      harness.correct(verdict("s", "t", 20));
      harness.pass(PUBLISHED);

      // Then
      RecallEstimate estimate = harness.estimates().get("kidney//0");
      assertThat(estimate.getTilesDrawn()).isEqualTo(1);
      assertThat(estimate.getTilesDrawnRead()).isEqualTo(1);
    }
  }

  @Test
  void shouldForgetATileThatNobodyReadsAndLeaveItsPlace() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given
      harness.alert(alert("s", "t", false));
      harness.alert(alert("s", "u", false));
      harness.correct(verdict("s", "u", 20));

      // When
      harness.pass(Duration.ofDays(31));
      harness.correct(verdict("s", "t", 20));
      harness.pass(PUBLISHED);

      // Then
      RecallEstimate estimate = harness.estimates().get("kidney//0");
      assertThat(estimate.getTilesDrawn()).isEqualTo(2);
      assertThat(estimate.getTilesDrawnRead()).isEqualTo(1);
    }
  }

  @Test
  void shouldSayHowFarASecondReaderAgreesAndWhatThatDoesToTheEstimate() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      // Given: of 100 columns the network finds 10, the first reader sees 20 and the second 15
      harness.alert(forTwo(alert("s", "t", false)));
      harness.opine(secondReading("t", "bob", 15));
      harness.correct(verdict("s", "t", 30));

      // When: a repetition, and another verdict in the place of the first
      harness.opine(secondReading("t", "bob", 15));
      harness.correct(verdict("s", "t", 20));
      harness.pass(PUBLISHED);

      // Then
      RecallEstimate estimate = harness.estimates().get("kidney//0");
      ReaderAgreement agreement = estimate.getAgreement();
      assertThat(agreement.getTiles()).isEqualTo(1);
      assertThat(agreement.getBoth()).isEqualTo(15 * HEIGHT);
      assertThat(agreement.getOnlyFirst()).isEqualTo(5 * HEIGHT);
      assertThat(agreement.getOnlySecond()).isZero();
      assertThat(agreement.getNeither()).isEqualTo(80 * HEIGHT);
      assertThat(agreement.getRecallByFirst()).isEqualTo(10 / 20.0);
      assertThat(agreement.getRecallBySecond()).isEqualTo(10 / 15.0);
      double byChance = 0.2 * 0.15 + 0.8 * 0.85;
      assertThat(agreement.getKappa()).isCloseTo((0.95 - byChance) / (1 - byChance), within(1e-12));
      // And: the estimate itself is the verdict's
      assertThat(estimate.getTilesRead()).isEqualTo(1);
      assertThat(estimate.getModelPixels().getRecall()).isCloseTo(0.5, within(1e-12));
    }
  }

  @Test
  void shouldTakeForASecondReadingOnlyWhatAnotherPersonWasAskedFor() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      harness.alert(forTwo(alert("s", "same", false)));
      harness.opine(secondReading("same", "ada", 15));
      harness.alert(alert("s", "one", false));
      harness.opine(secondReading("one", "bob", 15));
      harness.alert(forTwo(alert("s", "unasked", false)));
      harness.opine(
          RecordCopy.with(secondReading("unasked", "bob", 15), Map.of("secondReading", false)));
      harness.alert(forTwo(alert("s", "taken-back", false)));
      harness.opine(secondReading("taken-back", "bob", 15));
      for (String tileId : List.of("same", "one", "unasked", "taken-back")) {
        harness.correct(verdict("s", tileId, 20));
      }
      harness.takeBack("taken-back");
      harness.pass(PUBLISHED);

      assertThat(harness.estimates().get("kidney//0").getAgreement()).isNull();
    }
  }

  @Test
  void shouldTellWhatRoutedTilesAddToTotalsWhereChanceHasDrawnNoneYet() {
    try (RoutingHarness harness = new RoutingHarness(TopologySettings.defaults(), stateDir)) {
      harness.alert(alert("s", "t", true));
      harness.correct(verdict("s", "t", 20));
      harness.pass(PUBLISHED);

      RecallEstimate estimate = harness.estimates().get("kidney//0");
      assertThat(estimate.getModelPixels()).isNull();
      assertThat(estimate.getRoutedModelPixels().getFound()).isEqualTo(10 * HEIGHT);
      assertThat(estimate.getRoutedModelPixels().getMissed()).isEqualTo(10 * HEIGHT);
      assertThat(estimate.getRoutedSystemPixels().getMissed()).isZero();

      // And: once one is drawn, they are part of the estimate and no more
      harness.alert(alert("s", "u", false));
      harness.correct(verdict("s", "u", 20));
      harness.pass(PUBLISHED);
      assertThat(harness.estimates().get("kidney//0").getRoutedModelPixels()).isNull();
    }
  }

  private static ReviewRequested of(String organ, ReviewRequested alert) {
    return RecordCopy.with(
        alert,
        Map.of("segmentation", RecordCopy.with(alert.getSegmentation(), Map.of("organ", organ))));
  }

  private static ReviewRequested forTwo(ReviewRequested alert) {
    return RecordCopy.with(alert, Map.of("secondReader", true));
  }

  private static MaskCorrected secondReading(String tileId, String reader, int columns) {
    return RecordCopy.with(
        verdict("s", tileId, columns), Map.of("reviewer", reader, "secondReading", true));
  }

  private static ReviewRequested alert(String slideId, String tileId, boolean routed) {
    ReviewRequested alert =
        ReviewRequested.newBuilder()
            .setSegmentation(
                RecordCopy.with(
                    TestRecords.tile(slideId, tileId, "kidney", 0.5), Map.of("mask", mask(10))))
            .setReason(routed ? ReviewReason.UNCERTAIN : ReviewReason.AUDIT)
            .setScore(0.5)
            .setThreshold(0.5)
            .setBudget(0.1)
            .setRequestedAt(TestRecords.START)
            .setAudited(!routed)
            .setInclusionProbability(routed ? 1 : 0.02)
            .build();
    return alert;
  }

  private static MaskCorrected verdict(String slideId, String tileId, int columns) {
    return RecordCopy.with(
        TestRecords.correction(slideId, tileId),
        Map.of("mask", mask(columns), "verdict", Verdict.CORRECTED));
  }

  private static ByteBuffer mask(int columns) {
    byte[] values = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i % WIDTH < columns ? 1 : 0);
    }
    return ByteBuffer.wrap(MaskPng.encode(Mask.of(WIDTH, HEIGHT, values)));
  }
}
