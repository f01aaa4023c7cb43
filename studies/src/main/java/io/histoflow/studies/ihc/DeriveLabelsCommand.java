package io.histoflow.studies.ihc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Subcommand;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.ihc.Derivation;
import io.histoflow.ihc.DerivationSettings;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.tissue.TissueDetector;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.studies.options.OutputFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a data set of H&E images whose masks come from the IHC of neighbouring sections. */
@Command(
    name = "derive-labels",
    description = {
      "Take region masks for H&E images from the DAB of neighbouring IHC sections, and write a data"
          + " set that 'train' takes.",
      "A pair is accepted only where haematoxylin and density put it at the same place; every refused"
          + " one is listed with the reason. Sections do not share nuclei: masks are regions, and a"
          + " band of one registration error around their edges is left out of loss and figures."
    },
    mixinStandardHelpOptions = true)
public final class DeriveLabelsCommand implements Callable<Integer>, Computation, Subcommand {
  /** Images of more pixels a side are read by regions. */
  private static final int WHOLE = 4096;

  private static final int REGION = 2048;

  @Option(
      names = "--he",
      required = true,
      paramLabel = "FILE",
      description = "H&E image or slide, or a folder of them.")
  private Path he;

  @Option(
      names = "--ihc",
      required = true,
      paramLabel = "FILE",
      description = "Its H-DAB image, or a folder of them under the same names.")
  private Path ihc;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DATASET",
      description = "Where the data set goes, empty or new.")
  private Path out;

  @Option(
      names = "--organ",
      paramLabel = "NAME",
      defaultValue = "mixed",
      description = "What the images show (${DEFAULT-VALUE}: not known).")
  private String organ;

  @Option(
      names = "--turned",
      description =
          "Sections lie anyhow on their slides: try all turns. Without it pairs are tiles that were"
              + " cut at the same place; slides read by regions are always tried in all turns.")
  private boolean turned;

  @Option(
      names = "--region",
      paramLabel = "PIXELS",
      description = "Read pairs by regions of so many pixels a side (slides: " + REGION + ").")
  private Integer region;

  @Option(
      names = "--picture",
      paramLabel = "FOLDER",
      description = "Where a picture of every pair goes, for people to judge.")
  private Path pictures;

  @Mixin private JsonOption json;

  @Spec private CommandSpec spec;

  private final List<Outcome> outcomes = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (region != null && region < Derivation.LEAST_PIXELS) {
      throw new ParameterException(
          spec.commandLine(),
          "--region must be %d or more, not %d.".formatted(Derivation.LEAST_PIXELS, region));
    }
    if (!OutputFolder.isEmptyOrNew(out)) {
      throw new ParameterException(
          spec.commandLine(), "--out %s is not empty; name a new folder.".formatted(out));
    }
    if (pictures != null) {
      Files.createDirectories(pictures);
    }
    List<ImagePair> pairs = ImagePair.of(he, ihc);
    try (Task task = Terminal.standard().start("derive labels", pairs.size())) {
      int done = 0;
      for (ImagePair pair : pairs) {
        derive(pair, task, done, pairs.size());
        task.update(++done, pairs.size(), pair.name());
      }
    }
    json.show(summary(), toJson());
    return 0;
  }

  private void derive(ImagePair pair, Task task, int done, int total) throws IOException {
    try (SlideImage fixed = SlideImage.open(pair.he());
        SlideImage moving = SlideImage.open(pair.ihc())) {
      int longest =
          Math.max(
              Math.max(fixed.width(), fixed.height()), Math.max(moving.width(), moving.height()));
      if (region == null && longest <= WHOLE) {
        RgbImage image = fixed.region(0, 0, fixed.width(), fixed.height());
        RgbImage stained = moving.region(0, 0, moving.width(), moving.height());
        take(
            pair.name(),
            image,
            stained,
            turned ? DerivationSettings.sections() : DerivationSettings.tiles());
      } else {
        deriveByRegions(pair.name(), fixed, moving, task, done, total);
      }
    } catch (ImageRejectedException e) {
      outcomes.add(Outcome.refused(pair.name(), e.getMessage()));
    }
  }

  private void deriveByRegions(
      String name, SlideImage fixed, SlideImage moving, Task task, int done, int total)
      throws IOException, ImageRejectedException {
    DerivationSettings whole = DerivationSettings.sections();
    SlidePair slides = new SlidePair(fixed, moving, whole);
    Optional<String> doubt = slides.doubt(whole);
    if (doubt.isPresent()) {
      outcomes.add(Outcome.refused(name, doubt.get()));
      return;
    }
    TileGrid grid = slides.regions(region == null ? REGION : region);
    for (TileGrid.Tile at : grid.tiles()) {
      String id = "%s_%d_%d".formatted(name, at.x(), at.y());
      task.update(done, total, id);
      RgbImage image = fixed.region(at.x(), at.y(), at.width(), at.height());
      if (!TissueDetector.hasTissue(image)) {
        continue;
      }
      Optional<RgbImage> stained = slides.ihcOn(at);
      if (stained.isEmpty()) {
        outcomes.add(Outcome.refused(id, "the IHC slide does not cover it"));
      } else {
        take(id, image, stained.get(), DerivationSettings.tiles());
      }
    }
  }

  private void take(String id, RgbImage image, RgbImage stained, DerivationSettings settings)
      throws IOException {
    Derivation found;
    try {
      found = Derivation.of(image, stained, settings);
    } catch (IllegalArgumentException e) {
      outcomes.add(Outcome.refused(id, e.getMessage()));
      return;
    }
    outcomes.add(Outcome.of(id, found));
    found
        .labels()
        .ifPresent(
            labels ->
                new DatasetWriter(out)
                    .write(
                        new LabelledTile(id, organ, image, labels.mask())
                            .withUncertain(labels.uncertain())));
    if (pictures != null) {
      Files.write(pictures.resolve(id + ".jpg"), ReviewPicture.of(image, stained, found));
    }
  }

  private String summary() {
    long refused = outcomes.stream().filter(each -> each.refusal().isPresent()).count();
    StringBuilder reasons = new StringBuilder();
    for (Outcome each : outcomes) {
      each.refusal()
          .ifPresent(why -> reasons.append("%s refused: %s.%n".formatted(each.id(), why)));
    }
    return "%s%n%s%d of %d accepted%s%n"
        .formatted(
            Outcome.table(outcomes),
            reasons,
            outcomes.size() - refused,
            outcomes.size(),
            refused == outcomes.size() ? "; no data set was written." : ", in " + out + ".");
  }

  private ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode pairs = root.putArray("pairs");
    outcomes.forEach(each -> each.writeTo(pairs));
    return root;
  }
}
