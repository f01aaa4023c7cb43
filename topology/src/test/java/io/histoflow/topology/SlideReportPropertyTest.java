package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.SlideReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reports are what the input adds up to: in random orders, with repetitions, delays, manifests that
 * come late or twice, results by older and newer weights, background, verdicts before their tiles,
 * and crashes that undo what was not committed.
 */
class SlideReportPropertyTest {
  private static final TopologySettings SETTINGS = TopologySettings.defaults();
  private static final Duration TIMEOUT = SETTINGS.reports().timeout().plusSeconds(1);
  private static final int CASES_PER_SEED = 4;

  @TempDir Path stateDir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldReportWhatTheInputAddsUpToWhateverHappens(long seed) {
    for (int number = 0; number < CASES_PER_SEED; number++) {
      // Given
      Random random = new Random(1_000 * seed + number);
      List<SlideInput> log = SlideInput.shuffled(random);

      // When
      Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
      new CrashingRun(SETTINGS, stateDir, random, TIMEOUT, outcome::read)
          .process(log.stream().map(input -> (Consumer<RoutingHarness>) input::into).toList());

      // Then
      Set<String> alerted = new HashSet<>();
      outcome.alerts.forEach(
          tile -> assertThat(alerted.add(tile)).as("first alert of %s", tile).isTrue());
      Map<String, SlideReport> latest = new LinkedHashMap<>();
      for (SlideReport report : outcome.reports) {
        SlideReport before = latest.put(report.getSlideId(), report);
        assertThat(report.getRevision()).isEqualTo(before == null ? 1 : before.getRevision() + 1);
      }
      assertThat(candidates(log)).containsAll(alerted);
      Map<String, ExpectedReport> expected = ExpectedReport.of(log, alerted);
      assertThat(latest.keySet()).isEqualTo(expected.keySet());
      latest.forEach((slide, report) -> expected.get(slide).requireSame(report));
    }
  }

  /** Only a tile with a result that is not background can go to review. */
  private static Set<String> candidates(List<SlideInput> log) {
    Set<String> candidates = new HashSet<>();
    for (SlideInput input : log) {
      if (input instanceof SlideInput.Tile tile && !tile.tile().getBackground()) {
        candidates.add(tile.tile().getTileId());
      }
    }
    return candidates;
  }

  /** What was committed. */
  private record Outcome(List<SlideReport> reports, List<String> alerts) {
    private void read(RoutingHarness harness) {
      reports.addAll(harness.reports());
      harness.alerts().forEach(alert -> alerts.add(alert.key));
    }
  }
}
