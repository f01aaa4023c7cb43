package io.histoflow.studies.report;

import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.Summary;
import java.util.List;
import java.util.Locale;

/** The paper's tables: figures over all images, over all pixels, and by organ. */
public final class QualitySection implements Section {

  private final Evaluation evaluation;

  public QualitySection(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  @Override
  public String title() {
    return "Quality";
  }

  @Override
  public void write(Html html) {
    Summary overall = evaluation.overall();
    HtmlTable all = HtmlTable.start(html, "All organs", columns("counted over"));
    all.row("images, mean ± SD", means(overall));
    all.row("all pixels together", pixels(overall));
    all.end();
    html.element(
        "p",
        String.format(
            Locale.ROOT,
            "Average precision over all pixels: %s.",
            Figures.share(overall.curve().averagePrecision())));

    HtmlTable organs = HtmlTable.start(html, "By organ, mean ± SD over images", columns("organ"));
    evaluation.organs().forEach((organ, summary) -> organs.row(organ, means(summary)));
    organs.end();
    HtmlTable micro = HtmlTable.start(html, "By organ, all pixels together", columns("organ"));
    evaluation.organs().forEach((organ, summary) -> micro.row(organ, pixels(summary)));
    micro.end();
  }

  private static List<String> columns(String first) {
    return List.of(first, "images", "recall", "FNR", "precision", "Dice", "IoU");
  }

  private static List<String> means(Summary summary) {
    return List.of(
        String.valueOf(summary.images()),
        Figures.spread(summary.recall()),
        Figures.spread(summary.falseNegativeRate()),
        Figures.spread(summary.precision()),
        Figures.spread(summary.dice()),
        Figures.spread(summary.iou()));
  }

  private static List<String> pixels(Summary summary) {
    Confusion counts = summary.micro();
    return List.of(
        String.valueOf(summary.images()),
        Figures.share(counts.recall()),
        Figures.share(counts.falseNegativeRate()),
        Figures.share(counts.precision()),
        Figures.share(counts.dice()),
        Figures.share(counts.iou()));
  }
}
