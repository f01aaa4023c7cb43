package io.histoflow.launcher.stack;

import io.histoflow.launcher.console.CommandFailedException;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.observability.Metrics;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewService;
import io.histoflow.routing.RoutingService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The whole system on one machine: the embedded platform, routing, review and reporting in this
 * process, and one child process each for inference and fine-tuning, because native code that runs
 * out of memory or is killed must not take the log with it. A child that dies is started again.
 */
public final class Stack implements AutoCloseable {
  private static final String MAIN_CLASS = "io.histoflow.launcher.Histoflow";
  private static final Duration CHILD_TIMEOUT = Duration.ofSeconds(30);

  private final Path dataDir;
  private final ServiceConfig config;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final Metrics metrics;
  private ReviewService review;
  private ChildService inference;
  private WorkerProbe inferenceProbe;

  private Stack(Path dataDir, EmbeddedPlatform platform, ServiceConfig overrides) {
    this.dataDir = dataDir;
    ServiceConfig merged = inside(dataDir, platform.config());
    for (Map.Entry<String, String> override : overrides.asMap().entrySet()) {
      merged = merged.with(override.getKey(), override.getValue());
    }
    this.config = merged;
    this.metrics = new Metrics("histoflow");
    open.add(platform);
    open.add(metrics);
  }

  /**
   * Starts platform and services, except fine-tuning.
   *
   * @param dataDir where everything is kept; created when absent
   * @param overrides {@code histoflow.*} settings for all services
   */
  public static Stack start(Path dataDir, ServiceConfig overrides) {
    Path directory = dataDir.toAbsolutePath().normalize();
    Stack stack = new Stack(directory, EmbeddedPlatform.start(directory), overrides);
    try {
      stack.startServices();
      return stack;
    } catch (RuntimeException | Error e) {
      stack.close();
      throw e;
    }
  }

  /** Everything that services keep on disk lies in the data directory too. */
  private static ServiceConfig inside(Path dataDir, ServiceConfig config) {
    Path reports = dataDir.resolve("reports");
    return config
        .with("histoflow.routing.state.dir", dataDir.resolve("routing").toString())
        .with("histoflow.reporting.database", reports.resolve("slides.db").toString())
        .with("histoflow.reporting.export.dir", reports.toString());
  }

  private void startServices() {
    int healthPort = freePort();
    inferenceProbe = new WorkerProbe(healthPort);
    inference =
        startChild("inference", "infer", "1g", config.with(CommonSettings.HEALTH_PORT, healthPort));
    add(new RoutingService(config, metrics.registry()));
    review = add(new ReviewService(config, metrics.registry()));
    add(new ReportingService(config));
  }

  /**
   * Starts fine-tuning in a process of its own.
   *
   * @param settings settings that differ from the others'
   */
  public void startFineTuning(Map<String, String> settings) {
    ServiceConfig own = config;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      own = own.with(setting.getKey(), setting.getValue());
    }
    startChild("fine-tuning", "fine-tune", "2g", own);
  }

  private ChildService startChild(
      String name, String command, String heap, ServiceConfig childConfig) {
    Path file = dataDir.resolve("config").resolve(name + ".properties");
    childConfig.save(file);
    ChildCommand child =
        ChildCommand.java(
            name,
            jvmOptions(heap),
            System.getProperty("java.class.path"),
            MAIN_CLASS,
            List.of(command, "--config", file.toString()),
            dataDir.resolve("logs").resolve(name + ".log"));
    return add(new ChildService(child, CHILD_TIMEOUT));
  }

  private static List<String> jvmOptions(String heap) {
    // As the script histoflow has it.
    return List.of(
        "-Xms128m",
        "-Xmn80m",
        "-Xmx" + heap,
        "-XX:+AlwaysPreTouch",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true");
  }

  private <S extends Service> S add(S service) {
    open.add(service);
    services.add(service);
    service.start();
    return service;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailedException("No loopback port is free: " + e.getMessage(), e);
    }
  }

  /** Where the dashboard and its API are served. */
  public URI dashboard() {
    return URI.create("http://127.0.0.1:" + review.port() + "/");
  }

  /** The configuration that clients of this stack need. */
  public ServiceConfig config() {
    return config;
  }

  /** Where everything is kept. */
  public Path dataDir() {
    return dataDir;
  }

  /** How often the inference worker was started again. */
  public int inferenceRestarts() {
    return Math.toIntExact(inference.restarts());
  }

  /** The version of the weights that the inference worker runs; empty while it does not answer. */
  public OptionalLong inferenceModelVersion() {
    return inferenceProbe.modelVersion();
  }

  /** A sentence on the first service that failed, if one did. */
  public Optional<String> failure() {
    return services.stream()
        .filter(service -> service.state() == ServiceState.FAILED)
        .map(
            service ->
                "The service "
                    + service.name()
                    + " failed: "
                    + service.failure().map(Sentences::of).orElse("no reason given"))
        .findFirst();
  }

  @Override
  public void close() {
    RuntimeException first = null;
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception e) {
        if (first == null) {
          first = new CommandFailedException("Not everything could be closed: " + e, e);
        }
      }
    }
    open.clear();
    if (first != null) {
      throw first;
    }
  }
}
