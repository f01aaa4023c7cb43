package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ExpectedRouting.Arrival;
import io.histoflow.topology.ExpectedRouting.Decision;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Routing is what the input says, tile by tile: in random orders, with repetitions, delays, scores
 * that differ when a tile comes again, background, and crashes that undo what was not committed.
 */
class RoutingPropertyTest {
  private static final int CASES_PER_SEED = 3;
  private static final int TILES = 240;
  private static final Set<ReviewReason> PAST_THE_BUDGET =
      Set.of(ReviewReason.FLOOR, ReviewReason.AUDIT);

  /** The share of the one router of the test driver is a sixth. */
  private static final int PARTITIONS = 6;

  private static final String KEY = " that nobody guesses";
  private static final Duration PAUSE = Duration.ofMinutes(11);

  @TempDir Path stateDir;
  private final Map<String, OrganThreshold> thresholds = new HashMap<>();
  private final List<ReviewRequested> alerts = new ArrayList<>();
  private final List<TileHeldBack> heldBack = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldRouteWhatTheInputSaysWhateverHappens(long seed) {
    for (int number = 0; number < CASES_PER_SEED; number++) {
      // Given
      Random random = new Random(1_000 * seed + number);
      RoutingSettings settings = settings(random);
      List<Arrival> log = log(random);

      // When
      CrashingRun run =
          new CrashingRun(
              TopologySettings.defaults().withRouting(settings),
              stateDir,
              random,
              PAUSE,
              this::read);
      run.process(log.stream().map(RoutingPropertyTest::feeding).toList());

      // Then
      assertThat(run.crashes()).as("crashes").isPositive();
      int capacity =
          settings.capacityPerHour() == RoutingSettings.NO_LIMIT
              ? Integer.MAX_VALUE
              : settings.capacityPerHour() / PARTITIONS;
      requireEachTileAsExpected(new ExpectedRouting(settings, capacity, log));
      requireFloor(settings.floor(), log);
      requireBudget(settings, log);
      forget();
    }
  }

  private void requireEachTileAsExpected(ExpectedRouting expected) {
    assertThat(alerts.stream().map(RoutingPropertyTest::decision))
        .containsExactlyElementsOf(expected.alerts());
    assertThat(heldBack.stream().map(RoutingPropertyTest::decision))
        .containsExactlyElementsOf(expected.heldBack());
    assertThat(
            alerts.stream()
                .filter(ReviewRequested::getAudited)
                .map(alert -> alert.getSegmentation().getTileId()))
        .containsExactlyInAnyOrderElementsOf(expected.drawn());
    Map<String, Integer> seen = new HashMap<>();
    thresholds.forEach((organ, t) -> seen.put(organ, (int) t.getTilesSeen()));
    assertThat(seen).isEqualTo(expected.tiles());
    assertThat(thresholds.values().stream().mapToLong(OrganThreshold::getTilesRouted).sum())
        .isEqualTo(expected.alerts().size() - expected.background());
    assertThat(thresholds.values().stream().mapToLong(OrganThreshold::getTilesHeldBack).sum())
        .isEqualTo(expected.heldBack().size());
  }

  private void requireFloor(double floor, List<Arrival> log) {
    Set<String> known = new HashSet<>();
    List<String> above =
        log.stream()
            .map(Arrival::tile)
            .filter(tile -> !tile.getBackground())
            .filter(tile -> known.add(tile.getTileId()) && tile.getRoutingScore() >= floor)
            .map(tile -> tile.getTileId())
            .toList();
    assertThat(
            alerts.stream()
                .filter(alert -> alert.getReason() == ReviewReason.FLOOR)
                .map(alert -> alert.getSegmentation().getTileId()))
        .containsExactlyElementsOf(above);
  }

  /** Below the floor an account is overdrawn by 2.6 alerts at most. */
  private void requireBudget(RoutingSettings settings, List<Arrival> log) {
    Map<String, Set<String>> tiles = new HashMap<>();
    log.stream()
        .map(Arrival::tile)
        .filter(tile -> !tile.getBackground())
        .forEach(
            tile ->
                tiles
                    .computeIfAbsent(tile.getOrgan(), name -> new HashSet<>())
                    .add(tile.getTileId()));
    tiles.forEach(
        (organ, ids) -> {
          long below =
              alerts.stream()
                      .filter(alert -> !PAST_THE_BUDGET.contains(alert.getReason()))
                      .filter(alert -> ids.contains(alert.getSegmentation().getTileId()))
                      .count()
                  + heldBack.stream().filter(tile -> tile.getOrgan().equals(organ)).count();
          double budget = settings.budget() * ids.size();
          assertThat((double) below).as(organ).isLessThanOrEqualTo(budget + 2.6);
          if (settings.floor() == RoutingSettings.NO_FLOOR && settings.audit().share() == 0) {
            assertThat((double) below).as(organ).isCloseTo(budget, within(6.0));
          }
        });
  }

  private void read(RoutingHarness harness) {
    thresholds.putAll(harness.thresholds());
    harness.alerts().forEach(alert -> alerts.add(alert.value));
    heldBack.addAll(harness.heldBack());
  }

  private void forget() {
    thresholds.clear();
    alerts.clear();
    heldBack.clear();
  }

  /** A window so small that sketches hold every score, and what is expected is exact. */
  private static RoutingSettings settings(Random random) {
    return new RoutingSettings(
        List.of(0.05, 0.1, 0.2).get(random.nextInt(3)),
        20,
        0.1,
        120,
        random.nextBoolean() ? 0.6 : RoutingSettings.NO_FLOOR,
        random.nextBoolean() ? PARTITIONS * (1 + random.nextInt(6)) : RoutingSettings.NO_LIMIT,
        0.01,
        Duration.ofSeconds(1),
        random.nextBoolean()
            ? new AuditSettings(
                random.nextBoolean() ? 0.2137 : 0.6173, 0.1, "key " + random.nextLong() + KEY)
            : AuditSettings.NONE);
  }

  private static List<Arrival> log(Random random) {
    List<Integer> order = new ArrayList<>();
    for (int tile = 0; tile < TILES; tile++) {
      order.add(tile);
      if (random.nextInt(3) == 0) {
        order.add(tile);
      }
    }
    Collections.shuffle(order, random);
    List<Arrival> log = new ArrayList<>();
    Instant at = START;
    for (int tile : order) {
      at = at.plusMillis(1 + random.nextInt(60_000));
      Instant stamp = at.minusSeconds(random.nextInt(4) == 0 ? random.nextInt(2_400) : 0);
      String organ = List.of("kidney", "liver", "lung").get(tile % 3);
      // Some scores are equal, and a tile that comes again may have another.
      double score =
          random.nextInt(8) == 0
              ? 0.3
              : Math.max(0, Math.min(1, 0.3 + 0.15 * random.nextGaussian()));
      TileSegmented segmented = TestRecords.tile("s" + tile % 17, "t" + tile, organ, score);
      // Background before or after tissue, or alone; its score must not matter.
      log.add(
          new Arrival(
              random.nextInt(5) == 0 ? TestRecords.asBackground(segmented) : segmented, at, stamp));
    }
    return log;
  }

  private static Consumer<RoutingHarness> feeding(Arrival arrival) {
    return harness -> {
      harness.reach(arrival.at());
      harness.segmentStamped(arrival.tile(), arrival.stamp());
    };
  }

  private static Decision decision(ReviewRequested alert) {
    return new Decision(
        alert.getSegmentation().getTileId(),
        alert.getScore(),
        alert.getReason(),
        alert.getThreshold());
  }

  private static Decision decision(TileHeldBack tile) {
    return new Decision(tile.getTileId(), tile.getScore(), tile.getReason(), tile.getThreshold());
  }
}
