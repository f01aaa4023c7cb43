package io.histoflow.platform.observability;

import io.histoflow.platform.lifecycle.ChildService;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The metrics of one service: those of the Java virtual machine, and its own, which it registers in
 * {@link #registry}.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  /** Begins to measure; the service's name is a tag of every metric. */
  public Metrics(String service) {
    registry.config().commonTags(MetricNames.SERVICE, service);
    collector.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Returns where a service registers its own metrics. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Measures whether a service runs and, of a child process, how often it was started again. */
  public void watch(Service service) {
    Tags tags = Tags.of(MetricNames.SERVICE, service.name());
    Gauge.builder(
            MetricNames.SERVICE_UP,
            service,
            watched -> watched.state() == ServiceState.RUNNING ? 1 : 0)
        .description("1 while the service runs")
        .tags(tags)
        .register(registry);
    if (service instanceof ChildService child) {
      FunctionCounter.builder(MetricNames.CHILD_RESTARTS, child, ChildService::restarts)
          .description("How often the child process was started again")
          .tags(tags)
          .register(registry);
    }
  }

  /** Returns all metrics at this moment, in Prometheus' text format, version 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
