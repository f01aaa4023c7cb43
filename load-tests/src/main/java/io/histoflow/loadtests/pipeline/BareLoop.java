package io.histoflow.loadtests.pipeline;

import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.loadtests.measuring.Lanes;
import io.histoflow.loadtests.measuring.Throughput;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The predictor and nothing around it: decoded tiles in, segmentations out, batch after batch, as
 * many at a time as keep the device busy.
 */
final class BareLoop {
  private final Segmenter segmenter;
  private final List<List<SegmentationInput>> batches;
  private final int tiles;
  private final int lanes;

  BareLoop(Segmenter segmenter, Compute compute, List<BenchTile> tiles, int batchSize) {
    this.segmenter = segmenter;
    this.lanes = compute.batchesAtATime();
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
    AtomicInteger next = new AtomicInteger();
    Lanes.run(
        lanes,
        () -> {
          for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
            segmenter.segment(batches.get(i));
          }
        });
    return new Throughput(tiles, (System.nanoTime() - begin) / 1e9, CpuClock.seconds() - cpu);
  }
}
