package io.histoflow.launcher.stack;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.finetuning.FineTuningService;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.lifecycle.ChildCommand;
import io.histoflow.platform.lifecycle.ChildService;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.observability.Health;
import io.histoflow.platform.observability.HealthServer;
import io.histoflow.platform.observability.Metrics;
import io.histoflow.reporting.ReportingService;
import io.histoflow.review.ReviewSettings;
import io.histoflow.routing.RoutingService;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The whole system on one machine: the broker in this process and nothing else that could end it;
 * the schema registry, inference, fine-tuning, and routing with review and reporting in child
 * processes, because a heap that is full or native code that crashes must not take the log with it.
 * A part that dies is started again, for ever.
 */
public final class Stack implements AutoCloseable {
  /** What runs together in one child process. */
  private static final List<String> TOGETHER = List.of("routing", "review", "reporting");

  private static final String TOGETHER_COMMAND = "parts";
  private static final List<String> TOGETHER_MEMORY = List.of("-Xms64m", "-Xmx1g", "-Xss512k");
  private static final String MAIN_CLASS = "io.histoflow.launcher.Histoflow";
  private static final String FINE_TUNING_STEPS = FineTuningService.ROUND_STEPS + "_total";
  private static final Duration FIRST_RUN = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final List<String> OF_THE_PLATFORM =
      List.of("bootstrap.servers", "schema.registry.url");

  private final Path dataDir;
  private final EmbeddedPlatform platform;
  private final ServiceConfig config;
  private final PartBoard board;
  private final Consumer<String> progress;
  private final Metrics metrics = new Metrics("histoflow");
  private final List<ChildService> children = new ArrayList<>();
  private final List<ChildProbe> probes = new ArrayList<>();
  private Optional<HealthServer> health = Optional.empty();
  private ChildService inference;
  private Optional<ChildProbe> fineTuningProbe = Optional.empty();

  private Stack(
      Path dataDir,
      EmbeddedPlatform platform,
      ServiceConfig config,
      PartBoard board,
      Consumer<String> progress) {
    this.dataDir = dataDir;
    this.platform = platform;
    this.config = config;
    this.board = board;
    this.progress = progress;
  }

  /**
   * Starts platform and services, except fine-tuning.
   *
   * @param dataDir where everything is kept; created when absent
   * @param overrides {@code histoflow.*} settings for all services
   * @param progress receives lines for a person: what is being started, which part died and why,
   *     and which runs again
   * @throws ConfigException where a setting is wrong
   * @throws CommandFailedException where a port is taken
   */
  public static Stack start(Path dataDir, ServiceConfig overrides, Consumer<String> progress)
      throws InterruptedException {
    Path directory = dataDir.toAbsolutePath().normalize();
    requireOwnPlatform(overrides);
    requireFreePorts(overrides);
    PartBoard board = new PartBoard(progress);
    Step step = new Step("Broker and schema registry", progress);
    EmbeddedPlatform platform = EmbeddedPlatform.start(directory, overrides, board::post);
    step.done();
    Stack stack =
        new Stack(
            directory, platform, merged(directory, platform.config(), overrides), board, progress);
    try {
      stack.startServices();
      return stack;
    } catch (RuntimeException | InterruptedException | Error e) {
      stack.close();
      throw e;
    }
  }

  private static void requireOwnPlatform(ServiceConfig overrides) {
    for (String key : OF_THE_PLATFORM) {
      if (overrides.asMap().containsKey(key)) {
        throw new ConfigException(
            key
                + " has no meaning here, where a broker and a registry are started: leave it out,"
                + " or run the services of a cluster one by one (infer, route, review, fine-tune,"
                + " report).");
      }
    }
  }

  private static void requireFreePorts(ServiceConfig overrides) {
    Ports.requireFree(
        overrides.get(ReviewSettings.HOST),
        overrides.get(ReviewSettings.PORT),
        "choose another one with --port (0 takes a free one)");
    Ports.requireFree(
        overrides.get(CommonSettings.HEALTH_HOST),
        overrides.get(CommonSettings.HEALTH_PORT),
        "change " + CommonSettings.HEALTH_PORT.name());
  }

  /** Everything that services keep on disk lies in the data directory too. */
  private static ServiceConfig merged(
      Path dataDir, ServiceConfig platform, ServiceConfig overrides) {
    Path reports = dataDir.resolve("reports");
    ServiceConfig merged =
        platform
            .with(RoutingService.STATE_DIR, dataDir.resolve("routing"))
            .with(ReportingService.DATABASE, reports.resolve("slides.db"))
            .with(ReportingService.EXPORT_DIR, reports)
            .with(ReviewSettings.LINK_FILE, dataDir.resolve("review-link"));
    for (Map.Entry<String, String> override : overrides.asMap().entrySet()) {
      merged = merged.with(override.getKey(), override.getValue());
    }
    // A review service that is started again must be found where it was.
    return merged.get(ReviewSettings.PORT) == 0
        ? merged.with(ReviewSettings.PORT, Ports.free())
        : merged;
  }

  private void startServices() throws InterruptedException {
    Step step = new Step("Routing, review and reporting", progress);
    // Inference takes longest.
    inference = startChild("inference", "infer", worker("1g"), config, newProbe(), board::post);
    startChild(
        "services", TOGETHER_COMMAND, TOGETHER_MEMORY, config, newProbe(), this::postTogether);
    health = startHealth();
    if (!board.awaitFirstRun(TOGETHER, FIRST_RUN)) {
      progress.accept("  Not everything runs yet; what lacks goes on starting.");
    }
    Optional<String> refusal = board.refusal();
    if (refusal.isPresent()) {
      throw new ConfigException(refusal.get());
    }
    step.done();
  }

  private Optional<HealthServer> startHealth() {
    int port = config.get(CommonSettings.HEALTH_PORT);
    return port == 0
        ? Optional.empty()
        : Optional.of(
            HealthServer.start(
                config.get(CommonSettings.HEALTH_HOST), port, health(), this::scrape));
  }

  /** The notices of the process itself are those of all its parts. */
  private void postTogether(PartNotice notice) {
    if (TOGETHER.contains(notice.part())) {
      board.post(notice);
    } else {
      board.postForAll(TOGETHER, notice);
    }
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
    ChildProbe probe = newProbe();
    fineTuningProbe = Optional.of(probe);
    startChild("fine-tuning", "fine-tune", worker("2g"), own, probe, board::post);
  }

  /** What changes with each step of a round of fine-tuning; empty while it does not answer. */
  public Optional<String> fineTuningSteps() {
    return fineTuningProbe.flatMap(probe -> probe.line(FINE_TUNING_STEPS));
  }

  private ChildProbe newProbe() {
    ChildProbe probe = new ChildProbe(Ports.free());
    probes.add(probe);
    return probe;
  }

  private ChildService startChild(
      String file,
      String command,
      List<String> memory,
      ServiceConfig shared,
      ChildProbe probe,
      Consumer<PartNotice> listener) {
    ServiceConfig own =
        shared
            .with(CommonSettings.HEALTH_HOST, "127.0.0.1")
            .with(CommonSettings.HEALTH_PORT, probe.port());
    Path configFile = dataDir.resolve("config").resolve(file + ".properties");
    own.save(configFile);
    ChildCommand child =
        ChildCommand.java(
            command.equals(TOGETHER_COMMAND) ? String.join(", ", TOGETHER) : file,
            jvmOptions(memory),
            System.getProperty("java.class.path"),
            MAIN_CLASS,
            List.of(command, "--config", configFile.toString()),
            dataDir.resolve("logs").resolve(file + ".log"));
    ChildService service =
        new ChildService(child, own.get(CommonSettings.SHUTDOWN_TIMEOUT).plus(GRACE), listener);
    children.add(service);
    metrics.watch(service);
    service.start();
    return service;
  }

  /** As the script histoflow has it for workers. */
  private static List<String> worker(String heap) {
    return List.of("-Xms128m", "-Xmn80m", "-Xmx" + heap, "-XX:+AlwaysPreTouch");
  }

  private static List<String> jvmOptions(List<String> memory) {
    List<String> options = new ArrayList<>(memory);
    options.addAll(
        List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"));
    // What was asked of the virtual machine holds for all of them; each has a heap of its own size.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .forEach(options::add);
    return options;
  }

  private Health health() {
    return new Health() {
      @Override
      public Optional<String> whyNotLive() {
        return board.whyNotLive();
      }

      @Override
      public Optional<String> whyNotReady() {
        return board
            .whyNotReady()
            .or(platform::diskComplaint)
            .or(() -> probes.stream().flatMap(probe -> probe.whyNotReady().stream()).findFirst());
      }

      @Override
      public String parts() {
        return board.parts();
      }
    };
  }

  /** One at a time, so that askers cannot fill the broker's heap. */
  private synchronized String scrape() {
    return MergedMetrics.of(
        Stream.concat(Stream.of(metrics.scrape()), probes.stream().map(ChildProbe::metrics))
            .toList());
  }

  /** Where the dashboard and its API are served. */
  public URI dashboard() {
    return config
        .find(ReviewSettings.PUBLIC_URL)
        .orElseGet(() -> address(config.get(ReviewSettings.HOST), config.get(ReviewSettings.PORT)));
  }

  /** The file with the link that opens the dashboard once; empty where it is open without one. */
  public Optional<Path> linkFile() {
    return config.get(ReviewSettings.LINK)
        ? config.find(ReviewSettings.LINK_FILE)
        : Optional.empty();
  }

  /** A server on all addresses is found on this machine by its own. */
  static URI address(String host, int port) {
    boolean all = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
    try {
      return new URI("http", null, all ? "127.0.0.1" : host, port, "/", null, null);
    } catch (URISyntaxException e) {
      throw new ConfigException(
          ReviewSettings.HOST.name() + " is " + host + ", which is no address.", e);
    }
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

  /** A sentence on the first part that refuses its configuration; all else mends itself. */
  public Optional<String> failure() {
    return board.refusal();
  }

  /** A sentence where the disk is nearly full, empty otherwise. */
  public Optional<String> diskComplaint() {
    return platform.diskComplaint();
  }

  /** Ends the children, all at once because each finishes its work, and then the platform. */
  @Override
  public void close() {
    List<Thread> closing =
        children.stream().map(child -> new Thread(child::close, "close " + child.name())).toList();
    closing.forEach(Thread::start);
    boolean interrupted = false;
    for (Thread thread : closing) {
      interrupted |= !joined(thread);
    }
    health.ifPresent(HealthServer::close);
    metrics.close();
    platform.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Children end within the time that they are given. */
  private static boolean joined(Thread thread) {
    boolean uninterrupted = true;
    while (true) {
      try {
        thread.join();
        return uninterrupted;
      } catch (InterruptedException e) {
        uninterrupted = false;
      }
    }
  }

  /** One step of the start, told when it begins and when it ends. */
  private static final class Step {
    private final String what;
    private final Consumer<String> progress;
    private final long began = System.nanoTime();

    Step(String what, Consumer<String> progress) {
      this.what = what;
      this.progress = progress;
      progress.accept("  " + what + " ...");
    }

    void done() {
      double seconds = (System.nanoTime() - began) / 1e9;
      progress.accept(String.format(Locale.ROOT, "  %s: %.1f s", what, seconds));
    }
  }
}
