package io.histoflow.launcher;

import io.histoflow.finetuning.FineTuningService;
import io.histoflow.inference.InferenceService;
import io.histoflow.launcher.options.SettingsCatalogue;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ParentWatch;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewService;
import io.histoflow.routing.RoutingService;
import io.histoflow.scanning.upload.UploadServer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One command per service, each with {@code --config FILE}, for a cluster. */
final class ServiceCommands {
  private ServiceCommands() {}

  /** Loads the configuration, runs one service until it is stopped, and exits 1 when it fails. */
  @Command(mixinStandardHelpOptions = true)
  abstract static class OneService implements Callable<Integer> {
    @Option(
        names = "--config",
        required = true,
        paramLabel = "FILE",
        description =
            "Java properties: keys of the Kafka and schema registry clients are passed through,"
                + " keys that begin with histoflow. are listed by 'histoflow settings'.")
    private Path config;

    @Spec private CommandSpec spec;

    private final ServiceRun.Maker service;

    OneService(ServiceRun.Maker service) {
      this.service = service;
    }

    @Override
    public Integer call() throws InterruptedException {
      ParentWatch.exitWhenParentDies();
      ServiceConfig loaded = SettingsCatalogue.known(ServiceConfig.load(config));
      return new ServiceRun(spec.name(), loaded).until(service);
    }
  }

  @Command(
      name = "infer",
      description = "Segment scanned tiles and publish masks and entropy scores.")
  static final class Infer extends OneService {
    Infer() {
      super(InferenceService::new);
    }
  }

  @Command(
      name = "route",
      description = "Route the most uncertain tiles of each organ to review; report slides.")
  static final class Route extends OneService {
    Route() {
      super(RoutingService::new);
    }
  }

  @Command(name = "review", description = "Serve the review dashboard and its HTTP API.")
  static final class Review extends OneService {
    Review() {
      super(ReviewService::new);
    }
  }

  @Command(
      name = "fine-tune",
      description = "Learn from corrections; publish decoder weights that pass the gate.")
  static final class FineTune extends OneService {
    FineTune() {
      super(FineTuningService::new);
    }
  }

  @Command(
      name = "upload-server",
      description = {
        "Take slides over HTTP (PUT /slides/NAME) into the folder histoflow.upload.folder, for"
            + " scanners that write to no folder; 'scan --watch' publishes them.",
        "It needs neither brokers nor a registry."
      },
      mixinStandardHelpOptions = true)
  static final class Upload implements Callable<Integer> {
    @Option(
        names = "--config",
        required = true,
        paramLabel = "FILE",
        description = "Java properties; 'histoflow settings' lists those of upload.")
    private Path config;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      ServiceConfig loaded = SettingsCatalogue.known(ServiceConfig.load(config));
      return new ServiceRun(spec.name(), loaded)
          .untilWithoutBrokers((settings, registry) -> new UploadServer(settings));
    }
  }

  @Command(name = "report", description = "Keep slide reports in a database; export CSV and JSON.")
  static final class Report extends OneService {
    Report() {
      super(ReportingService::new);
    }
  }
}
