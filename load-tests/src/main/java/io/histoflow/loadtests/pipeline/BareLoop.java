package io.histoflow.loadtests.pipeline;

import io.histoflow.loadtests.BenchTiles.BenchTile;
import io.histoflow.loadtests.CpuClock;
import io.histoflow.loadtests.Throughput;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.ArrayList;
import java.util.List;

/** The predictor and nothing around it: decoded tiles in, segmentations out, batch after batch. */
final class BareLoop {
  private final Segmenter segmenter;
  private final List<List<SegmentationInput>> batches;
  private final int tiles;

  BareLoop(Segmenter segmenter, List<BenchTile> tiles, int batchSize) {
    this.segmenter = segmenter;
    this.tiles = tiles.size();
    this.batches = new ArrayList<>();
    for (int from = 0; from < tiles.size(); from += batchSize) {
      batches.add(
          tiles.subList(from, Math.min(tiles.size(), from + batchSize)).stream()
              .map(tile -> new SegmentationInput(tile.image(), tile.organ()))
              .toList());
    }
  }

  /** Segments every tile once. */
  Throughput run() {
    double cpu = CpuClock.seconds();
    long begin = System.nanoTime();
    batches.forEach(segmenter::segment);
    return new Throughput(tiles, (System.nanoTime() - begin) / 1e9, CpuClock.seconds() - cpu);
  }
}
