package io.histoflow.launcher;

import io.histoflow.launcher.console.Terminal;
import io.histoflow.launcher.console.Terminal.Task;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.scanning.ScanRequest;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.SlideScanner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes the tiles of images, folders, data sets or whole slides. */
@Command(
    name = "scan",
    description = "Publish the tiles of an image, a folder, a data set or a whole slide.",
    mixinStandardHelpOptions = true)
final class ScanCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Images (PNG, JPEG, TIFF, SVS with JPEG tiles), folders of them, or data sets.")
  private List<Path> paths;

  @Option(
      names = "--organ",
      paramLabel = "NAME",
      description = "Organ of the tissue, for example breast; a data set names its own.")
  private String organ;

  @Option(
      names = "--slide",
      paramLabel = "ID",
      description = "Publish all paths as one slide of this id; without it each image is a slide.")
  private String slide;

  @Mixin private ClusterOption cluster;

  @Override
  public Integer call() throws InterruptedException {
    Terminal terminal = Terminal.standard();
    ServiceConfig loaded = cluster.load();
    ScanRequest request =
        new ScanRequest(paths, Optional.ofNullable(organ), Optional.ofNullable(slide));
    ScanSummary summary;
    try (SlideScanner scanner = new SlideScanner(loaded);
        Task task = terminal.start("scan", 0)) {
      summary = scanner.scan(request, (phase, done, total, note) -> task.update(done, total, note));
    }
    summary
        .failures()
        .forEach(
            failure -> terminal.say("Not scanned: " + failure.file() + ": " + failure.reason()));
    terminal.say(
        "%d tiles of %d slides published, %d files could not be read."
            .formatted(summary.tiles(), summary.slides(), summary.failures().size()));
    return summary.complete() ? 0 : 1;
  }
}
