package io.histoflow.evaluation;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.imaging.Mask;

/**
 * Pixels of a prediction against the truth.
 *
 * <p>A ratio with nothing below its line is NaN: it is undefined, not 0.
 *
 * @param truePositives positive in both
 * @param falsePositives positive in the prediction only
 * @param falseNegatives positive in the truth only
 * @param trueNegatives positive in neither
 */
public record Confusion(
    long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

  /** No pixels at all. */
  public static final Confusion NONE = new Confusion(0, 0, 0, 0);

  public Confusion {
    if (truePositives < 0 || falsePositives < 0 || falseNegatives < 0 || trueNegatives < 0) {
      throw new IllegalArgumentException("Counts of pixels are 0 or more");
    }
  }

  /**
   * Compares probabilities with the truth.
   *
   * @param probabilities (H, W), 0..1
   * @param truth of the same size
   * @param threshold a pixel is positive where its probability is above it
   */
  public static Confusion of(float[] probabilities, Mask truth, double threshold) {
    byte[] positive = checkedValues(probabilities.length, truth);
    long tp = 0;
    long fp = 0;
    long fn = 0;
    for (int i = 0; i < positive.length; i++) {
      boolean predicted = probabilities[i] > threshold;
      if (positive[i] != 0) {
        tp += predicted ? 1 : 0;
        fn += predicted ? 0 : 1;
      } else {
        fp += predicted ? 1 : 0;
      }
    }
    return new Confusion(tp, fp, fn, positive.length - tp - fp - fn);
  }

  /**
   * As {@link #of(float[], Mask, double)}, without the pixels of which the tile's mask says
   * nothing.
   */
  public static Confusion of(float[] probabilities, LabelledTile tile, double threshold) {
    byte[] positive = checkedValues(probabilities.length, tile.mask());
    byte[] predicted = new byte[positive.length];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = (byte) (probabilities[i] > threshold ? 1 : 0);
    }
    return of(Mask.of(tile.mask().width(), tile.mask().height(), predicted), tile);
  }

  /** Compares a mask with a tile's, without the pixels of which that says nothing. */
  public static Confusion of(Mask predicted, LabelledTile tile) {
    Confusion all = of(predicted, tile.mask());
    if (tile.uncertain().isEmpty()) {
      return all;
    }
    byte[] p = predicted.values();
    byte[] t = tile.mask().values();
    byte[] left = tile.uncertain().get().values();
    long tp = 0;
    long fp = 0;
    long fn = 0;
    long counted = 0;
    for (int i = 0; i < p.length; i++) {
      if (left[i] == 0) {
        tp += p[i] & t[i];
        fp += p[i] & ~t[i];
        fn += ~p[i] & t[i];
        counted++;
      }
    }
    return new Confusion(tp, fp, fn, counted - tp - fp - fn);
  }

  /** Compares a mask with the truth, pixel by pixel. */
  public static Confusion of(Mask predicted, Mask truth) {
    if (predicted.width() != truth.width() || predicted.height() != truth.height()) {
      throw new IllegalArgumentException(
          "A mask of %d x %d pixels cannot be compared with one of %d x %d"
              .formatted(predicted.width(), predicted.height(), truth.width(), truth.height()));
    }
    byte[] p = predicted.values();
    byte[] t = truth.values();
    long tp = 0;
    long fp = 0;
    long fn = 0;
    for (int i = 0; i < p.length; i++) {
      tp += p[i] & t[i];
      fp += p[i] & ~t[i];
      fn += ~p[i] & t[i];
    }
    return new Confusion(tp, fp, fn, p.length - tp - fp - fn);
  }

  /** The counts of both together. */
  public Confusion plus(Confusion other) {
    return new Confusion(
        truePositives + other.truePositives,
        falsePositives + other.falsePositives,
        falseNegatives + other.falseNegatives,
        trueNegatives + other.trueNegatives);
  }

  /** Number of pixels. */
  public long pixels() {
    return truePositives + falsePositives + falseNegatives + trueNegatives;
  }

  /** TP / (TP + FN), 0..1: the share of the positive pixels that was found. */
  public double recall() {
    return (double) truePositives / (truePositives + falseNegatives);
  }

  /** FN / (TP + FN), 0..1: the share of the positive pixels that was missed. */
  public double falseNegativeRate() {
    return (double) falseNegatives / (truePositives + falseNegatives);
  }

  /** TP / (TP + FP), 0..1: the share of what was found that is right. */
  public double precision() {
    return (double) truePositives / (truePositives + falsePositives);
  }

  /** 2 TP / (2 TP + FP + FN), 0..1. */
  public double dice() {
    return 2.0 * truePositives / (2 * truePositives + falsePositives + falseNegatives);
  }

  /** TP / (TP + FP + FN), 0..1: intersection over union. */
  public double iou() {
    return (double) truePositives / (truePositives + falsePositives + falseNegatives);
  }

  /** 5 TP / (5 TP + 4 FN + FP), 0..1: the F score that weighs recall four times as precision. */
  public double f2() {
    return 5.0 * truePositives / (5 * truePositives + 4 * falseNegatives + falsePositives);
  }

  static byte[] checkedValues(int probabilities, Mask truth) {
    byte[] values = truth.values();
    if (values.length != probabilities) {
      throw new IllegalArgumentException(
          "%d probabilities cannot be compared with a mask of %d x %d pixels"
              .formatted(probabilities, truth.width(), truth.height()));
    }
    return values;
  }
}
