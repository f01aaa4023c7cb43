package io.histoflow.studies.report;

import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.OperatingPoint;
import java.util.List;

/** What other thresholds would give: two charts and the figures behind the second. */
public final class ThresholdSection implements Section {

  private static final int CHART_STEPS = 100;
  private static final int TABLE_STEPS = 10;

  private final Evaluation evaluation;

  public ThresholdSection(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  @Override
  public String title() {
    return "Other thresholds";
  }

  @Override
  public void write(Html html) {
    html.open("div", "class", "charts");
    html.open("figure");
    html.png(
        Charts.precisionRecall(evaluation.overall()),
        "Precision over recall at every threshold, with the operating point");
    html.element(
        "figcaption",
        "Precision and recall over all pixels at every threshold. The dot is the operating point.");
    html.close();
    html.open("figure");
    html.png(
        Charts.sweep(evaluation.sweep(CHART_STEPS), evaluation.threshold()),
        "Recall, precision, Dice, IoU and F2 over the threshold");
    html.element(
        "figcaption",
        "Means over images at each threshold. The vertical line is the threshold applied.");
    html.close();
    html.close();

    HtmlTable table =
        HtmlTable.start(
            html,
            "Means over images",
            List.of("threshold", "recall", "precision", "Dice", "IoU", "F2"));
    for (OperatingPoint point : evaluation.sweep(TABLE_STEPS)) {
      table.row(
          Figures.number("%.2f", point.threshold()),
          List.of(
              Figures.share(point.recall()),
              Figures.share(point.precision()),
              Figures.share(point.dice()),
              Figures.share(point.iou()),
              Figures.share(point.f2())));
    }
    table.end();
  }
}
