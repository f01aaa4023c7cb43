package io.histoflow.studies.alignment;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Subcommand;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.datasets.alignment.MaskAlignment;
import io.histoflow.datasets.alignment.MaskOffset;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.studies.options.DataOption;
import io.histoflow.studies.options.OutputFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Moves masks that lie fractions of a pixel beside their images. */
@Command(
    name = "align",
    description = {
      "Find by which fraction of a pixel each mask lies beside the stain of its image, and write"
          + " the data set anew with the masks moved.",
      "One translation an image, by the highest correlation of mask and haematoxylin; the originals"
          + " stay as they are. Where an image does not say where its mask belongs, it stays too."
    },
    mixinStandardHelpOptions = true)
public final class AlignCommand implements Callable<Integer>, Computation, Subcommand {
  @Mixin private DataOption data;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where the aligned data set goes, empty or new; without it, only look.")
  private Path out;

  @Mixin private JsonOption json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (out != null && !OutputFolder.isEmptyOrNew(out)) {
      throw new ParameterException(
          spec.commandLine(), "--out %s is not empty; name a new folder.".formatted(out));
    }
    List<Sample> samples = data.open().samples();
    Map<Sample, MaskOffset> offsets = new LinkedHashMap<>();
    try (Task task = Terminal.standard().start("align", samples.size())) {
      for (Sample sample : samples) {
        offsets.put(sample, align(sample));
        task.update(offsets.size(), samples.size(), sample.id());
      }
    }
    json.show(table(offsets), toJson(offsets));
    return 0;
  }

  private MaskOffset align(Sample sample) {
    LabelledTile tile = sample.load();
    MaskOffset offset = MaskAlignment.offset(tile);
    if (out != null) {
      new DatasetWriter(out)
          .write(
              new LabelledTile(
                  tile.id(),
                  tile.organ(),
                  tile.image(),
                  MaskAlignment.moved(tile.mask(), offset),
                  tile.uncertain().map(mask -> MaskAlignment.moved(mask, offset)),
                  tile.micronsPerPixel()));
    }
    return offset;
  }

  private static Table table(Map<Sample, MaskOffset> offsets) {
    Table table = new Table("organ", "image", "down", "right", "correlation", "");
    offsets.forEach(
        (sample, offset) ->
            table.row(
                sample.organ(),
                sample.id(),
                pixels(offset.down()),
                pixels(offset.right()),
                text("%.3f", offset.correlation()),
                offset.found() ? "" : "not found, stays"));
    table.row(
        "all",
        offsets.size() + " images, mean",
        pixels(mean(offsets, MaskOffset::down)),
        pixels(mean(offsets, MaskOffset::right)),
        "",
        "");
    return table;
  }

  private static String pixels(double offset) {
    return text("%+.2f px", offset);
  }

  private static double mean(Map<Sample, MaskOffset> offsets, ToDoubleFunction<MaskOffset> figure) {
    return offsets.values().stream().mapToDouble(figure).average().orElse(0);
  }

  private static ObjectNode toJson(Map<Sample, MaskOffset> offsets) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode images = root.putArray("images");
    offsets.forEach(
        (sample, offset) -> {
          ObjectNode row =
              images
                  .addObject()
                  .put("organ", sample.organ())
                  .put("id", sample.id())
                  .put("down", offset.down())
                  .put("right", offset.right())
                  .put("found", offset.found());
          FigureJson.put(row, "correlation", offset.correlation());
        });
    return root;
  }
}
