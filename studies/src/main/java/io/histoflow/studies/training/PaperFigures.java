package io.histoflow.studies.training;

/**
 * What the paper reports (Bioengineering 2025, 12, 1156): means over the images of its own data
 * sets, NuInsSeg among them, so that only the order of rows can be compared with ours.
 *
 * @param recall 0..1, NaN where not at hand
 * @param precision 0..1, NaN where not at hand
 * @param dice 0..1, NaN where not at hand
 * @param iou 0..1, NaN where not at hand
 */
public record PaperFigures(double recall, double precision, double dice, double iou) {

  /** None of the figures is at hand. */
  public static final PaperFigures UNKNOWN =
      new PaperFigures(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** The whole network on the paper's combined data, before fine-tuning. */
  public static final PaperFigures COMBINED = new PaperFigures(0.8917, 0.6869, 0.7664, 0.6433);
}
