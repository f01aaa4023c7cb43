package io.histoflow.studies.ihc;

import static io.histoflow.commandline.Figures.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Computation;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.evaluation.FigureJson;
import io.histoflow.ihc.registration.Landmarks;
import io.histoflow.ihc.registration.Landmarks.Point;
import io.histoflow.ihc.registration.Registration;
import io.histoflow.ihc.registration.RegistrationSettings;
import io.histoflow.ihc.stain.StainChannel;
import io.histoflow.ihc.transform.Affine;
import io.histoflow.ihc.transform.Transform;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How near registration brings landmarks that people marked on both sections. */
@Command(
    name = "registration",
    description = {
      "Measure registration of IHC on H&E by landmarks: rTRE is the distance that is left, as a share"
          + " of the H&E's diagonal.",
      "Beside it what no registration and the affine transform through the landmarks leave."
    },
    mixinStandardHelpOptions = true)
public final class RegistrationStudyCommand implements Callable<Integer>, Computation {
  @Option(
      names = "--pairs",
      required = true,
      paramLabel = "FILE",
      description = {
        "CSV of columns he, ihc, he_landmarks, ihc_landmarks and scale: images, landmark files with"
            + " columns X and Y, and pixels of the images in one of the landmarks;",
        "paths are from the file's folder."
      })
  private Path pairs;

  @Option(names = "--affine", description = "Stop at the affine transform.")
  private boolean affine;

  @Mixin private JsonOption json;

  /** What one pair came to: medians of rTRE, then pixels, shares and seconds. */
  private record Figures(
      String name,
      double none,
      double floor,
      double affine,
      double median,
      double mean,
      double most,
      double improved,
      double folded,
      double seconds) {}

  @Override
  public Integer call() throws IOException {
    List<CSVRecord> rows = records(pairs);
    List<Figures> figures = new ArrayList<>();
    try (Task task = Terminal.standard().start("register", rows.size())) {
      for (CSVRecord row : rows) {
        figures.add(measure(row));
        task.update(figures.size(), rows.size(), row.get("ihc"));
      }
    }
    json.show(table(figures), toJson(figures));
    return 0;
  }

  private Figures measure(CSVRecord row) throws IOException {
    RgbImage he = decoded(beside(row.get("he")));
    RgbImage ihc = decoded(beside(row.get("ihc")));
    double scale = Double.parseDouble(row.get("scale"));
    Landmarks landmarks =
        landmarks(
            points(beside(row.get("he_landmarks")), scale),
            points(beside(row.get("ihc_landmarks")), scale));
    RegistrationSettings sections = RegistrationSettings.sections();
    RegistrationSettings settings = affine ? sections.withoutBending() : sections;
    long began = System.nanoTime();
    Registration found =
        Registration.of(
            StainChannel.HAEMATOXYLIN_OF_HE.of(he),
            StainChannel.HAEMATOXYLIN_OF_IHC.of(ihc),
            settings);
    double seconds = (System.nanoTime() - began) / 1e9;
    Transform reached = found.transform();
    double diagonal = Math.hypot(he.width(), he.height());
    double[] errors = landmarks.errors(reached);
    return new Figures(
        row.get("ihc").replaceFirst(".*/", ""),
        landmarks.median(Affine.IDENTITY) / diagonal,
        landmarks.median(landmarks.affine()) / diagonal,
        landmarks.median(found.affine()) / diagonal,
        landmarks.median(reached) / diagonal,
        Arrays.stream(errors).average().orElseThrow(),
        errors[errors.length - 1],
        landmarks.improved(reached, Affine.IDENTITY),
        Registration.foldedShare(reached, he.width(), he.height()),
        seconds);
  }

  /** Files of the same pair may have some more landmarks on one side: the first are the same. */
  private static Landmarks landmarks(List<Point> fixed, List<Point> moving) {
    int both = Math.min(fixed.size(), moving.size());
    return new Landmarks(fixed.subList(0, both), moving.subList(0, both));
  }

  private Path beside(String name) {
    return pairs.toAbsolutePath().resolveSibling(name);
  }

  private static List<Point> points(Path file, double scale) throws IOException {
    return records(file).stream()
        .map(
            row ->
                new Point(
                    scale * Double.parseDouble(row.get("X")),
                    scale * Double.parseDouble(row.get("Y"))))
        .toList();
  }

  private static List<CSVRecord> records(Path file) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setAllowMissingColumnNames(true)
            .get();
    try (Reader reader = Files.newBufferedReader(file)) {
      return format.parse(reader).getRecords();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(file + " is no such CSV file: " + e.getMessage(), e);
    }
  }

  private static RgbImage decoded(Path file) {
    try {
      return new ImageDecoder(ImageLimits.forFiles()).decode(file);
    } catch (ImageRejectedException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  private static Table table(List<Figures> figures) {
    Table table =
        new Table(
            "IHC",
            "none",
            "landmark affine",
            "affine",
            "reached",
            "mean",
            "max",
            "improved",
            "folded",
            "s");
    for (Figures each : figures) {
      table.row(
          each.name,
          rtre(each.none),
          rtre(each.floor),
          rtre(each.affine),
          rtre(each.median),
          text("%.1f px", each.mean),
          text("%.1f px", each.most),
          text("%.0f %%", 100 * each.improved),
          text("%.2f %%", 100 * each.folded),
          text("%.1f", each.seconds));
    }
    table.row(
        "mean",
        rtre(mean(figures, Figures::none)),
        rtre(mean(figures, Figures::floor)),
        rtre(mean(figures, Figures::affine)),
        rtre(mean(figures, Figures::median)),
        text("%.1f px", mean(figures, Figures::mean)),
        text("%.1f px", mean(figures, Figures::most)),
        text("%.0f %%", 100 * mean(figures, Figures::improved)),
        text("%.2f %%", 100 * mean(figures, Figures::folded)),
        text("%.1f", mean(figures, Figures::seconds)));
    return table;
  }

  private static double mean(List<Figures> figures, ToDoubleFunction<Figures> figure) {
    return figures.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  private static String rtre(double value) {
    return text("%.4f", value);
  }

  private static ObjectNode toJson(List<Figures> figures) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = root.putArray("pairs");
    figures.forEach(each -> rows.add(FigureJson.ofRecord(each)));
    return root;
  }
}
