package io.histoflow.topology;

import static io.histoflow.topology.TestRecords.tile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTopologyTest {
  private static final RoutingSettings SETTINGS = RoutingSettings.defaults();

  @TempDir Path stateDir;
  private RoutingHarness harness;

  @BeforeEach
  void start() {
    harness = new RoutingHarness(SETTINGS, stateDir);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void shouldNameEveryOperatorStoreAndInternalTopic() {
    // When
    Topology topology =
        RoutingHarness.topology(TopologySettings.defaults(), RoutingHarness.config(stateDir));

    // Then: names that Kafka Streams makes up end in ten digits
    assertThat(topology.describe().toString()).doesNotContainPattern("-\\d{10}");
  }

  @Test
  void shouldPassWholeSegmentationsThroughOneOperatorOnly() {
    // When
    TopologyDescription description =
        RoutingHarness.topology(TopologySettings.defaults(), RoutingHarness.config(stateDir))
            .describe();

    // Then: of the internal topics, one carries sketches, one ids, one counts and one shares
    Set<String> repartitioned =
        Arrays.stream(description.toString().split("[\\s\\[\\](),:]+"))
            .filter(word -> word.endsWith("-repartition"))
            .collect(Collectors.toSet());
    assertThat(repartitioned)
        .containsExactlyInAnyOrder(
            "organ-scores-by-organ-repartition",
            "verdicts-by-slide-repartition",
            "recall-by-organ-repartition",
            "recall-of-all-organs-repartition");
  }

  @Test
  void shouldRouteTheMostUncertainTilesOfEachOrgan() {
    // Given: two organs on different scales, so that one threshold for both would starve one
    Random random = new Random(1);
    List<Double> kidney = scores(random, 400, 0.1, 0.02);
    List<Double> liver = scores(random, 400, 0.7, 0.05);

    // When
    for (int i = 0; i < 400; i++) {
      harness.segment(tile("k-" + i % 7, "k" + i, "kidney", kidney.get(i)));
      harness.segment(tile("l-" + i % 5, "l" + i, "liver", liver.get(i)));
    }

    // Then
    List<ReviewRequested> alerts = values(harness.alerts());
    for (String organ : List.of("kidney", "liver")) {
      List<Double> all = organ.equals("kidney") ? kidney : liver;
      List<Double> routed =
          alerts.stream()
              .filter(alert -> alert.getSegmentation().getOrgan().equals(organ))
              .map(ReviewRequested::getScore)
              .toList();
      assertThat(share(routed.size(), 400)).isCloseTo(0.1, within(0.02));
      assertThat(meanRank(routed, all))
          .as("mean rank of what is routed, %s", organ)
          .isGreaterThan(0.8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {104, 150, 300})
  void shouldHoldTheBudgetWithFewTiles(int count) {
    for (int seed = 0; seed < 5; seed++) {
      // Given
      List<Double> scores = scores(new Random(seed), count, 0.3, 0.1);
      String organ = "organ-" + seed;

      // When
      for (int i = 0; i < count; i++) {
        harness.segment(tile("s" + i / 8, organ + i, organ, scores.get(i)));
      }

      // Then
      assertThat(share(harness.alerts().size(), count)).isCloseTo(0.1, within(0.05));
    }
  }

  @Test
  void shouldHoldTheBudgetHoweverScoresAreOrdered() {
    List<Double> ascending = scores(new Random(3), 600, 0.3, 0.1);
    Collections.sort(ascending);
    List<Double> descending = new ArrayList<>(ascending);
    Collections.reverse(descending);
    for (List<Double> order : List.of(ascending, descending)) {
      // When
      String organ = order == ascending ? "up" : "down";
      for (int i = 0; i < order.size(); i++) {
        harness.segment(tile("s", organ + i, organ, order.get(i)));
      }

      // Then
      assertThat(share(harness.alerts().size(), 600)).as(organ).isCloseTo(0.1, within(0.03));
    }
  }

  @Test
  void shouldRouteTheBudgetsShareOfEqualScores() {
    // When
    for (int i = 0; i < 500; i++) {
      harness.segment(tile("s", "t" + i, "kidney", 0.5));
    }

    // Then
    assertThat(share(harness.alerts().size(), 500)).isCloseTo(0.1, within(0.01));
  }

  @Test
  void shouldComeBackToTheBudgetAfterAShiftOfScores() {
    // Given
    Random random = new Random(7);
    feed("before", scores(random, 1_500, 0.2, 0.03));
    harness.alerts();

    for (double mean : new double[] {0.6, 0.1}) {
      // When: first every score lies above the threshold, then every score lies below it
      feed("after-" + mean, scores(random, 500, mean, 0.03));
      harness.alerts();
      feed("later-" + mean, scores(random, 500, mean, 0.03));

      // Then
      assertThat(share(harness.alerts().size(), 500))
          .as("share after a shift to %s", mean)
          .isCloseTo(0.1, within(0.02));
    }
  }

  @Test
  void shouldUseTheAbsoluteThresholdUntilAnOrganHasEnoughTiles() {
    // Given: one tile above the absolute threshold of 0.02 among 28 below it
    harness.segment(tile("s", "t0", "kidney", 0.019));
    harness.segment(tile("s", "t1", "kidney", 0.021));
    for (int i = 2; i < 29; i++) {
      harness.segment(tile("s", "t" + i, "kidney", 0.0025));
    }

    // When
    List<ReviewRequested> alerts = values(harness.alerts());

    // Then
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).getSegmentation().getTileId()).isEqualTo("t1");
    assertThat(alerts.get(0).getReason()).isEqualTo(ReviewReason.COLD_START);
    assertThat(alerts.get(0).getThreshold()).isEqualTo(0.02);
    assertThat(alerts.get(0).getBudget()).isEqualTo(0.1);
  }

  @Test
  void shouldSayByWhichThresholdAnAlertWasRaised() {
    // Given
    feed("tile-", scores(new Random(5), 300, 0.3, 0.1));

    // When
    List<ReviewRequested> alerts = values(harness.alerts());

    // Then
    assertThat(alerts)
        .filteredOn(alert -> alert.getReason() == ReviewReason.UNCERTAIN)
        .isNotEmpty()
        .allSatisfy(
            alert -> assertThat(alert.getScore()).isGreaterThanOrEqualTo(alert.getThreshold()));
    assertThat(alerts).extracting(ReviewRequested::getReason).contains(ReviewReason.COLD_START);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNeitherCountNorAlertARepeatedTileTwice(boolean withoutReports) {
    // Given
    if (withoutReports) {
      harness.close();
      harness = RoutingHarness.routingAlone(SETTINGS, stateDir);
    }
    List<Double> scores = scores(new Random(9), 200, 0.3, 0.1);
    List<Integer> order = new ArrayList<>();
    Random random = new Random(10);
    for (int i = 0; i < 200; i++) {
      order.add(i);
      order.add(random.nextInt(i + 1));
    }

    // When
    order.forEach(i -> harness.segment(tile("s" + i % 3, "t" + i, "kidney", scores.get(i))));
    harness.pass(Duration.ofSeconds(2));

    // Then
    List<KeyValue<String, ReviewRequested>> alerts = harness.alerts();
    assertThat(alerts.stream().map(alert -> alert.key)).doesNotHaveDuplicates();
    OrganThreshold threshold = harness.thresholds().get("kidney");
    assertThat(threshold.getTilesSeen()).isEqualTo(200);
    assertThat(threshold.getSampleCount()).isEqualTo(200);
    assertThat(threshold.getTilesRouted()).isEqualTo(alerts.size());
  }

  @Test
  void shouldKeyAlertsByTile() {
    // When
    harness.segment(tile("slide", "tile", "kidney", 0.9));

    // Then
    assertThat(harness.alerts())
        .singleElement()
        .satisfies(
            alert -> {
              assertThat(alert.key).isEqualTo("tile");
              assertThat(alert.value.getSegmentation().getSlideId()).isEqualTo("slide");
            });
  }

  @Test
  void shouldPublishTheQuantileThatTheBudgetLeaves() {
    // Given: 200 scores 0.001 .. 0.200 in random order
    List<Double> scores =
        new ArrayList<>(IntStream.rangeClosed(1, 200).mapToObj(i -> i / 1000.0).toList());
    Collections.shuffle(scores, new Random(2));

    // When
    feed("t", scores);
    harness.pass(Duration.ofSeconds(2));

    // Then: 20 of them reach the threshold
    OrganThreshold threshold = harness.thresholds().get("kidney");
    assertThat(threshold.getThreshold()).isEqualTo(0.181);
    assertThat(threshold.getQuantile()).isEqualTo(0.9);
    assertThat(threshold.getSampleCount()).isEqualTo(200);
    assertThat(threshold.getRoutingScoreName()).isEqualTo("mean-entropy");
  }

  @Test
  void shouldTellTheThresholdKeeperInFarFewerRecordsThanThereAreTiles() {
    // When
    Random random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      harness.segment(tile("s", "t" + i, "kidney", random.nextDouble()));
    }

    // Then: each summary gives one threshold
    assertThat(harness.thresholdRecords()).hasSizeLessThan(250);
  }

  @Test
  void shouldForgetOldScores() {
    // Given
    feed("old", scores(new Random(1), 1_000, 0.8, 0.02));

    // When
    feed("new", scores(new Random(2), 1_000, 0.2, 0.02));
    harness.pass(Duration.ofSeconds(2));

    // Then
    assertThat(harness.thresholds().get("kidney").getThreshold()).isLessThan(0.3);
  }

  @Test
  void shouldDropScoresOfAnOlderModelOnceTheNewerHasEnough() {
    // Given
    feed("old", scores(new Random(1), 200, 0.8, 0.02));

    // When: one score of version 1, then 29 more
    harness.segment(tile("s", "new0", "kidney", 0.2, 1));
    harness.pass(Duration.ofSeconds(2));
    OrganThreshold after1 = harness.thresholds().get("kidney");
    for (int i = 1; i < 30; i++) {
      harness.segment(tile("s", "new" + i, "kidney", 0.2, 1));
    }
    harness.pass(Duration.ofSeconds(2));
    OrganThreshold after30 = harness.thresholds().get("kidney");

    // Then
    assertThat(after1.getModelVersion()).isEqualTo(1);
    assertThat(after1.getSampleCount()).isEqualTo(201);
    assertThat(after1.getThreshold()).isGreaterThan(0.7);
    assertThat(after30.getSampleCount()).isEqualTo(30);
    assertThat(after30.getThreshold()).isEqualTo(0.2);
  }

  @Test
  void shouldNotRouteATileAgainWhenANewerModelSegmentsIt() {
    // Given
    harness.segment(tile("s", "t", "kidney", 0.9));

    // When
    harness.segment(tile("s", "t", "kidney", 0.95, 1));

    // Then
    assertThat(harness.alerts()).hasSize(1);
  }

  @Test
  void shouldRouteNothingWithoutABudgetAndEverythingWithAFullOne() {
    try (RoutingHarness none = new RoutingHarness(SETTINGS.withBudget(0), stateDir.resolve("0"));
        RoutingHarness all = new RoutingHarness(SETTINGS.withBudget(1), stateDir.resolve("1"))) {
      // When
      Random random = new Random(6);
      for (int i = 0; i < 100; i++) {
        none.segment(tile("s", "t" + i, "kidney", random.nextDouble()));
        all.segment(tile("s", "t" + i, "kidney", 0.3 + random.nextDouble()));
      }

      // Then
      assertThat(none.alerts()).isEmpty();
      assertThat(all.alerts()).hasSize(100);
    }
  }

  private void feed(String prefix, List<Double> scores) {
    for (int i = 0; i < scores.size(); i++) {
      harness.segment(tile("slide-" + i % 4, prefix + i, "kidney", scores.get(i)));
    }
  }

  private static List<ReviewRequested> values(List<KeyValue<String, ReviewRequested>> records) {
    return records.stream().map(record -> record.value).toList();
  }

  private static List<Double> scores(Random random, int count, double mean, double deviation) {
    return new ArrayList<>(
        random
            .doubles(count)
            .mapToObj(ignored -> Math.max(0, mean + deviation * random.nextGaussian()))
            .toList());
  }

  private static double share(int part, int whole) {
    return (double) part / whole;
  }

  private static double meanRank(List<Double> routed, List<Double> all) {
    return routed.stream()
        .mapToDouble(
            score -> (double) all.stream().filter(other -> other < score).count() / all.size())
        .average()
        .orElse(0);
  }
}
