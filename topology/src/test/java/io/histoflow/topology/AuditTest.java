package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.background;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tiles that chance sends to review. {@code RoutingPropertyTest} recomputes each draw. */
class AuditTest {
  private static final String KEY = "a key that nobody guesses";
  private static final RoutingSettings SETTINGS =
      RoutingSettings.defaults().withAudit(new AuditSettings(0.2, 0.01, KEY));

  @TempDir Path stateDir;

  @Test
  void shouldDrawAKnownShareOfAllTilesWhateverTheirScore() {
    // When
    List<ReviewRequested> alerts = alerts(SETTINGS, 20_000, 1);

    // Then: 2 % of all, by chance, and all alerts together are the budget
    List<ReviewRequested> drawn = alerts.stream().filter(ReviewRequested::getAudited).toList();
    assertThat(drawn.size() / 20_000.0).isCloseTo(0.02, within(0.004));
    double meanScore =
        drawn.stream()
            .mapToDouble(alert -> alert.getSegmentation().getRoutingScore())
            .average()
            .orElseThrow();
    assertThat(meanScore).isCloseTo(0.5, within(0.06));
    assertThat(alerts.size() / 20_000.0).isCloseTo(0.1, within(0.001));
    // And: of the tiles that scores would have sent, some are drawn too
    assertThat(drawn)
        .filteredOn(alert -> alert.getReason() == ReviewReason.UNCERTAIN)
        .isNotEmpty()
        .allMatch(alert -> alert.getInclusionProbability() == 1);
    assertThat(drawn)
        .filteredOn(alert -> alert.getReason() == ReviewReason.AUDIT)
        .isNotEmpty()
        .allMatch(alert -> alert.getInclusionProbability() == SETTINGS.auditProbability())
        .allMatch(alert -> alert.getScore() == alert.getThreshold());
  }

  @Test
  void shouldDrawTheSameTilesInAnotherOrderAndOthersByAnotherKey() {
    // When
    Set<String> drawn = drawn(SETTINGS, 1);
    Set<String> shuffled = drawn(SETTINGS, 2);
    Set<String> another =
        drawn(SETTINGS.withAudit(new AuditSettings(0.2, 0.01, "quite another key for it")), 1);

    // Then
    assertThat(shuffled).isEqualTo(drawn);
    assertThat(another).isNotEqualTo(drawn);
  }

  @Test
  void shouldDrawASecondReaderForAShareOfTheDrawnTilesByTheKeyedHashAlone() throws Exception {
    // Given
    RoutingSettings settings =
        RoutingSettings.defaults().withAudit(new AuditSettings(1, 0, 0.25, KEY));

    // When
    Map<String, Boolean> drawn = new TreeMap<>();
    alerts(settings, 6_000, 1).stream()
        .filter(ReviewRequested::getAudited)
        .forEach(alert -> drawn.put(alert.getSegmentation().getTileId(), alert.getSecondReader()));

    // Then: by the second eight bytes of the HMAC, which know nothing of the first
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    drawn.forEach(
        (tileId, second) -> {
          BigInteger bits =
              new BigInteger(
                  1,
                  Arrays.copyOfRange(mac.doFinal(tileId.getBytes(StandardCharsets.UTF_8)), 8, 16));
          assertThat(second).isEqualTo(bits.compareTo(BigInteger.ONE.shiftLeft(62)) < 0);
        });
    double share = drawn.values().stream().filter(second -> second).count() / (double) drawn.size();
    assertThat(share).isCloseTo(0.25, within(0.07));
    // And: without a share nobody is asked
    assertThat(alerts(SETTINGS, 2_000, 1)).noneMatch(ReviewRequested::getSecondReader);
  }

  @Test
  void shouldDrawBackgroundByAShareOfItsOwnAndOnce() {
    // Given
    RoutingSettings settings =
        RoutingSettings.defaults().withAudit(new AuditSettings(0, 0.02, KEY));
    try (RoutingHarness harness = new RoutingHarness(settings, stateDir)) {
      // When
      for (int t = 0; t < 5_000; t++) {
        harness.segment(background("s" + t / 100, "g" + t, "kidney", 0));
        harness.segment(background("s" + t / 100, "g" + t, "kidney", 0));
      }

      // Then
      List<ReviewRequested> alerts = harness.alerts().stream().map(alert -> alert.value).toList();
      assertThat(alerts.size() / 5_000.0).isCloseTo(0.02, within(0.007));
      assertThat(alerts)
          .allMatch(alert -> alert.getReason() == ReviewReason.AUDIT)
          .allMatch(alert -> alert.getInclusionProbability() == 0.02);

      // And: tissue that is found there later is not drawn again, nor sent twice
      String tileId = alerts.get(0).getSegmentation().getTileId();
      harness.segment(tile(alerts.get(0).getSegmentation().getSlideId(), tileId, "kidney", 0.9));
      assertThat(harness.alerts()).isEmpty();
    }
  }

  @Test
  void shouldDrawNothingWithoutAKeyAndKeepItOutOfLogs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AuditSettings(0.2, 0, "short"))
        .withMessageContaining("shorter than 16 bytes");
    assertThat(SETTINGS.toString()).doesNotContain(KEY);
    assertThat(alerts(RoutingSettings.defaults(), 500, 1))
        .noneMatch(ReviewRequested::getAudited)
        .allMatch(alert -> alert.getInclusionProbability() == null);
  }

  private Set<String> drawn(RoutingSettings settings, long order) {
    return alerts(settings, 3_000, order).stream()
        .filter(ReviewRequested::getAudited)
        .map(alert -> alert.getSegmentation().getTileId())
        .collect(Collectors.toSet());
  }

  private List<ReviewRequested> alerts(RoutingSettings settings, int tiles, long order) {
    List<Integer> positions = new ArrayList<>(IntStream.range(0, tiles).boxed().toList());
    Collections.shuffle(positions, new Random(order));
    try (RoutingHarness harness = new RoutingHarness(settings, stateDir)) {
      for (int t : positions) {
        double score = new SplittableRandom(t).nextDouble();
        harness.segment(tile("s" + t / 100, "t" + t, "kidney", score));
      }
      return harness.alerts().stream().map(alert -> alert.value).toList();
    }
  }
}
