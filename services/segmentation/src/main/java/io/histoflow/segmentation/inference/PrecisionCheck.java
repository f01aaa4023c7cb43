package io.histoflow.segmentation.inference;

import io.histoflow.segmentation.dataset.SyntheticTissue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Chooses between fp32 and bf16 for a model on this CPU: bf16 where its probabilities stay close to
 * those of fp32 on four fixed synthetic tiles, and where it is faster. Whether they stay close
 * depends on the model and on nothing else; which is faster is measured, as the better of {@value
 * #RUNS} runs each, in turns.
 *
 * @param largestDifference of two probabilities of a pixel
 * @param meanDifference of two probabilities of a pixel
 * @param speedUp time of fp32 by that of bf16; 0 where they do not agree, so that nothing was timed
 * @param chosen fp32 or bf16
 * @param engine the network in the chosen precision, open
 */
record PrecisionCheck(
    double largestDifference,
    double meanDifference,
    double speedUp,
    Precision chosen,
    NetworkEngine engine) {

  /** The most that one pixel's probability may differ. */
  static final double LARGEST_DIFFERENCE = 0.1;

  /** The most that probabilities may differ on average. */
  static final double MEAN_DIFFERENCE = 0.002;

  private static final int TILES = 4;
  private static final int SIDE = 64;
  private static final int RUNS = 3;

  /** Loads the model in both precisions, compares them, and closes the one that is not chosen. */
  static PrecisionCheck of(FoldedWeights weights) {
    CpuEngine fp32 = new CpuEngine(weights, false);
    CpuEngine bf16 = new CpuEngine(weights, true);
    Tiles tiles = Tiles.draw(weights.config().organs().size());
    float[] exact = tiles.run(fp32);
    float[] rounded = tiles.run(bf16);
    double largest = 0;
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      double difference = Math.abs(exact[i] - rounded[i]);
      largest = Math.max(largest, difference); // NaN stays NaN, and no comparison below holds
      sum += difference;
    }
    double mean = sum / exact.length;
    boolean agree = largest <= LARGEST_DIFFERENCE && mean <= MEAN_DIFFERENCE;
    double speedUp = agree ? speedUp(tiles, fp32, bf16) : 0;
    boolean faster = speedUp > 1;
    (faster ? fp32 : bf16).close();
    return new PrecisionCheck(
        largest, mean, speedUp, faster ? Precision.BF16 : Precision.FP32, faster ? bf16 : fp32);
  }

  private static double speedUp(Tiles tiles, NetworkEngine fp32, NetworkEngine bf16) {
    long slow = Long.MAX_VALUE;
    long fast = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      slow = Math.min(slow, tiles.nanos(fp32));
      fast = Math.min(fast, tiles.nanos(bf16));
    }
    return (double) slow / fast;
  }

  private record Tiles(ByteBuffer pixels, List<Integer> organs) {

    static Tiles draw(int knownOrgans) {
      SyntheticTissue tissue = new SyntheticTissue(1);
      List<String> looks = SyntheticTissue.organs();
      ByteBuffer pixels = ByteBuffer.allocateDirect(3 * TILES * SIDE * SIDE);
      List<Integer> organs = new ArrayList<>();
      for (int i = 0; i < TILES; i++) {
        pixels.put(tissue.tile(looks.get(i % looks.size()), i, SIDE).image().rgb());
        organs.add(i % knownOrgans);
      }
      return new Tiles(pixels.rewind(), Collections.unmodifiableList(organs));
    }

    float[] run(NetworkEngine engine) {
      return engine.probabilities(pixels, TILES, SIDE, SIDE, organs);
    }

    long nanos(NetworkEngine engine) {
      long began = System.nanoTime();
      run(engine);
      return System.nanoTime() - began;
    }
  }
}
