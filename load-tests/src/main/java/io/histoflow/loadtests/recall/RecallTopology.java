package io.histoflow.loadtests.recall;

import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.loadtests.measuring.SyntheticOrgan;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * One deployment through the real topology: tiles with masks, a verdict on each alert, and the
 * estimates that come of them, beside the recall over all tiles.
 */
final class RecallTopology {
  private static final int EDGE = 64;
  private static final int PIXELS = EDGE * EDGE;

  /** With fewer, too few of an organ's tiles are drawn to say anything. */
  private static final int TILES_OF_AN_ORGAN = 6_000;

  private static final int FEWEST_ORGANS = 3;
  private static final Duration STEP = Duration.ofMillis(50);

  private final RecallBenchSettings settings;
  private final LongConsumer progress;
  private final Map<String, double[]> truth = new HashMap<>();
  private final Map<String, Integer> truePixels = new HashMap<>();

  RecallTopology(RecallBenchSettings settings, LongConsumer progress) {
    this.settings = settings;
    this.progress = progress;
  }

  Measured run(Path folder) {
    RoutingSettings routing =
        RoutingSettings.defaults()
            .withAudit(new AuditSettings(0.2, 0.002, "the key of bench recall"));
    try (RecallDeployment deployment = new RecallDeployment(routing, folder)) {
      return run(deployment);
    }
  }

  private Measured run(RecallDeployment deployment) {
    List<SyntheticOrgan> organs = new ArrayList<>();
    int most = Math.max(FEWEST_ORGANS, settings.topologyTiles() / TILES_OF_AN_ORGAN);
    for (int organ = 0; organ < Math.min(most, settings.organs()); organ++) {
      organs.add(new SyntheticOrgan(organ, false, new Random(organ)));
    }
    SplittableRandom random = new SplittableRandom(settings.seed());
    int tiles = 0;
    int verdicts = 0;
    long began = System.nanoTime();
    for (int number = 0; tiles < settings.topologyTiles(); number++) {
      SyntheticOrgan organ = organs.get(number % organs.size());
      boolean fallen =
          number % organs.size() < RecallBenchSettings.FALLING
              && tiles >= settings.topologyTiles() / 2;
      SimulatedSlide slide =
          new SimulatedSlide(
              fallen ? SimulatedOrgan.FALLEN : SimulatedOrgan.LEVEL,
              SimulatedOrgan.prevalence(tiles, settings.topologyTiles()),
              random);
      int size = random.nextInt(SimulatedSlide.LEAST_TILES, SimulatedSlide.MOST_TILES + 1);
      for (int t = 0; t < size && tiles < settings.topologyTiles(); t++, tiles++) {
        slide.next();
        deployment.segment(tile(organ, number, t, slide));
      }
      for (ReviewRequested alert : deployment.alerts()) {
        deployment.judge(verdict(alert));
        verdicts++;
      }
      truePixels.clear();
      deployment.pass(STEP);
      progress.accept(tiles);
    }
    deployment.pass(Duration.ofMinutes(1));
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Measured(
        tiles,
        verdicts,
        (tiles + verdicts) / seconds,
        known(deployment.estimates()),
        holding(deployment.estimates()),
        (int) deployment.alarms().stream().filter(alarm -> !alarm.getAllOrgans()).count());
  }

  private TileSegmented tile(SyntheticOrgan organ, int number, int t, SimulatedSlide slide) {
    int real = (int) Math.min(PIXELS, slide.truth());
    int found = real == 0 ? 0 : (int) (real * slide.found() / slide.truth());
    double[] sums = truth.computeIfAbsent(organ.name(), name -> new double[2]);
    sums[0] += found;
    sums[1] += real - found;
    String slideId = "slide-" + number;
    String tileId = slideId + "/" + t;
    truePixels.put(tileId, real);
    SyntheticOrgan.Figures figures =
        new SyntheticOrgan.Figures(slide.score(), 0.1, (double) found / PIXELS);
    return organ
        .segmented(tileId, slideId, t, figures)
        .setX(EDGE * t)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMask(mask(found))
        .build();
  }

  private MaskCorrected verdict(ReviewRequested alert) {
    TileSegmented tile = alert.getSegmentation();
    return MaskCorrected.newBuilder()
        .setTileId(tile.getTileId())
        .setSlideId(tile.getSlideId())
        .setOrgan(tile.getOrgan())
        .setX(tile.getX())
        .setY(tile.getY())
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.allocate(1))
        .setMask(mask(truePixels.get(tile.getTileId())))
        .setVerdict(Verdict.CORRECTED)
        .setReviewer("bench")
        .setModelId(tile.getModelId())
        .setModelVersion(tile.getModelVersion())
        .setCorrectedAt(RecallDeployment.START)
        .build();
  }

  /** Returns a mask whose first pixels are positive: what is missed is the end of what is true. */
  private static ByteBuffer mask(int pixels) {
    byte[] values = new byte[PIXELS];
    Arrays.fill(values, 0, pixels, (byte) 1);
    return ByteBuffer.wrap(MaskPng.encode(Mask.of(EDGE, EDGE, values)));
  }

  private static int known(List<RecallEstimate> estimates) {
    return (int) estimates.stream().filter(one -> one.getModelPixels() != null).count();
  }

  private int holding(List<RecallEstimate> estimates) {
    int holding = 0;
    for (RecallEstimate estimate : estimates) {
      RecallFigures figures = estimate.getModelPixels();
      double[] sums = truth.get(estimate.getOrgan());
      double recall = sums[0] / (sums[0] + sums[1]);
      holding +=
          figures != null && figures.getRecallLow() <= recall && recall <= figures.getRecallHigh()
              ? 1
              : 0;
    }
    return holding;
  }
}
