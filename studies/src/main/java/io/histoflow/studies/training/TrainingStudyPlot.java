package io.histoflow.studies.training;

import io.histoflow.evaluation.Spread;
import io.histoflow.plots.Palette;
import io.histoflow.plots.Plot;
import io.histoflow.studies.training.TrainingStudyResult.Row;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a study of trainings found: a panel for each figure, mean and SD of each variant. */
public final class TrainingStudyPlot {

  private static final int WIDTH = 440;
  private static final int HEIGHT = 440;

  private TrainingStudyPlot() {}

  /**
   * Writes the picture as PNG.
   *
   * @throws IOException where the file cannot be written
   */
  public static void write(Path file, TrainingStudyResult result) throws IOException {
    List<XYChart> panels = new ArrayList<>();
    panels.add(panel("recall at threshold 0.5", result, Row::recall));
    panels.add(
        panel("Dice at recall " + TrainingStudyResult.MATCHED_RECALL, result, Row::diceAtRecall));
    panels.add(panel("average precision", result, Row::averagePrecision));
    Plot.write(file, panels, panels.size());
  }

  private static XYChart panel(
      String figure, TrainingStudyResult result, Function<Row, Spread> spread) {
    XYChart panel = Plot.panel(WIDTH, HEIGHT, figure, "mean and SD over seeds", "");
    panel.getStyler().setLegendPosition(LegendPosition.OutsideS);
    panel.getStyler().setXAxisTicksVisible(false).setMarkerSize(9);
    panel.getStyler().setXAxisMin(-0.5).setXAxisMax(result.rows().size() - 0.5);
    for (int place = 0; place < result.rows().size(); place++) {
      Row row = result.rows().get(place);
      add(panel, place, row.name(), spread.apply(row));
    }
    return panel;
  }

  private static void add(XYChart panel, int place, String name, Spread spread) {
    if (Double.isNaN(spread.mean())) {
      return;
    }
    Color colour = Palette.line(place);
    XYSeries dot =
        panel.addSeries(
            name, new double[] {place}, new double[] {spread.mean()}, new double[] {spread.sd()});
    dot.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(colour);
    dot.setLineStyle(SeriesLines.NONE).setLineColor(colour);
  }
}
