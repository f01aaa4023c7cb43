package io.histoflow.loadtests.measuring;

import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;

/**
 * Scores of one organ as {@link RoutingBench} draws them: each figure is the logistic function of a
 * normal variable, with a mean of the organ's own, a part that all tiles of a slide share, and what
 * stain and model add. Synthetic: no network sees an image.
 */
public final class SyntheticOrgan {
  /** When the synthetic tiles are scanned. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Edge of a tile in pixels. */
  public static final int EDGE = 256;

  /** Of the standard deviation of 1, the part that the tiles of a slide share: 5 % of variance. */
  private static final double BETWEEN_SLIDES = Math.sqrt(0.05);

  private static final double WITHIN_SLIDES = Math.sqrt(0.95);
  private static final double SPREAD = 0.5;
  private static final double MOST_POSITIVE_ENTROPY = 0.62;

  /** Standard deviations by which the other stain moves entropy up and positive area down. */
  private static final double STAIN_SHIFT = 1.5;

  /** The newer model is surer, and less spread. */
  private static final double MODEL_SHIFT = -0.8;

  private static final double MODEL_SPREAD = 0.8;

  private final String name;
  private final boolean stainChanges;
  private final double entropyMean;
  private final double areaMean;

  /**
   * Makes an organ.
   *
   * @param number 0 or more; it makes the name
   * @param stainChanges whether its scanner is the one whose stain shifts
   * @param random draws how certain and how positive its tiles are
   */
  public SyntheticOrgan(int number, boolean stainChanges, Random random) {
    this.name = String.format(Locale.ROOT, "organ-%02d", number + 1);
    this.stainChanges = stainChanges;
    this.entropyMean = -1.5 + 1.5 * random.nextDouble();
    this.areaMean = -2 + 2 * random.nextDouble();
  }

  /** Returns its name, {@code organ-01} and so on. */
  public String name() {
    return name;
  }

  /** Tells whether its scanner is the one whose stain shifts. */
  public boolean stainChanges() {
    return stainChanges;
  }

  /** Returns the scanner that all of its tiles come from. */
  public String scanner() {
    return stainChanges ? "scanner-a" : "scanner-b";
  }

  /** Draws what the tiles of one slide share: of entropy and positive area. */
  public static double[] slide(Random random) {
    return new double[] {
      BETWEEN_SLIDES * random.nextGaussian(), BETWEEN_SLIDES * random.nextGaussian()
    };
  }

  /** Draws a tile of a slide, with the stain and the model of its time. */
  public Figures tile(double[] slide, boolean stainShifted, boolean newModel, Random random) {
    double stain = stainShifted && stainChanges ? STAIN_SHIFT : 0;
    double spread = newModel ? SPREAD * MODEL_SPREAD : SPREAD;
    double model = newModel ? MODEL_SHIFT : 0;
    double doubt = slide[0] + WITHIN_SLIDES * random.nextGaussian() + stain;
    double area = slide[1] + WITHIN_SLIDES * random.nextGaussian() - stain;
    double noise = 0.3 * random.nextGaussian();
    return new Figures(
        MOST_POSITIVE_ENTROPY * logistic(entropyMean + model + spread * (doubt + noise)),
        logistic(entropyMean + model + spread * doubt),
        logistic(areaMean + spread * area));
  }

  /** Begins the result of one of its tiles, the same in every bench but for what is set after. */
  public TileSegmented.Builder segmented(
      String tileId, String slideId, int number, Figures figures) {
    return TileSegmented.newBuilder()
        .setTileId(tileId)
        .setSlideId(slideId)
        .setOrgan(name)
        .setConditionedOn("unknown")
        .setX(0)
        .setY(0)
        .setWidth(EDGE)
        .setHeight(EDGE)
        .setMask(ByteBuffer.allocate(0))
        .setMaskThreshold(0.3)
        .setMeanEntropy(figures.meanEntropy())
        .setTailEntropy(1)
        .setRoutingScore(figures.score())
        .setRoutingScoreName("positive-entropy")
        .setPositiveFraction(figures.positiveFraction())
        .setModelId("synthetic")
        .setModelVersion(0)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, (long) number))
        .setScanner(scanner())
        .setScannedAt(START)
        .setSegmentedAt(START);
  }

  private static double logistic(double value) {
    return 1 / (1 + Math.exp(-value));
  }

  /**
   * What a segmentation says of one tile.
   *
   * @param score routing score
   * @param meanEntropy bits per pixel
   * @param positiveFraction share of the tile's pixels
   */
  public record Figures(double score, double meanEntropy, double positiveFraction) {}
}
