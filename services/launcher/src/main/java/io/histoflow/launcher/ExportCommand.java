package io.histoflow.launcher;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.results.export.ExportFormat;
import io.histoflow.results.export.ExportSummary;
import io.histoflow.results.export.Outlines;
import io.histoflow.results.export.SlideExport;
import io.histoflow.results.slide.SlideResults;
import io.histoflow.results.slide.SlideResultsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the results of a slide for other tools. */
@Command(
    name = "export",
    description = {
      "Write the nuclei of a slide as outlines for QuPath, as DICOM annotations or as a table, or its"
          + " mask.",
      "Of each tile the newest result counts, and a reader's mask in its place; nuclei that the"
          + " borders of tiles cut are joined. Coordinates are level-0 pixels."
    },
    footer = {
      "",
      "--json: {\"slideId\", \"file\", \"format\", \"nuclei\", \"cut\", \"tiles\", \"tilesMissing\","
          + " \"tilesUnusable\"}"
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private static final int EVERY = 1_000;

  @Parameters(paramLabel = "SLIDE", description = "The slide's id.")
  private String slideId;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; geojson where it is not given.")
  private ExportFormat format = ExportFormat.GEOJSON;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where to; compressed where it ends in .gz. Without it a file here that is called as the"
              + " slide.")
  private Path out;

  @Option(
      names = "--simplify",
      paramLabel = "PIXELS",
      description =
          "Leave out corners of outlines that move them by no more than this: 0.75 makes files"
              + " half as large and overlaps the exact outlines by 0.955. Exact without it.")
  private double simplify;

  @Option(
      names = "--annotations",
      description =
          "Write outlines as QuPath annotations, which its tools mend; without it they are"
              + " detections, which QuPath only shows and measures.")
  private boolean annotations;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    requireFitting();
    SlideExport export = new SlideExport(format, outlines(), annotations);
    Path file = out == null ? Path.of(fileName() + format.ending()) : out;
    KafkaClients clients = new KafkaClients(cluster.load(), "export");
    try (SlideResults slide = new SlideResultsReader(clients).read(slideId)) {
      ExportSummary summary;
      try (Task task = Terminal.standard().start("export", 0)) {
        summary =
            export.write(
                slide,
                file,
                count -> {
                  if (count % EVERY == 0) {
                    task.update(count, 0, "nuclei");
                  }
                });
      }
      json.show(table(slide, summary, file), result(slide, summary, file));
    }
    return 0;
  }

  /** What would do nothing is no wish that can be met. */
  private void requireFitting() {
    boolean outlined = format == ExportFormat.GEOJSON || format == ExportFormat.DICOM_ANN;
    if ((annotations && format != ExportFormat.GEOJSON) || (simplify != 0 && !outlined)) {
      throw new ParameterException(
          spec.commandLine(),
          "--annotations goes with --format geojson only, --simplify with geojson and dicom-ann.");
    }
    if (format == ExportFormat.MASKS && out != null && out.toString().endsWith(".gz")) {
      throw new ParameterException(
          spec.commandLine(), "A mask is compressed inside: name a file that ends in .tif.");
    }
  }

  private Outlines outlines() {
    try {
      return new Outlines(simplify);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage() + ": change --simplify.");
    }
  }

  /** The id without what a file's name may not have on some system. */
  private String fileName() {
    return slideId.replaceAll("[^\\p{L}\\p{N}._-]", "_");
  }

  private static Table table(SlideResults slide, ExportSummary summary, Path file) {
    Table table = new Table("slide " + slide.slideId(), file.toString());
    summary.nuclei().ifPresent(nuclei -> table.row("nuclei", nuclei));
    table.row("tiles", slide.tiles().size());
    table.row(
        "tiles without a result yet",
        slide.missing().map(String::valueOf).orElse("not known: the slide has no manifest"));
    if (slide.unusable() > 0) {
      table.row("tiles left out, their results cannot be used", slide.unusable());
    }
    if (summary.cut() > 0) {
      table.row("objects written in pieces, too large for one", summary.cut());
    }
    if (slide.micronsPerPixel().isEmpty()) {
      table.row("areas in square micrometres", "resolution not known");
    }
    return table;
  }

  private ObjectNode result(SlideResults slide, ExportSummary summary, Path file) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("slideId", slide.slideId())
        .put("file", file.toString())
        .put("format", format.toString())
        .put("nuclei", summary.nuclei().isPresent() ? summary.nuclei().getAsLong() : null)
        .put("cut", summary.cut())
        .put("tiles", slide.tiles().size())
        .put("tilesMissing", slide.missing().orElse(null))
        .put("tilesUnusable", slide.unusable());
  }
}
