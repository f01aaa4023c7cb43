package io.histoflow.launcher;

import io.histoflow.commandline.StopSignal;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.ParentWatch;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.RestartPolicy;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.SupervisedService;
import io.histoflow.platform.observability.Health;
import io.histoflow.platform.observability.HealthServer;
import io.histoflow.platform.observability.Metrics;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewService;
import io.histoflow.routing.RoutingService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Routing, review and reporting in one process: a child of {@code up} and {@code demo}. A service
 * that fails is made anew; each death ends in a line on standard output that the parent reads.
 */
@Command(
    name = "parts",
    hidden = true,
    description = "Run routing, review and reporting together, as 'up' does.",
    mixinStandardHelpOptions = true)
final class PartsCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(PartsCommand.class);
  private static final Duration FOR_EVER = Duration.ofDays(1);

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "As 'up' writes.")
  private Path config;

  @Override
  public Integer call() throws InterruptedException {
    ParentWatch.exitWhenParentDies();
    ServiceConfig loaded = ServiceConfig.load(config);
    try (StopSignal stop = new StopSignal();
        PartMetrics routingMetrics = new PartMetrics("routing");
        PartMetrics reviewMetrics = new PartMetrics("review");
        PartMetrics reportingMetrics = new PartMetrics("reporting");
        SupervisedService routing =
            supervised(loaded, "routing", RoutingService::new, routingMetrics);
        SupervisedService review = supervised(loaded, "review", ReviewService::new, reviewMetrics);
        SupervisedService reporting =
            supervised(loaded, "reporting", ReportingService::new, reportingMetrics)) {
      routing.start();
      review.start();
      reporting.start();
      try (HealthServer health =
          HealthServer.start(
                  loaded,
                  Health.of(routing, review, reporting),
                  () ->
                      routingMetrics.scrape() + reviewMetrics.scrape() + reportingMetrics.scrape())
              .orElse(null)) {
        LOG.atInfo()
            .addKeyValue("healthPort", health == null ? "off" : health.port())
            .log("running");
        while (!stop.await(FOR_EVER)) {
          // Only the parent ends it.
        }
        return 0;
      }
    }
  }

  private static SupervisedService supervised(
      ServiceConfig config, String part, ServiceRun.Maker maker, PartMetrics metrics) {
    return new SupervisedService(
        part,
        () -> {
          Metrics fresh = metrics.next();
          Service service = maker.make(config, fresh.registry());
          fresh.watch(service);
          return service;
        },
        RestartPolicy.DEFAULT,
        PartNotice::tellParent);
  }

  /** The metrics of a part's present life. */
  private static final class PartMetrics implements AutoCloseable {
    private final String part;
    private volatile Metrics present;

    PartMetrics(String part) {
      this.part = part;
    }

    Metrics next() {
      close();
      Metrics fresh = new Metrics(part);
      present = fresh;
      return fresh;
    }

    String scrape() {
      Metrics now = present;
      return now == null ? "" : now.scrape();
    }

    @Override
    public void close() {
      Metrics last = present;
      present = null;
      if (last != null) {
        last.close();
      }
    }
  }
}
