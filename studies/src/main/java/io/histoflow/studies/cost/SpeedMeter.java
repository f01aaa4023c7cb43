package io.histoflow.studies.cost;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Runs a model against the clock for a few seconds: single tiles for latency, batches for
 * throughput, each after a warm-up. Decoding of image files is not part of it.
 */
public final class SpeedMeter {

  /** Side of the tiles in pixels, the paper's. */
  public static final int SIDE = 224;

  /** Tiles in a batch. */
  public static final int BATCH = 8;

  private static final Duration WARM_UP = Duration.ofMillis(500);
  private static final Duration MEASURED = Duration.ofSeconds(2);
  private static final int FEWEST_SINGLES = 10;
  private static final int FEWEST_BATCHES = 2;

  private SpeedMeter() {}

  /** Measures an open model on the device where it lives. */
  public static Speed run(Segmenter segmenter) {
    return run(segmenter, WARM_UP, MEASURED);
  }

  static Speed run(Segmenter segmenter, Duration warmUp, Duration measured) {
    RgbImage tile = new SyntheticTissue(1).tile("lung", 0, SIDE).image();
    SegmentationInput input = new SegmentationInput(tile, ClinSegNetConfig.UNKNOWN);
    long[] singles = times(segmenter, List.of(input), warmUp, measured, FEWEST_SINGLES);
    long[] batches =
        times(segmenter, Collections.nCopies(BATCH, input), warmUp, measured, FEWEST_BATCHES);
    return Speed.of(batches, BATCH, singles, PeakMemory.megabytes());
  }

  private static long[] times(
      Segmenter segmenter,
      List<SegmentationInput> inputs,
      Duration warmUp,
      Duration measured,
      int fewest) {
    repeat(segmenter, inputs, warmUp, 1);
    return repeat(segmenter, inputs, measured, fewest);
  }

  private static long[] repeat(
      Segmenter segmenter, List<SegmentationInput> inputs, Duration atLeast, int fewest) {
    LongStream.Builder times = LongStream.builder();
    long began = System.nanoTime();
    for (int n = 0; n < fewest || System.nanoTime() - began < atLeast.toNanos(); n++) {
      long start = System.nanoTime();
      segmenter.segment(inputs);
      times.add(System.nanoTime() - start);
    }
    return times.build().toArray();
  }
}
