package io.histoflow.studies.report;

import static io.histoflow.commandline.Figures.text;

import com.github.mustachejava.DefaultMustacheFactory;
import io.histoflow.evaluation.Confusion;
import io.histoflow.evaluation.Evaluation;
import io.histoflow.evaluation.OperatingPoint;
import io.histoflow.evaluation.Spread;
import io.histoflow.evaluation.Summary;
import io.histoflow.imaging.HeatMap;
import io.histoflow.imaging.TileGrid.Tile;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.studies.cost.ModelCost;
import io.histoflow.studies.cost.SpeedMeter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The page: one HTML file without scripts, links or anything to load, so that it can be mailed,
 * archived and printed. It follows the reader's light or dark colours. What it says stands in
 * report.mustache, where every figure and text is escaped.
 *
 * @param showcases images to show; six of 384x384 pixels take about 5 MB of the page
 */
public record EvaluationReport(
    ReportSubject subject, Evaluation evaluation, ModelCost cost, List<Showcase> showcases) {
  private static final String FOLDER = "io/histoflow/studies/report/";
  private static final int CHART_STEPS = 100;
  private static final int TABLE_STEPS = 10;

  /** Copies the list. */
  public EvaluationReport {
    showcases = List.copyOf(showcases);
  }

  /** A name and what is said of it. */
  record Fact(String name, String text) {}

  /** A kind of pixel and its colour. */
  record Kind(String label, String colour) {}

  /** A picture as PNG in base 64. */
  record Picture(String caption, String png) {}

  /** One image. */
  record Image(String title, String about, List<Picture> pictures) {}

  /** The whole file, to be written as UTF-8. */
  public String html() {
    Checkpoint checkpoint = subject.checkpoint();
    Map<String, Object> page = new HashMap<>();
    page.put("title", checkpoint.modelId() + " on " + subject.dataSetNames());
    page.put("researchOnly", subject.researchOnly());
    page.put("licence", checkpoint.metadata().licence());
    page.put("facts", facts());
    page.put("overall", overall());
    page.put("averagePrecision", share(evaluation.overall().curve().averagePrecision()));
    page.put("byOrgan", byOrgan());
    page.put("precisionRecall", base64(Charts.precisionRecall(evaluation.overall())));
    page.put("sweep", base64(Charts.sweep(evaluation.sweep(CHART_STEPS), evaluation.threshold())));
    page.put("thresholds", thresholds());
    page.put("cost", costs());
    page.put("legend", !showcases.isEmpty());
    page.put(
        "kinds",
        Arrays.stream(Overlay.Kind.values())
            .map(kind -> new Kind(kind.label(), text("#%06x", kind.colour())))
            .toList());
    page.put("images", showcases.stream().map(EvaluationReport::image).toList());
    page.put("largestTile", BlendingSegmenter.LARGEST_TILE);
    page.put("overlap", BlendingSegmenter.OVERLAP);
    StringWriter html = new StringWriter();
    new DefaultMustacheFactory(FOLDER).compile("report.mustache").execute(html, page);
    return html.toString();
  }

  private List<Fact> facts() {
    Checkpoint checkpoint = subject.checkpoint();
    return List.of(
        new Fact("model", checkpoint.modelId()),
        new Fact("version", String.valueOf(checkpoint.version())),
        new Fact("SHA-256", checkpoint.sha256()),
        new Fact("trained on", checkpoint.metadata().trainingData()),
        new Fact("data set", subject.dataSetNames()),
        new Fact("resolution", checkpoint.resolution().describe(subject.micronsPerPixel())),
        new Fact("mask threshold", subject.thresholds().describe()),
        new Fact(
            "test-time augmentation",
            subject.flipsAndTurns() ? "mean of eight flips and turns" : "none"),
        new Fact("measured on", subject.date().toString()));
  }

  /** The paper's tables: figures over all images, over all pixels, and by organ. */
  private ReportTable overall() {
    return new ReportTable("All organs", columns("counted over"))
        .row("images, mean ± SD", means(evaluation.overall()))
        .row("all pixels together", pixels(evaluation.overall()));
  }

  private List<ReportTable> byOrgan() {
    ReportTable means = new ReportTable("By organ, mean ± SD over images", columns("organ"));
    ReportTable pixels = new ReportTable("By organ, all pixels together", columns("organ"));
    evaluation
        .organs()
        .forEach(
            (organ, summary) -> {
              means.row(organ, means(summary));
              pixels.row(organ, pixels(summary));
            });
    return List.of(means, pixels);
  }

  private static List<String> columns(String first) {
    return List.of(first, "images", "recall", "FNR", "precision", "Dice", "IoU");
  }

  private static List<String> means(Summary summary) {
    List<String> cells = new ArrayList<>(List.of(String.valueOf(summary.images())));
    for (Spread spread :
        List.of(
            summary.recall(),
            summary.falseNegativeRate(),
            summary.precision(),
            summary.dice(),
            summary.iou())) {
      cells.add(text("%.3f ± %.3f", spread.mean(), spread.sd()));
    }
    return cells;
  }

  private static List<String> pixels(Summary summary) {
    Confusion counts = summary.micro();
    return List.of(
        String.valueOf(summary.images()),
        share(counts.recall()),
        share(counts.falseNegativeRate()),
        share(counts.precision()),
        share(counts.dice()),
        share(counts.iou()));
  }

  /** What other thresholds would give. */
  private ReportTable thresholds() {
    ReportTable table =
        new ReportTable(
            "Means over images", List.of("threshold", "recall", "precision", "Dice", "IoU", "F2"));
    for (OperatingPoint point : evaluation.sweep(TABLE_STEPS)) {
      table.row(
          text("%.2f", point.threshold()),
          List.of(
              share(point.recall()),
              share(point.precision()),
              share(point.dice()),
              share(point.iou()),
              share(point.f2())));
    }
    return table;
  }

  private ReportTable costs() {
    String caption =
        text(
            "Tiles of %1$dx%1$d pixels on %2$s in %3$s, %4$d processors",
            SpeedMeter.SIDE,
            cost.compute() == Compute.GPU ? "a GPU" : "a CPU",
            cost.precision().word(),
            cost.processors());
    String alone = "measured tile by tile";
    return new ReportTable(caption, List.of("what", "figure", ""))
        .row("parameters", List.of(text("%.2f M", cost.parametersMillions())), "counted")
        .row(
            "operations",
            List.of(text("%.2f GFLOP", cost.gflops())),
            "counted: " + ModelCost.CONVENTION)
        .row(
            "multiply-adds",
            List.of(text("%.2f G", cost.gmacs())),
            "counted: half of the operations")
        .row(
            "throughput",
            List.of(text("%.1f images/s", cost.speed().imagesPerSecond())),
            "measured in batches of " + SpeedMeter.BATCH)
        .row("latency, median", List.of(text("%.1f ms", cost.speed().medianMillis())), alone)
        .row("latency, 95 %", List.of(text("%.1f ms", cost.speed().p95Millis())), alone)
        .row(
            "peak memory",
            List.of(text("%.0f MB", cost.speed().peakMemoryMegabytes())),
            "measured: main memory of the whole process after the speed test");
  }

  private static Image image(Showcase showcase) {
    Confusion figures = showcase.result().confusion();
    Tile window = showcase.window();
    var tile = showcase.tile();
    var segmentation = showcase.segmentation();
    return new Image(
        showcase.reason() + ": " + showcase.result().id(),
        "%s; recall %s, precision %s, Dice %s at threshold %s; shown are %d x %d pixels from (%d, %d)."
            .formatted(
                showcase.result().organ(),
                share(figures.recall()),
                share(figures.precision()),
                share(figures.dice()),
                share(showcase.result().threshold()),
                window.width(),
                window.height(),
                window.x(),
                window.y()),
        List.of(
            new Picture("tile", base64(RgbPng.encode(tile.image()))),
            new Picture("truth", base64(MaskPng.encode(tile.mask()))),
            new Picture("mask", base64(MaskPng.encode(segmentation.mask()))),
            new Picture("entropy", base64(RgbPng.encode(HeatMap.of(segmentation.entropy().map())))),
            new Picture(
                "hits, misses, false alarms",
                base64(
                    RgbPng.encode(Overlay.of(tile.image(), segmentation.mask(), tile.mask()))))));
  }

  private static String share(double value) {
    return text("%.3f", value);
  }

  private static String base64(byte[] png) {
    return Base64.getEncoder().encodeToString(png);
  }
}
