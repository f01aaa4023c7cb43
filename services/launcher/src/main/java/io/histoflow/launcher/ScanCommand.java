package io.histoflow.launcher;

import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.scanning.IdSource;
import io.histoflow.scanning.PixelChoice;
import io.histoflow.scanning.ScanRequest;
import io.histoflow.scanning.ScanSettings;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.SlideScanner;
import io.histoflow.scanning.WatchedFolder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes the tiles of images, folders, data sets or whole slides. */
@Command(
    name = "scan",
    description = "Publish the tiles of an image, a folder, a data set or a whole slide.",
    mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description =
          "Images (PNG, JPEG), slides (TIFF, SVS, DICOM, and what OpenSlide reads where it is"
              + " installed), folders of them, or data sets; @FILE for a file that lists them, one a"
              + " line.")
  private List<Path> paths = List.of();

  @Option(
      names = "--watch",
      paramLabel = "DIR",
      description =
          "Stay, and scan each slide that lands in this folder once it has stopped growing. What was"
              + " scanned is marked in DIR/.histoflow-scanned and not taken again.")
  private Path watch;

  @Option(
      names = "--organ",
      paramLabel = "NAME",
      description = "Organ of the tissue, for example breast; a data set names its own.")
  private String organ;

  @ArgGroup private Identity identity = new Identity();

  @Option(
      names = "--recursive",
      description = "Read the folders in folders too; without it they are counted.")
  private boolean recursive;

  @Option(
      names = "--replace",
      description =
          "Where a slide is there already with other content, organ or grid, put this scan in its"
              + " place; without it the slide is refused.")
  private boolean replace;

  @Option(
      names = "--mpp",
      paramLabel = "MICRONS",
      description =
          "Micrometres per pixel of the images whose files do not say: 0.25 at 40x, 0.5 at 20x.")
  private Double mpp;

  @Option(
      names = "--level-mpp",
      paramLabel = "MICRONS",
      description =
          "Read the smallest level of each slide that has no more micrometres per pixel than this;"
              + " histoflow.scan.mpp where it is not given.")
  private Double levelMpp;

  @Option(
      names = "--all-tiles",
      description = "Publish tiles of empty glass too; without it the manifest counts them.")
  private boolean allTiles;

  @Option(
      names = "--tissue-picture",
      paramLabel = "FILE",
      description =
          "Draw as PNG what was taken for tissue: tiles that are left out are dark, other glass is"
              + " shaded. Of one slide at a time.")
  private Path tissuePicture;

  @Mixin private ClusterOption cluster;
  @Spec private CommandSpec spec;

  /** What slides are called; one of the two. */
  private static final class Identity {
    @Option(
        names = "--slide",
        paramLabel = "ID",
        description =
            "Publish all paths as one slide of this id; without it each image is a slide.")
    private String slide;

    @Option(
        names = "--id-from",
        paramLabel = "WHAT",
        description =
            "What a slide's id is made from: name (of the file, without its ending), path (folders"
                + " and name, p1/HE_2) or hash (of the content); name where it is not given.")
    private IdSource idFrom = IdSource.NAME;
  }

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = Terminal.standard();
    ServiceConfig loaded = cluster.load();
    if (watch != null) {
      requireWatchAlone();
      ScanSettings settings = ScanSettings.of(loaded);
      WatchedFolder folder =
          new WatchedFolder(
              watch, recursive, settings.settled(), InstantSource.system(), settings.journal());
      terminal.say("What becomes of each slide is noted in %s.".formatted(folder.marks()));
      new LandingWatch(folder)
          .run(slide -> scan(request(List.of(slide)), loaded, terminal), terminal::say);
      return 0;
    }
    if (paths.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Nothing to scan: name PATHs, or a folder with --watch DIR.");
    }
    return scan(request(paths), loaded, terminal).complete() ? 0 : 1;
  }

  private void requireWatchAlone() {
    if (organ == null) {
      throw new ParameterException(
          spec.commandLine(), "--watch needs --organ NAME, or --organ unknown.");
    }
    if (!paths.isEmpty() || identity.slide != null || tissuePicture != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--watch takes each slide that lands by itself: give neither PATH nor --slide nor"
              + " --tissue-picture with it.");
    }
  }

  private ScanRequest request(List<Path> named) {
    return new ScanRequest(
        named,
        Optional.ofNullable(organ),
        Optional.ofNullable(identity.slide),
        identity.idFrom,
        recursive,
        replace,
        new PixelChoice(known(mpp), known(levelMpp), allTiles, Optional.ofNullable(tissuePicture)));
  }

  private ScanSummary scan(ScanRequest request, ServiceConfig loaded, Terminal terminal) {
    request
        .slideId()
        .filter(id -> !id.equals(identity.slide))
        .ifPresent(
            id ->
                terminal.say(
                    "The slide's id is '"
                        + id
                        + "', with letters composed (Unicode NFC) and no blanks around."));
    ScanSummary summary;
    try (SlideScanner scanner = new SlideScanner(loaded, terminal::say);
        Task task = terminal.start("scan", 0)) {
      summary = scanner.scan(request, task);
    }
    if (summary.glass() > 0) {
      terminal.say(
          "%s tiles of empty glass were left out; --all-tiles publishes them too."
              .formatted(summary.glass()));
    }
    terminal.say(
        "%s tiles of %s slides published, %s files were not, or not in whole."
            .formatted(summary.tiles(), summary.slides(), summary.failures().size()));
    return summary;
  }

  private static OptionalDouble known(Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
