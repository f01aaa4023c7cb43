package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.START;
import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.OrganPartition;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that topology/README.md states, in its order. */
class RoutingRulesTest {
  private static final RoutingSettings SETTINGS = RoutingSettings.defaults();

  /** The share of the one router of the test driver is a sixth. */
  private static final int PARTITIONS = 6;

  @TempDir Path stateDir;
  private final Random random = new Random(1);
  private int fed;

  @Test
  void shouldGoByWhatIsOwedToTheOrganOverAllPartitions() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given: this router's own tiles are about even
      OrganThreshold even = told(harness);
      OrganPartition own = even.getPartitions().get(0);
      assertThat(even.getPartitions())
          .containsExactly(new OrganPartition(0, 600L, routed(even), 0L, own.getCredit()));
      assertThat(own.getCredit()).isBetween(-2.6, 2.6);
      alerts(harness);

      // When: others have overdrawn the organ, and then left much unused
      harness.publish(besides(even, -2.5 - own.getCredit()));
      feedScore(harness, "kidney", 8, 0.9);
      int whileOverdrawn = alerts(harness).size();
      harness.publish(besides(even, 5.2 - own.getCredit()));
      feedScore(harness, "kidney", 2, 0.01);

      // Then: not even the highest scores go, later even the lowest do
      assertThat(whileOverdrawn).isZero();
      assertThat(alerts(harness)).hasSize(2);
    }
  }

  @Test
  void shouldTellAtOnceWhatItsTilesHaveNotPaidFor() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given: all is told, and the organ is owed reviews
      OrganThreshold before = told(harness);
      OrganPartition own = before.getPartitions().get(0);
      harness.publish(besides(before, 4 - own.getCredit()));

      // When
      feedScore(harness, "kidney", 1, 0.3);

      // Then
      OrganThreshold after = harness.thresholds().get("kidney");
      assertThat(after.getTilesSeen()).isEqualTo(601);
      assertThat(after.getTilesRouted()).isEqualTo(routed(before) + 1);
      assertThat(after.getPartitions().get(0).getCredit())
          .isCloseTo(own.getCredit() - 0.9, within(1e-9));
    }
  }

  @Test
  void shouldGoByItsOwnTilesWhereNothingIsPublishedOfPartitions() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given: thresholds are published
      OrganThreshold threshold = told(harness);
      alerts(harness);

      // When
      harness.publish(RecordCopy.with(threshold, Map.of("partitions", List.of())));
      feedScore(harness, "kidney", 20, 0.9);

      // Then
      double own = 0.1 * 620 - routed(threshold);
      assertThat((double) alerts(harness).size()).isBetween(1.0, own + 2.6);
    }
  }

  @Test
  void shouldRouteEveryTileThatReachesTheFloorAndMakeUpForItBelow() {
    try (RoutingHarness harness = harness(TestSettings.withFloor(0.6))) {
      // Given: 4 % of the tiles reach the floor
      int above = 0;
      for (int i = 0; i < 2_000; i++) {
        boolean high = random.nextInt(25) == 0;
        above += high ? 1 : 0;

        // When
        double score = high ? 0.6 + 0.3 * random.nextDouble() : 0.5 * random.nextDouble();
        harness.segment(tile("s" + i / 20, "t" + i, "kidney", score));
      }

      // Then
      List<ReviewRequested> alerts = alerts(harness);
      assertThat(alerts)
          .filteredOn(alert -> alert.getReason() == ReviewReason.FLOOR)
          .hasSize(above)
          .allSatisfy(alert -> assertThat(alert.getThreshold()).isEqualTo(0.6));
      assertThat(alerts.size() / 2_000.0).isCloseTo(0.1, within(0.005));
    }
  }

  @Test
  void shouldExceedTheBudgetForTheFloorAndComeBackToItSoon() {
    try (RoutingHarness harness = harness(TestSettings.withFloor(0.6))) {
      // Given: 200 tiles in a row that reach the floor
      feed(harness, "kidney", 500, 0.3);
      for (int i = 0; i < 200; i++) {
        harness.segment(tile("f", "f" + i, "kidney", 0.9));
      }
      assertThat(alerts(harness)).hasSizeGreaterThanOrEqualTo(200 + 45);

      // When: none of the 300 tiles after them does
      feed(harness, "kidney", 300, 0.3);
      alerts(harness);
      feed(harness, "kidney", 500, 0.3);

      // Then
      assertThat(alerts(harness).size() / 500.0).isCloseTo(0.1, within(0.012));
    }
  }

  @Test
  void shouldRouteTheFloorEvenWithoutBudgetOrCapacity() {
    RoutingSettings settings = TestSettings.with(0, 0.5, PARTITIONS, SETTINGS.inkFraction());
    try (RoutingHarness harness = harness(settings)) {
      // When
      for (int i = 0; i < 40; i++) {
        harness.segment(tile("s", "t" + i, "kidney", i < 10 ? 0.5 : 0.49));
      }

      // Then
      assertThat(alerts(harness)).hasSize(10);
      assertThat(harness.heldBack()).isEmpty();
    }
  }

  @Test
  void shouldHoldBackWhatExceedsTheCapacityAndSayWhat() {
    // Given: reviewers take 10 alerts an hour from this router, of three organs together
    try (RoutingHarness harness = harness(TestSettings.withCapacityPerHour(10 * PARTITIONS))) {
      List<String> organs = List.of("kidney", "liver", "lung");

      // When: 900 tiles within 15 minutes, which are worth 90 alerts
      for (int i = 0; i < 900; i++) {
        harness.segment(
            tile("s" + i % 7, "t" + i, organs.get(i % 3), 0.2 + 0.1 * random.nextDouble()),
            START.plusSeconds(i));
      }
      harness.pass(Duration.ofSeconds(2));

      // Then
      List<ReviewRequested> alerts = alerts(harness);
      List<TileHeldBack> held = harness.heldBack();
      assertThat(alerts).hasSize(10);
      assertThat(held).hasSizeBetween(70, 90);
      Map<String, OrganThreshold> thresholds = harness.thresholds();
      for (String organ : organs) {
        assertThat(thresholds.get(organ).getTilesHeldBack())
            .isEqualTo(held.stream().filter(tile -> tile.getOrgan().equals(organ)).count())
            .isPositive();
      }
      assertThat(held)
          .allSatisfy(
              tile -> {
                assertThat(tile.getScore()).isGreaterThanOrEqualTo(tile.getThreshold());
                assertThat(tile.getCapacityPerHour()).isEqualTo(60);
              });
    }
  }

  @Test
  void shouldRouteAgainWhenTheHourIsOver() {
    try (RoutingHarness harness = harness(TestSettings.withCapacityPerHour(5 * PARTITIONS))) {
      // Given
      List<Instant> raised = new ArrayList<>();

      // When: a tile every 20 s for eight hours, one in ten of them uncertain
      for (int i = 0; i < 8 * 180; i++) {
        harness.segment(
            tile("s" + i / 10, "t" + i, "kidney", 0.2 + 0.1 * random.nextDouble()),
            START.plusSeconds(20L * i));
        alerts(harness).forEach(alert -> raised.add(alert.getRequestedAt()));
      }

      // Then
      assertThat(raised).hasSizeBetween(35, 40);
      for (int i = 5; i < raised.size(); i++) {
        assertThat(Duration.between(raised.get(i - 5), raised.get(i)))
            .isGreaterThan(Duration.ofHours(1).minusSeconds(1));
      }
    }
  }

  @Test
  void shouldNotStopForATileFromTheFuture() {
    try (RoutingHarness harness = harness(TestSettings.withCapacityPerHour(PARTITIONS))) {
      // Given: a clock that is ten years ahead
      harness.segment("s", tile("s", "t", "kidney", 0.9));
      harness.segmentStamped(tile("s", "t2", "kidney", 0.9), START.plus(Duration.ofDays(3_650)));
      alerts(harness);

      // When: two hours later
      harness.pass(Duration.ofHours(2));
      for (int i = 0; i < 40; i++) {
        harness.segmentStamped(tile("s", "u" + i, "kidney", 0.9), START.plus(Duration.ofHours(2)));
      }

      // Then
      assertThat(alerts(harness)).hasSize(1);
    }
  }

  @Test
  void shouldHoldTheBudgetOfOtherOrgansWhileOneComesInABurst() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given: two organs in turn, then 1,500 uncertain tiles of one of them
      for (int i = 0; i < 500; i++) {
        feed(harness, "kidney", 1, 0.3);
        feed(harness, "liver", 1, 0.3);
      }
      alerts(harness);

      // When
      feed(harness, "kidney", 1_500, 0.8);
      List<ReviewRequested> burst = alerts(harness);
      for (int i = 0; i < 500; i++) {
        feed(harness, "kidney", 1, 0.3);
        feed(harness, "liver", 1, 0.3);
      }

      // Then
      assertThat(burst.size() / 1_500.0).isCloseTo(0.1, within(0.005));
      Map<String, Long> after =
          alerts(harness).stream()
              .collect(
                  Collectors.groupingBy(
                      alert -> alert.getSegmentation().getOrgan(), Collectors.counting()));
      assertThat(after.get("liver") / 500.0).isCloseTo(0.1, within(0.015));
      assertThat(after.get("kidney") / 500.0).isCloseTo(0.1, within(0.015));
    }
  }

  @Test
  void shouldHoldTheBudgetWhenANewModelScoresOnAnotherScale() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given
      for (int i = 0; i < 1_000; i++) {
        harness.segment(tile("s" + i / 20, "old" + i, "kidney", 0.5 + 0.1 * random.nextDouble()));
      }
      alerts(harness);

      // When: for a while old and new workers take turns
      for (int i = 0; i < 1_000; i++) {
        boolean old = i < 200 && i % 2 == 0;
        double score = (old ? 0.5 : 0.1) + 0.1 * random.nextDouble();
        harness.segment(tile("s" + i / 20, "new" + i, "kidney", score, old ? 0 : 1));
      }

      // Then
      assertThat(alerts(harness).size() / 1_000.0).isCloseTo(0.1, within(0.01));
    }
  }

  @Test
  void shouldForgetANewerModelThatWasGoneBackFrom() {
    try (RoutingHarness harness = harness(SETTINGS)) {
      // Given: three versions, each on its own scale
      for (int version = 3; version <= 5; version++) {
        for (int i = 0; i < 200; i++) {
          harness.segment(
              tile(
                  "s",
                  version + "-" + i,
                  "kidney",
                  version / 10.0 + 0.05 * random.nextDouble(),
                  version));
        }
      }

      // When: back to the first of them
      for (int i = 0; i < 400; i++) {
        harness.segment(tile("s", "back-" + i, "kidney", 0.3 + 0.05 * random.nextDouble(), 3));
      }
      harness.pass(Duration.ofSeconds(2));

      // Then
      OrganThreshold threshold = harness.thresholds().get("kidney");
      assertThat(threshold.getModelVersion()).isEqualTo(3);
      assertThat(threshold.getThreshold()).isBetween(0.34, 0.35);
    }
  }

  @Test
  void shouldAlarmOnceWhenTheTilesOfOneScannerDrift() {
    TopologySettings settings =
        TopologySettings.defaults().withDrift(new DriftSettings(400, 100, 1, 0.1));
    try (RoutingHarness harness = new RoutingHarness(settings, stateDir)) {
      // Given: two scanners, one of which shifts by two standard deviations after 1,000 tiles
      List<KeyValue<String, DriftAlarm>> alarms = new ArrayList<>();
      int foundAfter = -1;
      for (int i = 0; i < 3_000; i++) {
        boolean first = i % 2 == 0;
        double shift = first && i >= 2_000 ? 0.1 : 0;
        double entropy = 0.4 + shift + 0.05 * random.nextGaussian();
        double area = 0.3 + 0.05 * random.nextGaussian();
        String scanner = first ? "one" : "two";

        // When
        harness.segment(tile("s" + i / 10, "t" + i, "kidney", 0.3, 0, scanner, entropy, area));
        alarms.addAll(harness.driftAlarms());
        if (foundAfter < 0 && !alarms.isEmpty()) {
          foundAfter = (i - 2_000) / 2;
        }
      }

      // Then: within two windows, with both summaries
      assertThat(alarms).hasSize(1);
      DriftAlarm alarm = alarms.get(0).value;
      assertThat(alarms.get(0).key).isEqualTo("kidney/one");
      assertThat(alarm.getState()).isEqualTo(DriftState.DRIFTED);
      assertThat(alarm.getScanner()).isEqualTo("one");
      assertThat(foundAfter).isBetween(0, 220);
      assertThat(alarm.getEntropy().getDrifted()).isTrue();
      assertThat(alarm.getPositiveArea().getDrifted()).isFalse();
      assertThat(alarm.getEntropy().getReference().getP50()).isCloseTo(0.4, within(0.02));
      assertThat(alarm.getEntropy().getWindow().getP50()).isGreaterThan(0.42);
      assertThat(alarm.getEntropy().getDistance()).isGreaterThan(alarm.getEntropy().getLimit());
      assertThat(alarm.getEntropy().getPValue()).isLessThan(0.0005);
      assertThat(alarm.getEntropy().getReference().getCount()).isGreaterThanOrEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void shouldKeepEveryRuleForAnyOrderWithRepeatsAndDelays(int seed) {
    // Given: what the operator decided, and 600 tiles of three organs and sometimes two versions
    Random dice = new Random(seed);
    double budget = List.of(0.05, 0.1, 0.2).get(dice.nextInt(3));
    double floor = dice.nextBoolean() ? 0.75 : RoutingSettings.NO_FLOOR;
    int capacity = dice.nextBoolean() ? PARTITIONS * (5 + dice.nextInt(20)) : 0;
    List<Arrival> log = log(dice);

    // When: each arrives at a random time, a third of them again
    List<ReviewRequested> alerts;
    List<TileHeldBack> held;
    Map<String, OrganThreshold> thresholds;
    try (RoutingHarness harness =
        harness(TestSettings.with(budget, floor, capacity, SETTINGS.inkFraction()))) {
      log.forEach(arrival -> harness.segment(arrival.tile, arrival.at));
      harness.pass(Duration.ofSeconds(2));
      alerts = alerts(harness);
      held = harness.heldBack();
      thresholds = harness.thresholds();
    }

    // Then: each tile once, and what reaches the floor always
    List<String> routed =
        alerts.stream().map(alert -> alert.getSegmentation().getTileId()).toList();
    Set<String> distinct = new HashSet<>(routed);
    assertThat(distinct).hasSameSizeAs(routed);
    held.forEach(tile -> assertThat(distinct.add(tile.getTileId())).isTrue());
    Map<String, TileSegmented> firsts = new HashMap<>();
    log.forEach(arrival -> firsts.putIfAbsent(arrival.tile.getTileId(), arrival.tile));
    List<String> aboveFloor =
        firsts.values().stream()
            .filter(tile -> tile.getRoutingScore() >= floor)
            .map(TileSegmented::getTileId)
            .toList();
    assertThat(routed).containsAll(aboveFloor);

    // and each organ's budget, held back or not; what reaches the floor may exceed it
    for (String organ : List.of("kidney", "liver", "lung")) {
      List<TileSegmented> tiles =
          firsts.values().stream().filter(tile -> tile.getOrgan().equals(organ)).toList();
      long high = tiles.stream().filter(tile -> tile.getRoutingScore() >= floor).count();
      OrganThreshold threshold = thresholds.get(organ);
      long wanted = threshold.getTilesRouted() + threshold.getTilesHeldBack();
      assertThat(threshold.getTilesSeen()).isEqualTo(tiles.size());
      assertThat((double) wanted)
          .as("alerts of %d tiles of %s", tiles.size(), organ)
          .isBetween(budget * tiles.size() - 6, Math.max((double) high, budget * tiles.size()) + 6);
    }
    assertThat(thresholds.values().stream().mapToLong(OrganThreshold::getTilesHeldBack).sum())
        .isEqualTo(held.size());

    // and the capacity: only what reaches the floor exceeds it
    if (capacity > 0) {
      List<Instant> times = alerts.stream().map(ReviewRequested::getRequestedAt).sorted().toList();
      for (ReviewRequested alert : alerts) {
        if (alert.getReason() != ReviewReason.FLOOR) {
          Instant to = alert.getRequestedAt();
          Instant from = to.minus(Duration.ofHours(1));
          long hour =
              times.stream().filter(time -> time.isAfter(from) && time.isBefore(to)).count();
          assertThat(hour).isLessThan(capacity / PARTITIONS);
        }
      }
    } else {
      assertThat(held).isEmpty();
    }
  }

  private static List<Arrival> log(Random dice) {
    List<Arrival> log = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      String organ = List.of("kidney", "liver", "lung").get(dice.nextInt(3));
      double mean = 0.2 + 0.1 * organ.length() / 6;
      double score = Math.max(0, Math.min(1, mean + 0.15 * dice.nextGaussian()));
      TileSegmented tile =
          tile(
              "s" + dice.nextInt(40),
              "t" + i,
              organ,
              dice.nextInt(10) == 0 ? mean : score,
              i / 400);
      log.add(new Arrival(tile, START.plusMillis(1 + dice.nextInt(6 * 3_600_000))));
      if (dice.nextInt(3) == 0) {
        log.add(new Arrival(tile, START.plusMillis(1 + dice.nextInt(6 * 3_600_000))));
      }
    }
    log.sort(Comparator.comparing(Arrival::at));
    return log;
  }

  private RoutingHarness harness(RoutingSettings settings) {
    return new RoutingHarness(settings, stateDir);
  }

  private void feed(RoutingHarness harness, String organ, int count, double mean) {
    for (int i = 0; i < count; i++) {
      double score = Math.max(0, mean + 0.05 * random.nextGaussian());
      harness.segment(tile("s" + fed / 20, "t" + fed++, organ, score));
    }
  }

  private void feedScore(RoutingHarness harness, String organ, int count, double score) {
    for (int i = 0; i < count; i++) {
      harness.segment(tile("s" + fed / 20, "t" + fed++, organ, score));
    }
  }

  /** Feeds 600 tiles of kidney and returns what is published when all are told. */
  private OrganThreshold told(RoutingHarness harness) {
    feed(harness, "kidney", 600, 0.3);
    harness.pass(Duration.ofSeconds(2));
    return harness.thresholds().get("kidney");
  }

  /** Adds what another partition's router has booked. */
  private static OrganThreshold besides(OrganThreshold threshold, double credit) {
    List<OrganPartition> partitions = new ArrayList<>(threshold.getPartitions());
    partitions.add(new OrganPartition(1, 600L, 60L, 0L, credit));
    return RecordCopy.with(threshold, Map.of("partitions", partitions));
  }

  private static long routed(OrganThreshold threshold) {
    return threshold.getTilesRouted();
  }

  private static List<ReviewRequested> alerts(RoutingHarness harness) {
    return harness.alerts().stream().map(alert -> alert.value).toList();
  }

  private record Arrival(TileSegmented tile, Instant at) {}
}
