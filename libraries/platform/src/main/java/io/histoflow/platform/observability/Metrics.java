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
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The metrics of one service: those of the Java virtual machine, those of its Kafka clients, and
 * its own, which it registers in {@link #registry}.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Deque<AutoCloseable> binders = new ArrayDeque<>();

  /**
   * Begins to measure.
   *
   * @param service the service's name, a tag of every metric
   */
  public Metrics(String service) {
    registry.config().commonTags(MetricNames.SERVICE, service);
    JvmGcMetrics collector = new JvmGcMetrics();
    binders.push(collector);
    collector.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * Returns where a service registers its own metrics.
   *
   * @return the registry
   */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * Measures a producer from now on.
   *
   * @param producer the producer
   */
  public void watch(Producer<?, ?> producer) {
    bind(new KafkaClientMetrics(producer));
  }

  /**
   * Measures a consumer from now on.
   *
   * @param consumer the consumer
   */
  public void watch(Consumer<?, ?> consumer) {
    bind(new KafkaClientMetrics(consumer));
  }

  /**
   * Measures whether a service runs and, of a child process, how often it was started again.
   *
   * @param service the service
   */
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

  /**
   * Returns all metrics at this moment.
   *
   * @return Prometheus' text format, version 0.0.4
   */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public synchronized void close() {
    while (!binders.isEmpty()) {
      try {
        binders.pop().close();
      } catch (Exception e) {
        // Nothing else depends on a binder's end.
      }
    }
    registry.close();
  }

  private synchronized void bind(KafkaClientMetrics client) {
    binders.push(client);
    client.bindTo(registry);
  }
}
