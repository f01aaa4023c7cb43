package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.SlideReport;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrganSpellingTest {
  private static final TopologySettings SETTINGS = TopologySettings.defaults();

  @TempDir Path stateDir;

  @Test
  void shouldCountOneOrganHoweverScannersWriteIt() {
    try (RoutingHarness harness = new RoutingHarness(SETTINGS, stateDir)) {
      // Given
      harness.scan("s", " KİDNEY ", 2);

      // When
      harness.segment(tile("s", "a", "Kidney", 0.002));
      harness.segment(tile("s", "b", "kidney", 0.004));
      harness.segment(tile("other", "c", "  KIDNEY", 0.004));
      harness.pass(SETTINGS.reports().updateDelay().plus(Duration.ofMinutes(10)));

      // Then
      assertThat(harness.reports()).extracting(SlideReport::getOrgan).containsOnly("kidney");
      assertThat(harness.thresholdRecords())
          .isNotEmpty()
          .extracting(OrganThreshold::getOrgan)
          .containsOnly("kidney");
    }
  }
}
