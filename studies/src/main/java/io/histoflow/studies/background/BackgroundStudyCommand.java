package io.histoflow.studies.background;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.DeviceOption;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.colour.StainShift;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.studies.options.DataOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What skipping background tiles wins on slides and loses on images with masks. */
@Command(
    name = "background",
    description = {
      "Which tiles inference would skip as background, and which positive pixels would be lost: of"
          + " images with known masks, also under 40 % more light, and of slides.",
      "Of slides nobody knows the truth: there what the light model that ships finds stands for it."
    },
    mixinStandardHelpOptions = true)
public final class BackgroundStudyCommand implements Callable<Integer>, Computation {
  private static final double[] LIGHTS = {0, 0.4};
  private static final String UNKNOWN_ORGAN = "unknown";

  @Mixin private DataOption data;

  @Option(
      names = "--slide",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Slides or images without masks.")
  private List<Path> slides = List.of();

  @Option(
      names = "--tile-size",
      arity = "1..*",
      paramLabel = "PIXELS",
      defaultValue = "256",
      description = "Edges of the tiles (${DEFAULT-VALUE}).")
  private List<Integer> tileSizes;

  @Mixin private JsonOption json;

  @Mixin private DeviceOption device;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, CheckpointRejectedException {
    if (tileSizes.stream().anyMatch(size -> size < 1)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--tile-size must be 1 or more.");
    }
    Map<Case, BackgroundTally> tallies = new LinkedHashMap<>();
    for (Path folder : data.folders()) {
      addMasked(folder, tallies);
    }
    if (!slides.isEmpty()) {
      try (Segmenter light = Segmenter.open(Checkpoint.shipped(), device.compute())) {
        for (Path slide : slides) {
          addSlide(slide, light, tallies);
        }
      }
    }
    json.show(table(tallies), toJson(tallies));
    return 0;
  }

  private void addMasked(Path folder, Map<Case, BackgroundTally> tallies) {
    List<Sample> samples = Dataset.open(folder).samples();
    try (Task task = Terminal.standard().start("study background", samples.size())) {
      int done = 0;
      for (Sample sample : samples) {
        LabelledTile image = sample.load();
        for (double strength : LIGHTS) {
          addMasked(folder, strength, image, tallies);
        }
        task.update(++done, samples.size(), folder.toString());
      }
    }
  }

  private void addMasked(
      Path folder, double strength, LabelledTile image, Map<Case, BackgroundTally> tallies) {
    StainShift light = new StainShift(StainShift.Kind.BRIGHTNESS, strength);
    LabelledTile lit = image.withImage(light.apply(image.image()));
    for (int size : tileSizes) {
      Case row = new Case(folder, size, 1 + strength);
      BackgroundTally tally = tallies.getOrDefault(row, BackgroundTally.NONE);
      for (LabelledTile tile : lit.cut(size)) {
        tally = tally.with(tile.image(), tile.mask());
      }
      tallies.put(row, tally);
    }
  }

  private void addSlide(Path file, Segmenter light, Map<Case, BackgroundTally> tallies) {
    try (SlideImage slide = SlideImage.open(file);
        Task task = Terminal.standard().start("study background", tileSizes.size())) {
      for (int size : tileSizes) {
        BackgroundTally tally = BackgroundTally.NONE;
        for (TileGrid.Tile at : new TileGrid(slide.width(), slide.height(), size, 0).tiles()) {
          RgbImage tile = slide.region(at.x(), at.y(), at.width(), at.height());
          SegmentationInput input = new SegmentationInput(tile, UNKNOWN_ORGAN);
          tally = tally.with(tile, light.segment(List.of(input)).get(0).mask());
        }
        tallies.put(new Case(file, size, 1), tally);
        task.update(tileSizes.indexOf(size) + 1, tileSizes.size(), file.toString());
      }
    } catch (ImageRejectedException e) {
      throw new CommandFailedException("The slide cannot be studied: " + e.getMessage(), e);
    }
  }

  private static Table table(Map<Case, BackgroundTally> tallies) {
    Table table =
        new Table(
            "tiles of",
            "edge",
            "light",
            "tiles",
            "background",
            "share",
            "positive pixels",
            "lost",
            "ms a tile");
    tallies.forEach(
        (row, tally) ->
            table.row(
                row.source,
                row.tileSize,
                text("%.1f", row.light),
                tally.tiles(),
                tally.background(),
                text("%.3f", tally.share()),
                tally.positivePixels(),
                tally.lostPixels(),
                text("%.3f", tally.millisPerTile())));
    return table;
  }

  private static ObjectNode toJson(Map<Case, BackgroundTally> tallies) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = root.putArray("background");
    tallies.forEach(
        (row, tally) ->
            rows.addObject()
                .put("source", row.source.toString())
                .put("tileSize", row.tileSize)
                .put("light", row.light)
                .put("tiles", tally.tiles())
                .put("background", tally.background())
                .put("positivePixels", tally.positivePixels())
                .put("lostPixels", tally.lostPixels())
                .put("millisPerTile", tally.millisPerTile()));
    return root;
  }

  /** One row: where the tiles are from, their edge in pixels, and the factor of their light. */
  private record Case(Path source, int tileSize, double light) {}
}
