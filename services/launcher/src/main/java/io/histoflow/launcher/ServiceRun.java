package io.histoflow.launcher;

import io.histoflow.commandline.ProcessEnd;
import io.histoflow.commandline.StopSignal;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.observability.Health;
import io.histoflow.platform.observability.HealthServer;
import io.histoflow.platform.observability.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one service of a cluster until it fails or the process is told to stop. */
record ServiceRun(String name, ServiceConfig config) {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceRun.class);
  private static final int FAILED = 1;
  private static final Duration CHECK = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** Makes a service that counts into the given registry. */
  interface Maker {
    Service make(ServiceConfig config, MeterRegistry registry);
  }

  /** Blocks; returns the exit code: 0 when stopped from outside, 1 when the service failed. */
  int until(Maker maker) throws InterruptedException {
    try (StopSignal stop = new StopSignal()) {
      if (!contractsAreInOrder(stop)) {
        return 0;
      }
      AtomicReference<Service> made = new AtomicReference<>();
      int code =
          run(
              (settings, registry) -> {
                made.set(maker.make(settings, registry));
                return made.get();
              },
              stop);
      endAtOnceIfStillComputing(made.get());
      return code;
    }
  }

  /** As {@link #until}, for a service that needs neither brokers nor a registry. */
  int untilWithoutBrokers(Maker maker) throws InterruptedException {
    try (StopSignal stop = new StopSignal()) {
      return run(maker, stop);
    }
  }

  /**
   * Waits for brokers and registry that are not up yet, so that services may be started in any
   * order; returns false when the process was told to stop meanwhile.
   */
  private boolean contractsAreInOrder(StopSignal stop) throws InterruptedException {
    while (true) {
      try {
        Contracts.ensure(config);
        return true;
      } catch (RetriableException e) {
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("brokers or schema registry are not reachable yet; trying again");
      }
      if (stop.await(PAUSE)) {
        return false;
      }
    }
  }

  /** An orderly end would free native memory under the work that did not end in its time. */
  private static void endAtOnceIfStillComputing(Service service) {
    if (service.state() == ServiceState.STOPPING) {
      LOG.atWarn().addKeyValue("service", service.name()).log("ended in the middle of its work");
      ProcessEnd.now();
    }
  }

  private int run(Maker maker, StopSignal stop) throws InterruptedException {
    try (Metrics metrics = new Metrics(name);
        Service service = maker.make(config, metrics.registry())) {
      metrics.watch(service);
      service.start();
      try (HealthServer health =
          HealthServer.start(config, Health.of(service), metrics::scrape).orElse(null)) {
        LOG.atInfo()
            .addKeyValue("service", service.name())
            .addKeyValue("healthPort", health == null ? "off" : health.port())
            .log("running");
        new PartNotice(service.name(), PartNotice.State.RUNNING, "").tellParent();
        return untilEnd(service, stop);
      }
    }
  }

  private static int untilEnd(Service service, StopSignal stop) throws InterruptedException {
    while (!stop.await(CHECK)) {
      if (service.state() == ServiceState.FAILED) {
        // The service has logged why.
        return FAILED;
      }
    }
    LOG.atInfo().addKeyValue("service", service.name()).log("stopping");
    return 0;
  }
}
