package io.histoflow.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is estimated is what alerts and verdicts add up to: with repetitions, verdicts before their
 * alert, verdicts that are replaced or deleted, tiles that cannot be judged, tiles that are read
 * twice, and crashes.
 */
class RecallPropertyTest {
  private static final int TILES = 240;
  private static final int WIDTH = 100;
  private static final int HEIGHT = 50;
  private static final String REVIEWER = TestRecords.correction("s", "t").getReviewer();
  private static final TopologySettings SETTINGS =
      TopologySettings.defaults()
          .withRouting(
              RoutingSettings.defaults()
                  .withBudget(0.3)
                  .withAudit(new AuditSettings(0.5, 0.1, 0.5, "a key that nobody guesses")));

  @TempDir Path stateDir;
  private final Map<String, ReviewRequested> alerts = new HashMap<>();
  private final Map<String, RecallEstimate> estimates = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldEstimateWhatTheLogAddsUpToWhateverHappens(long seed) {
    // Given
    Random random = new Random(seed);
    Map<String, MaskCorrected> verdicts = new HashMap<>();
    Map<String, MaskCorrected> opinions = new HashMap<>();
    List<Consumer<RoutingHarness>> log = log(random, verdicts, opinions);

    // When
    CrashingRun run =
        new CrashingRun(SETTINGS, stateDir, random, Duration.ofMinutes(1), this::read);
    run.process(log);

    // Then
    assertThat(run.crashes()).isPositive();
    assertThat(estimates.values()).anyMatch(estimate -> estimate.getAgreement() != null);
    Map<String, Sums> expected = new TreeMap<>();
    alerts.forEach(
        (tileId, alert) -> add(expected, alert, verdicts.get(tileId), opinions.get(tileId)));
    assertThat(estimates.keySet()).isEqualTo(expected.keySet());
    expected.forEach((key, sums) -> sums.require(estimates.get(key)));
  }

  private void read(RoutingHarness harness) {
    harness.alerts().stream()
        .filter(alert -> alert.value != null)
        .forEach(alert -> alerts.put(alert.key, alert.value));
    estimates.putAll(harness.estimates());
  }

  private static List<Consumer<RoutingHarness>> log(
      Random random, Map<String, MaskCorrected> verdicts, Map<String, MaskCorrected> opinions) {
    List<Consumer<RoutingHarness>> log = new ArrayList<>();
    for (int t = 0; t < TILES; t++) {
      TileSegmented tile = tile(random, t);
      Consumer<RoutingHarness> segment = harness -> harness.segment(tile);
      log.add(random.nextInt(log.size() + 1), segment);
      if (random.nextInt(4) == 0) {
        log.add(random.nextInt(log.size() + 1), segment);
      }
    }
    for (int v = 0; v < 2 * TILES; v++) {
      MaskCorrected opinion = opinion(random, random.nextInt(TILES));
      if (opinion.getSecondReading()) {
        opinions.put(opinion.getTileId(), opinion);
      }
      log.add(harness -> harness.opine(opinion));
      int t = random.nextInt(TILES);
      String tileId = "t" + t;
      int at = random.nextInt(20) == 0 ? 0 : log.size();
      if (at == 0 && verdicts.containsKey(tileId)) {
        continue;
      }
      if (random.nextInt(12) == 0) {
        verdicts.remove(tileId);
        log.add(at, harness -> harness.takeBack(tileId));
        continue;
      }
      MaskCorrected verdict = verdict(random, t);
      verdicts.put(tileId, verdict);
      log.add(at, harness -> harness.correct(verdict));
      if (random.nextInt(5) == 0) {
        log.add(log.size(), harness -> harness.correct(verdict));
      }
    }
    return log;
  }

  private static TileSegmented tile(Random random, int t) {
    String organ = t % 2 == 0 ? "kidney" : "liver";
    TileSegmented tile =
        TestRecords.tile(
            "s" + t % 9,
            "t" + t,
            organ,
            random.nextDouble(),
            t % 3 == 0 ? 1 : 0,
            t % 5 == 0 ? "one" : null,
            0.1,
            0.2);
    if (random.nextInt(6) == 0) {
      return RecordCopy.with(
          TestRecords.asBackground(tile), Map.of("mask", png(Mask.of(WIDTH, HEIGHT, bytes(0, 0)))));
    }
    return RecordCopy.with(tile, Map.of("mask", png(mask(random))));
  }

  private static MaskCorrected verdict(Random random, int t) {
    boolean usable = random.nextInt(8) > 0;
    return RecordCopy.with(
        TestRecords.correction("s" + t % 9, "t" + t),
        Map.of(
            "mask",
            usable ? png(mask(random)) : ByteBuffer.allocate(0),
            "verdict",
            usable ? Verdict.CORRECTED : Verdict.UNUSABLE));
  }

  /** Of one who was asked or not, and who may be the reviewer. */
  private static MaskCorrected opinion(Random random, int t) {
    return RecordCopy.with(
        verdict(random, t),
        Map.of(
            "reviewer",
            random.nextInt(4) == 0 ? REVIEWER : "second",
            "secondReading",
            random.nextInt(4) > 0));
  }

  private static Mask mask(Random random) {
    int from = random.nextInt(30);
    return Mask.of(WIDTH, HEIGHT, bytes(from, random.nextInt(5) == 0 ? from : from + 40));
  }

  /** Columns that are positive. */
  private static byte[] bytes(int from, int to) {
    byte[] values = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i % WIDTH >= from && i % WIDTH < to ? 1 : 0);
    }
    return values;
  }

  private static ByteBuffer png(Mask mask) {
    return ByteBuffer.wrap(MaskPng.encode(mask));
  }

  private static void add(
      Map<String, Sums> sums, ReviewRequested alert, MaskCorrected verdict, MaskCorrected opinion) {
    TileSegmented tile = alert.getSegmentation();
    String scanner = tile.getScanner() == null ? "" : tile.getScanner();
    sums.computeIfAbsent(
            tile.getOrgan() + "/" + scanner + "/" + tile.getModelVersion(), key -> new Sums())
        .add(alert, verdict, opinion);
  }

  /** The sums once more, in plain numbers. */
  private static final class Sums {
    private final Map<Double, long[]> strata = new TreeMap<>();
    private final long[] readers = new long[5];
    private long drawn;
    private long drawnRead;

    void add(ReviewRequested alert, MaskCorrected verdict, MaskCorrected opinion) {
      long[] stratum =
          strata.computeIfAbsent(alert.getInclusionProbability(), probability -> new long[5]);
      stratum[0]++;
      drawn += alert.getAudited() ? 1 : 0;
      if (verdict == null) {
        return;
      }
      stratum[1]++;
      drawnRead += alert.getAudited() ? 1 : 0;
      if (verdict.getVerdict() == Verdict.UNUSABLE) {
        return;
      }
      byte[] seen = values(alert.getSegmentation().getMask());
      byte[] truth = values(verdict.getMask());
      for (int i = 0; i < seen.length; i++) {
        stratum[2] += seen[i] & truth[i];
        stratum[3] += truth[i] & ~seen[i] & 1;
        stratum[4] += seen[i] & ~truth[i] & 1;
      }
      if (alert.getSecondReader() && opinion != null && counts(opinion)) {
        byte[] second = values(opinion.getMask());
        readers[0]++;
        for (int i = 0; i < truth.length; i++) {
          readers[1 + (1 - truth[i]) * 2 + (1 - second[i])]++;
        }
      }
    }

    private static boolean counts(MaskCorrected opinion) {
      return opinion.getVerdict() != Verdict.UNUSABLE && !opinion.getReviewer().equals(REVIEWER);
    }

    private void requireReaders(ReaderAgreement agreement) {
      if (readers[0] == 0) {
        assertThat(agreement).isNull();
      } else {
        assertThat(
                new long[] {
                  agreement.getTiles(),
                  agreement.getBoth(),
                  agreement.getOnlyFirst(),
                  agreement.getOnlySecond(),
                  agreement.getNeither()
                })
            .isEqualTo(readers);
      }
    }

    void require(RecallEstimate estimate) {
      long asked = strata.values().stream().mapToLong(stratum -> stratum[0]).sum();
      long read = strata.values().stream().mapToLong(stratum -> stratum[1]).sum();
      assertThat(estimate.getTilesAsked()).isEqualTo(asked);
      assertThat(estimate.getTilesRead()).isEqualTo(read);
      assertThat(estimate.getTilesDrawn()).isEqualTo(drawn);
      assertThat(estimate.getTilesDrawnRead()).isEqualTo(drawnRead);
      requireReaders(estimate.getAgreement());
      if (strata.values().stream().anyMatch(stratum -> stratum[1] == 0)
          || strata.keySet().stream().noneMatch(probability -> probability < 1)) {
        assertThat(estimate.getModelPixels()).isNull();
        return;
      }
      double[] model = new double[3];
      double[] system = new double[3];
      strata.forEach(
          (probability, stratum) -> {
            double weight = (double) stratum[0] / stratum[1] / probability;
            boolean mended = probability == 1;
            for (int i = 0; i < 3; i++) {
              model[i] += weight * stratum[2 + i];
            }
            system[0] += weight * (stratum[2] + (mended ? stratum[3] : 0));
            system[1] += mended ? 0 : weight * stratum[3];
            system[2] += mended ? 0 : weight * stratum[4];
          });
      assertThat(estimate.getModelPixels().getFound()).isCloseTo(model[0], within(1e-6));
      assertThat(estimate.getModelPixels().getMissed()).isCloseTo(model[1], within(1e-6));
      assertThat(estimate.getModelPixels().getWrong()).isCloseTo(model[2], within(1e-6));
      assertThat(estimate.getSystemPixels().getFound()).isCloseTo(system[0], within(1e-6));
      assertThat(estimate.getSystemPixels().getMissed()).isCloseTo(system[1], within(1e-6));
      assertThat(estimate.getSystemPixels().getWrong()).isCloseTo(system[2], within(1e-6));
    }

    private static byte[] values(ByteBuffer png) {
      byte[] bytes = new byte[png.remaining()];
      png.duplicate().get(bytes);
      try {
        return MaskPng.decode(bytes, ImageLimits.forTiles()).values();
      } catch (ImageRejectedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
