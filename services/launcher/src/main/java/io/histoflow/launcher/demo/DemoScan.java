package io.histoflow.launcher.demo;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Sample;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.SlideScanner;
import io.histoflow.scanning.SlideSource;
import java.util.List;

/** Scans each image of the demo as a slide of its own. */
final class DemoScan {
  private DemoScan() {}

  /** The slide id of an image: ids of images are unique within an organ only. */
  static String slideId(Sample sample) {
    return sample.organ() + "-" + sample.id();
  }

  /** Publishes every image. */
  static ScanSummary publish(List<Sample> samples, ServiceConfig config, Terminal terminal) {
    List<SlideSource> slides =
        samples.stream()
            .map(s -> new SlideSource(slideId(s), s.organ(), List.of(s.image())))
            .toList();
    try (SlideScanner scanner = new SlideScanner(config, terminal::say);
        Task task = terminal.start("scan", slides.size())) {
      ScanSummary summary =
          scanner.scan(slides, (phase, done, total, note) -> task.update(done, total, ""));
      if (!summary.complete()) {
        throw new CommandFailedException(
            "The demo needs all of its images, and those named above could not be scanned: mend or"
                + " remove them.");
      }
      return summary;
    }
  }
}
