package io.histoflow.launcher;

import io.histoflow.scanning.ScanException;
import io.histoflow.scanning.ScanFailure;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.WatchedFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Scans each slide that lands in a folder. One that cannot be scanned is said and marked; where the
 * cluster takes nothing, the slide waits and goes on where it stopped.
 */
final class LandingWatch {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);

  private final WatchedFolder folder;

  LandingWatch(WatchedFolder folder) {
    this.folder = folder;
  }

  /** Scans one slide. */
  interface Scan {
    /** Publishes it, or says in the summary why not. */
    ScanSummary of(Path slide);
  }

  /** Watches until the thread is interrupted or the process ends. */
  void run(Scan scan, Consumer<String> notices) throws InterruptedException {
    notices.accept("Watching; Ctrl-C ends it, and a scan that it interrupts goes on next time.");
    while (!Thread.currentThread().isInterrupted()) {
      Thread.sleep(look(scan, notices).toMillis());
    }
  }

  /** Scans what is ready; returns how long to wait before the next look. */
  Duration look(Scan scan, Consumer<String> notices) {
    for (Path slide : folder.ready()) {
      try {
        folder.mark(slide, result(scan.of(slide)));
      } catch (ScanException e) {
        notices.accept("%s waits: %s".formatted(slide, e.getMessage()));
        return AFTER_TROUBLE;
      }
    }
    return LOOK_EVERY;
  }

  private static String result(ScanSummary summary) {
    return summary.complete()
        ? "scanned, %s tiles".formatted(summary.tiles())
        : "failed: "
            + summary.failures().stream()
                .map(ScanFailure::sentence)
                .collect(Collectors.joining(" "));
  }
}
