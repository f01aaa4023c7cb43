package io.histoflow.studies.ihc;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.evaluation.Confusion;
import io.histoflow.ihc.plane.Plane;
import io.histoflow.ihc.stain.DabThreshold;
import io.histoflow.ihc.stain.StainChannel;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How well thresholds of DAB find positive nuclei that are known. */
@Command(
    name = "dab",
    description =
        "Measure the threshold of DAB against segmented IHC: Dice with the positive nuclei, beside"
            + " fixed thresholds and the best one.",
    mixinStandardHelpOptions = true)
public final class DabStudyCommand implements Callable<Integer>, Computation {
  private static final double[] FIXED = {0.15, 0.2, 0.3};
  private static final String IMAGE = "_ihc_dab.png";

  @Option(
      names = "--panels",
      required = true,
      paramLabel = "FOLDER",
      description =
          "Folder of NAME_ihc_dab.png with NAME_segmentation*.png, positive nuclei in red (as"
              + " DeepLIIF publishes them).")
  private Path panels;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Table table =
        new Table("panel", "0.15", "0.20", "0.30", "best", "Dice", "chosen", "Dice", "lost");
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = root.putArray("panels");
    for (Path image : images()) {
      add(image, table, rows);
    }
    json.show(table, root);
    return 0;
  }

  private void add(Path image, Table table, ArrayNode rows) throws IOException {
    String name = image.getFileName().toString().replace(IMAGE, "");
    Plane dab = StainChannel.DAB.of(decoded(image));
    Mask truth = positives(decoded(segmentation(name)));
    double best = 0;
    double bestDice = -1;
    for (int hundredth = 5; hundredth <= 150; hundredth += 5) {
      double dice = dice(dab, truth, hundredth / 100.0);
      if (dice > bestDice) {
        bestDice = dice;
        best = hundredth / 100.0;
      }
    }
    DabThreshold chosen = DabThreshold.of(dab);
    double reached = dice(dab, truth, chosen.value());
    table.row(
        name,
        text("%.3f", dice(dab, truth, FIXED[0])),
        text("%.3f", dice(dab, truth, FIXED[1])),
        text("%.3f", dice(dab, truth, FIXED[2])),
        text("%.2f", best),
        text("%.3f", bestDice),
        text("%.2f", chosen.value()),
        text("%.3f", reached),
        text("%.3f", bestDice - reached));
    rows.addObject()
        .put("panel", name)
        .put("best", best)
        .put("bestDice", bestDice)
        .put("chosen", chosen.value())
        .put("dice", reached);
  }

  private List<Path> images() throws IOException {
    try (Stream<Path> files = Files.list(panels)) {
      List<Path> images = files.filter(file -> file.toString().endsWith(IMAGE)).sorted().toList();
      if (images.isEmpty()) {
        throw new CommandFailedException(panels + " holds no files that end in " + IMAGE + ".");
      }
      return images;
    }
  }

  private Path segmentation(String name) throws IOException {
    try (Stream<Path> files = Files.list(panels)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name + "_segmentation"))
          .findFirst()
          .orElseThrow(
              () ->
                  new CommandFailedException(
                      "%s has no %s_segmentation.png.".formatted(panels, name)));
    }
  }

  private static RgbImage decoded(Path file) {
    try {
      return new ImageDecoder(ImageLimits.forFiles()).decode(file);
    } catch (ImageRejectedException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  /** The red nuclei. */
  private static Mask positives(RgbImage segmentation) {
    byte[] rgb = segmentation.rgb();
    byte[] positive = new byte[rgb.length / 3];
    for (int i = 0; i < positive.length; i++) {
      int red = rgb[3 * i] & 0xFF;
      positive[i] = (byte) (red > 127 && red > (rgb[3 * i + 2] & 0xFF) ? 1 : 0);
    }
    return Mask.of(segmentation.width(), segmentation.height(), positive);
  }

  private static double dice(Plane dab, Mask truth, double threshold) {
    return Confusion.of(dab.values(), truth, threshold).dice();
  }
}
