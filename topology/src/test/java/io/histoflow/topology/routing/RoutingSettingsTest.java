package io.histoflow.topology.routing;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoutingSettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void shouldNameTheSettingThatIsWrong() {
    refused(() -> settings(1.1, 30, 0.2, 100, SECOND), "budget is 1.1, must be 0..1");
    refused(() -> settings(Double.NaN, 30, 0.2, 100, SECOND), "budget is NaN");
    refused(() -> settings(0.1, 0, 0.2, 100, SECOND), "coldStartTiles is 0");
    refused(() -> settings(0.1, 30, Double.NaN, 100, SECOND), "coldStartThreshold is NaN");
    refused(() -> settings(0.1, 30, 0.2, 59, SECOND), "at least twice coldStartTiles (30)");
    refused(() -> settings(0.1, 30, 0.2, 100, Duration.ZERO), "summaryInterval is PT0S");
  }

  private static void refused(Runnable settings, String sentence) {
    assertThatIllegalArgumentException().isThrownBy(settings::run).withMessageContaining(sentence);
  }

  private static void settings(
      double budget, int tiles, double threshold, int window, Duration interval) {
    new RoutingSettings(
        budget,
        tiles,
        threshold,
        window,
        RoutingSettings.NO_FLOOR,
        RoutingSettings.NO_LIMIT,
        0.01,
        interval,
        AuditSettings.NONE);
  }
}
