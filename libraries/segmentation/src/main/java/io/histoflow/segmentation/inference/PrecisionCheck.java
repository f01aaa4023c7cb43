package io.histoflow.segmentation.inference;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Chooses between fp32 and 16 bits for a model on this device - bf16 on a CPU, fp16 on a GPU: 16
 * bits where their probabilities stay close to those of fp32 on four fixed synthetic tiles, and
 * where they are faster. Whether they stay close depends on the model and the device; which is
 * faster is measured, as the better of {@value #RUNS} runs each, in turns.
 *
 * @param largestDifference of two probabilities of a pixel
 * @param meanDifference of two probabilities of a pixel
 * @param speedUp time of fp32 by that of bf16; 0 where they do not agree, so that nothing was timed
 * @param chosen fp32, bf16 or fp16
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

  /**
   * Loads the model in both precisions, compares them, and closes the one that is not chosen.
   *
   * @param compute a GPU, or a CPU that computes in bf16
   */
  static PrecisionCheck of(FoldedWeights weights, Compute compute) {
    Precision reduced = compute == Compute.GPU ? Precision.FP16 : Precision.BF16;
    return of(weights, reduced, precision -> NetworkRunner.engine(weights, compute, precision));
  }

  /** As the other; whatever fails, no engine stays open. */
  static PrecisionCheck of(
      FoldedWeights weights, Precision reduced, Function<Precision, NetworkEngine> opener) {
    NetworkEngine fp32 = opener.apply(Precision.FP32);
    try {
      NetworkEngine bits16 = opener.apply(reduced);
      try {
        return compared(weights, reduced, fp32, bits16);
      } catch (RuntimeException | Error e) {
        bits16.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      fp32.close();
      throw e;
    }
  }

  private static PrecisionCheck compared(
      FoldedWeights weights, Precision reduced, NetworkEngine fp32, NetworkEngine bits16) {
    Tiles tiles = Tiles.draw(weights.config().organs().size());
    float[] exact = tiles.run(fp32);
    float[] rounded = tiles.run(bits16);
    double largest = 0;
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      double difference = Math.abs(exact[i] - rounded[i]);
      largest = Math.max(largest, difference); // NaN stays NaN, and no comparison below holds
      sum += difference;
    }
    double mean = sum / exact.length;
    boolean agree = largest <= LARGEST_DIFFERENCE && mean <= MEAN_DIFFERENCE;
    double speedUp = agree ? speedUp(tiles, fp32, bits16) : 0;
    boolean faster = speedUp > 1;
    (faster ? fp32 : bits16).close();
    return new PrecisionCheck(
        largest, mean, speedUp, faster ? reduced : Precision.FP32, faster ? bits16 : fp32);
  }

  private static double speedUp(Tiles tiles, NetworkEngine fp32, NetworkEngine bits16) {
    long slow = Long.MAX_VALUE;
    long fast = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      slow = Math.min(slow, tiles.nanos(fp32));
      fast = Math.min(fast, tiles.nanos(bits16));
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
