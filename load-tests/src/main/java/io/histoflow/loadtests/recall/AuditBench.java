package io.histoflow.loadtests.recall;

import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.recall.Counts;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.TileComparison;
import io.histoflow.recall.Totals;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.topology.routing.AuditSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Real tiles through the real topology, again and again with another audit key, and an estimate
 * beside the truth each time. Tiles are segmented once; an image is a slide; whoever reviews is
 * always right. What differs between deployments is what chance draws, and nothing else.
 */
final class AuditBench {
  private static final Duration STEP = Duration.ofMillis(50);
  private static final int SLIDES_A_STEP = 10;
  private static final double BACKGROUND_SHARE = 0.002;

  private final AuditBenchSettings settings;
  private final Task task;

  AuditBench(AuditBenchSettings settings, Task task) {
    this.settings = settings;
    this.task = task;
  }

  /**
   * Runs it.
   *
   * @param folder of the topologies' state
   */
  AuditBenchResult run(Checkpoint checkpoint, Compute compute, Path folder) {
    List<List<MaskedTile>> slides = new ArrayList<>();
    List<Sample> samples = samples();
    long steps = samples.size() + (long) settings.seeds();
    try (Segmenter segmenter = Segmenter.open(checkpoint, compute)) {
      for (Sample sample : samples) {
        slides.add(segment(sample, segmenter));
        task.update(slides.size(), steps, sample.id());
      }
    }
    List<AuditedGroup> groups = new ArrayList<>();
    Set<String> routed = new HashSet<>();
    for (int seed = 1; seed <= settings.seeds(); seed++) {
      routed.clear();
      groups.addAll(deploy(seed, slides, routed, folder.resolve("seed-" + seed)));
      task.update(samples.size() + seed, steps, "seed " + seed);
    }
    return new AuditBenchResult(
        settings,
        checkpoint.modelId(),
        slides.size(),
        slides.stream().mapToInt(List::size).sum(),
        groups,
        new AuditDraws(slides, routed).run(settings.draws(), settings.seeds()));
  }

  private List<Sample> samples() {
    List<Sample> all = Dataset.open(settings.data()).samples();
    int wanted = Math.min(settings.images(), all.size());
    return IntStream.range(0, wanted)
        .mapToObj(i -> all.get((int) ((long) i * all.size() / wanted)))
        .toList();
  }

  private List<MaskedTile> segment(Sample sample, Segmenter segmenter) {
    List<MaskedTile> tiles = new ArrayList<>();
    Checkpoint model = segmenter.checkpoint();
    for (LabelledTile tile : sample.load().cut(settings.tileSize())) {
      Segmentation segmentation =
          segmenter.segment(List.of(new SegmentationInput(tile.image(), tile.organ()))).get(0);
      Mask mask = segmentation.mask();
      EntropySummary entropy = segmentation.entropy();
      int[] place = place(tile);
      TileSegmented segmented =
          TileSegmented.newBuilder()
              .setTileId(tile.organ() + "/" + tile.id())
              .setSlideId(tile.organ() + "/" + tile.imageId())
              .setOrgan(tile.organ())
              .setConditionedOn(segmentation.conditionedOn())
              .setX(place[0])
              .setY(place[1])
              .setWidth(mask.width())
              .setHeight(mask.height())
              .setMask(ByteBuffer.wrap(MaskPng.encode(mask)))
              .setMaskThreshold(segmentation.threshold())
              .setMeanEntropy(entropy.mean())
              .setTailEntropy(entropy.tail())
              .setRoutingScore(segmentation.score(RoutingScore.DEFAULT, tile.image()))
              .setRoutingScoreName(RoutingScore.DEFAULT.publishedName())
              .setPositiveFraction(segmentation.positiveFraction())
              .setModelId(model.modelId())
              .setModelVersion(model.version())
              .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
              .setScannedAt(RecallDeployment.START)
              .setSegmentedAt(RecallDeployment.START)
              .build();
      tiles.add(
          new MaskedTile(
              segmented,
              ByteBuffer.wrap(MaskPng.encode(tile.mask())),
              TileComparison.of(mask, tile.mask()).pixels()));
    }
    return tiles;
  }

  /** Returns left and top edge, as the tile's id tells them. */
  private static int[] place(LabelledTile tile) {
    String[] parts = tile.id().split("/", -1);
    return new int[] {
      Integer.parseInt(parts[parts.length - 2]), Integer.parseInt(parts[parts.length - 1])
    };
  }

  private List<AuditedGroup> deploy(
      int seed, List<List<MaskedTile>> slides, Set<String> mended, Path folder) {
    RoutingSettings routing =
        RoutingSettings.defaults()
            .withBudget(settings.budget())
            .withAudit(
                new AuditSettings(
                    settings.auditShare(), BACKGROUND_SHARE, "the key of seed number " + seed));
    try (RecallDeployment deployment = new RecallDeployment(routing, folder)) {
      int done = 0;
      for (List<MaskedTile> slide : slides) {
        Map<String, MaskedTile> tiles = new LinkedHashMap<>();
        slide.forEach(tile -> tiles.put(tile.segmented().getTileId(), tile));
        tiles.values().forEach(tile -> deployment.segment(tile.segmented()));
        for (ReviewRequested alert : deployment.alerts()) {
          String tileId = alert.getSegmentation().getTileId();
          deployment.judge(tiles.get(tileId).verdict());
          if (alert.getInclusionProbability() == 1) {
            mended.add(tileId);
          }
        }
        if (++done % SLIDES_A_STEP == 0) {
          deployment.pass(STEP);
        }
      }
      deployment.pass(Duration.ofMinutes(1));
      return compare(
          seed,
          slides.stream().flatMap(List::stream).toList(),
          mended,
          new RecallSummary(deployment.estimates()));
    }
  }

  private static List<AuditedGroup> compare(
      int seed, List<MaskedTile> tiles, Set<String> mended, RecallSummary summary) {
    List<AuditedGroup> groups = new ArrayList<>();
    for (RecallEstimate estimate : summary.estimates()) {
      RecallSummary own = new RecallSummary(List.of(estimate));
      groups.add(
          compare(
              seed,
              estimate.getOrgan(),
              tiles,
              tile -> tile.segmented().getOrgan().equals(estimate.getOrgan()),
              mended,
              own));
    }
    groups.add(compare(seed, "", tiles, tile -> true, mended, summary));
    return groups;
  }

  private static AuditedGroup compare(
      int seed,
      String organ,
      List<MaskedTile> tiles,
      Predicate<MaskedTile> ofGroup,
      Set<String> mended,
      RecallSummary summary) {
    Counts model = Counts.NONE;
    Counts system = Counts.NONE;
    for (MaskedTile tile : tiles) {
      if (ofGroup.test(tile)) {
        Counts pixels = tile.pixels();
        model = model.plus(pixels);
        boolean reviewed = mended.contains(tile.segmented().getTileId());
        system = system.plus(reviewed ? new Counts(pixels.truth(), 0, 0) : pixels);
      }
    }
    return new AuditedGroup(
        seed,
        organ,
        summary.estimates().stream().mapToLong(RecallEstimate::getTilesDrawnRead).sum(),
        summary.model().map(Totals::recall).orElse(Ratio.UNKNOWN),
        recall(model),
        summary.system().map(Totals::recall).orElse(Ratio.UNKNOWN),
        recall(system));
  }

  private static double recall(Counts counts) {
    return counts.truth() == 0 ? Double.NaN : (double) counts.found() / counts.truth();
  }
}
