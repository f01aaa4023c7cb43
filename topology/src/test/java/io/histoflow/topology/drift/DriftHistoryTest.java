package io.histoflow.topology.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.topology.summaries.TileFigures;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftHistoryTest {
  private static final DriftSettings SETTINGS = DriftSettings.defaults();

  @Test
  void shouldStayBelowTheConfiguredRateOfFalseAlarmsForAYear() {
    // Given: 200 organs, each with 50 tiles in five summaries on each of 365 days
    int windows = 0;
    int alarms = 0;
    for (int organ = 0; organ < 200; organ++) {
      Tiles tiles = new Tiles(organ, 1, 0);
      DriftHistory history = new DriftHistory(SETTINGS);
      for (int summary = 0; summary < 365 * 5; summary++) {
        // When
        Optional<DriftHistory.Comparison> window = history.add(0, tiles.next(10));
        windows += window.isPresent() ? 1 : 0;
        alarms += window.filter(DriftHistory.Comparison::drifted).isPresent() ? 1 : 0;
      }
    }

    // Then
    assertThat(windows).isEqualTo(200 * ((365 * 50 - 2_000) / 500));
    assertThat(1_000.0 * alarms / windows)
        .isLessThanOrEqualTo(SETTINGS.falseAlarmsPerThousandWindows());
  }

  @Test
  void shouldStayQuietWhereTheTilesOfASlideAreAlike() {
    // Given: slides of 25 tiles, a third of all variance between slides
    int windows = 0;
    int alarms = 0;
    for (int organ = 0; organ < 100; organ++) {
      Tiles tiles = new Tiles(organ, 25, 0.33);
      DriftHistory history = new DriftHistory(SETTINGS);
      for (int slide = 0; slide < 480; slide++) {
        // When
        Optional<DriftHistory.Comparison> window = history.add(0, tiles.next(25));
        windows += window.isPresent() ? 1 : 0;
        alarms += window.filter(DriftHistory.Comparison::drifted).isPresent() ? 1 : 0;
      }
    }

    // Then
    assertThat(windows).isEqualTo(2_000);
    assertThat(alarms).isLessThanOrEqualTo(2);
  }

  @Test
  void shouldAlarmWithinTwoWindowsOfAShift() {
    for (int organ = 0; organ < 50; organ++) {
      // Given: a shift in the middle of a window, by one standard deviation
      Tiles tiles = new Tiles(organ, 1, 0);
      DriftHistory history = new DriftHistory(SETTINGS);
      for (int i = 0; i < 275; i++) {
        history.add(0, tiles.next(10));
      }
      tiles.shift = 1;

      // When
      int after = 0;
      Optional<DriftHistory.Comparison> found = Optional.empty();
      while (found.isEmpty() && after < 1_000) {
        after += 10;
        found = history.add(0, tiles.next(10)).filter(DriftHistory.Comparison::drifted);
      }

      // Then
      assertThat(found).as("organ %d", organ).isPresent();
      assertThat(found.orElseThrow().news()).isTrue();
    }
  }

  @Test
  void shouldAlarmAShiftOfThePositiveAreaAlone() {
    // Given
    Tiles tiles = new Tiles(6, 1, 0);
    DriftHistory history = new DriftHistory(SETTINGS);
    add(history, tiles, 2_000);

    // When
    tiles.areaShift = 1;
    DriftHistory.Comparison window = add(history, tiles, 500).orElseThrow();

    // Then
    assertThat(window.drifted()).isTrue();
    assertThat(window.entropy().drifted()).isFalse();
    assertThat(window.positiveArea().drifted()).isTrue();
  }

  @Test
  void shouldSayADriftOnceAndOnceThatItIsOver() {
    // Given
    Tiles tiles = new Tiles(1, 1, 0);
    DriftHistory history = new DriftHistory(SETTINGS);
    assertThat(add(history, tiles, 2_500).orElseThrow().news()).isFalse();

    // When: three windows shifted, three as before
    tiles.shift = 2;
    DriftHistory.Comparison first = add(history, tiles, 500).orElseThrow();
    DriftHistory.Comparison second = add(history, tiles, 500).orElseThrow();
    tiles.shift = 0;
    DriftHistory.Comparison back = add(history, tiles, 500).orElseThrow();
    DriftHistory.Comparison later = add(history, tiles, 500).orElseThrow();

    // Then
    assertThat(first.drifted() && first.news()).isTrue();
    assertThat(second.drifted() && !second.news()).isTrue();
    assertThat(!back.drifted() && back.news()).isTrue();
    assertThat(!later.drifted() && !later.news()).isTrue();
    assertThat(first.entropy().distance()).isGreaterThan(0.5);
    assertThat(first.entropy().window().getN()).isEqualTo(500);
    assertThat(first.entropy().reference().getN()).isEqualTo(2_000);
  }

  @Test
  void shouldTakeANewReferenceFromNewerWeights() {
    // Given: a drift that was said
    Tiles tiles = new Tiles(2, 1, 0);
    DriftHistory history = new DriftHistory(SETTINGS);
    add(history, tiles, 2_000);
    tiles.shift = 2;
    assertThat(add(history, tiles, 500).orElseThrow().drifted()).isTrue();

    // When: weights of version 1 see the shifted tiles, and some of version 0 come late
    for (int i = 0; i < 200; i++) {
      assertThat(history.add(1, tiles.next(10))).isEmpty();
      assertThat(history.add(0, tiles.next(10))).isEmpty();
    }
    Optional<DriftHistory.Comparison> last = Optional.empty();
    for (int i = 0; i < 50; i++) {
      last = history.add(1, tiles.next(10));
    }
    DriftHistory.Comparison window = last.orElseThrow();

    // Then: beside their own reference they are normal, and that is news
    assertThat(history.modelVersion()).isEqualTo(1);
    assertThat(window.drifted()).isFalse();
    assertThat(window.news()).isTrue();
  }

  @Test
  void shouldTakeANewReferenceAfterAReturnToOlderWeights() {
    // Given
    Tiles tiles = new Tiles(3, 1, 0);
    DriftHistory history = new DriftHistory(SETTINGS);
    for (int i = 0; i < 200; i++) {
      history.add(5, tiles.next(10));
    }

    // When: a window of older tiles in a row
    for (int i = 0; i < 50; i++) {
      history.add(3, tiles.next(10));
    }

    // Then
    assertThat(history.modelVersion()).isEqualTo(3);
    assertThat(history.hasReference()).isFalse();
  }

  @Test
  void shouldSurviveItsStore() {
    // Given: a reference and half a window
    Tiles tiles = new Tiles(4, 1, 0);
    DriftHistory history = new DriftHistory(SETTINGS);
    add(history, tiles, 2_250);

    // When
    byte[] bytes = DriftHistory.serde(SETTINGS).serializer().serialize("t", history);
    DriftHistory read = DriftHistory.serde(SETTINGS).deserializer().deserialize("t", bytes);

    // Then
    assertThat(read.hasReference()).isTrue();
    assertThat(add(read, tiles, 240)).isEmpty();
    assertThat(add(read, tiles, 10)).isPresent();
    assertThat(bytes.length).isLessThan(32_768);
  }

  /** Adds tiles in summaries of 10 and returns what the last one completed. */
  private static Optional<DriftHistory.Comparison> add(
      DriftHistory history, Tiles tiles, int count) {
    Optional<DriftHistory.Comparison> last = Optional.empty();
    for (int i = 0; i < count; i += 10) {
      last = history.add(0, tiles.next(10));
    }
    return last;
  }

  /** Tiles of one organ; a part of the variance is between slides. */
  private static final class Tiles {
    private final Random random;
    private final int tilesPerSlide;
    private final double betweenSlides;
    private double shift;
    private double areaShift;
    private double slide;
    private int left;

    Tiles(int seed, int tilesPerSlide, double betweenSlides) {
      this.random = new Random(seed);
      this.tilesPerSlide = tilesPerSlide;
      this.betweenSlides = betweenSlides;
    }

    TileFigures next(int count) {
      TileFigures figures = TileFigures.empty();
      for (int i = 0; i < count; i++) {
        if (left == 0) {
          slide = Math.sqrt(betweenSlides) * random.nextGaussian();
          left = tilesPerSlide;
        }
        left--;
        double common = slide + shift;
        figures.add(
            common + Math.sqrt(1 - betweenSlides) * random.nextGaussian(),
            Math.max(0, common + areaShift + Math.sqrt(1 - betweenSlides) * random.nextGaussian()));
      }
      return figures;
    }
  }
}
