package io.histoflow.routing;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.platform.lifecycle.Backoff;
import io.histoflow.platform.lifecycle.RestartPolicy;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TopologySettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link RoutingTopology}: routes tiles to review and reports slides, exactly once. Several
 * instances, each with its own {@code histoflow.worker.id} and state folder, share the partitions.
 *
 * <p>A thread of the topology that fails is replaced, a topology that ends is made anew, after a
 * pause that grows, however often it happens: brokers restart, machines pause, registries go away.
 * Only what needs a person ends the service. While it does not get on, {@link #trouble} says why.
 */
public final class RoutingService extends KafkaService {
  /** What can be configured. */
  public static final Settings SETTINGS = RoutingServiceSettings.ALL;

  /** Folder of the state stores. */
  public static final Setting<Path> STATE_DIR = RoutingServiceSettings.STATE_DIR;

  /** How often estimates of recall are published. */
  public static final Setting<Duration> RECALL_INTERVAL = RoutingServiceSettings.RECALL_INTERVAL;

  /** Share of each organ's tiles that may go to review. */
  public static final Setting<Double> BUDGET = RoutingServiceSettings.BUDGET;

  /** Scores of an organ that must be known before it has a threshold of its own. */
  public static final Setting<Integer> COLD_START_TILES = RoutingServiceSettings.COLD_START_TILES;

  private static final Logger log = LoggerFactory.getLogger(RoutingService.class);
  private static final String NAME = "routing";
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(30);
  private static final RestartPolicy RETRY =
      new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(1));

  private final StreamsConfig streamsConfig;
  private TopologySettings topologySettings;
  private final RoutingMetrics metrics;
  private final RecallGauges recall;
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private final Backoff backoff = new Backoff(RETRY, InstantSource.system());
  private final StreamsProgress progress;
  private volatile boolean ended;
  private volatile Throwable failure;
  private KafkaClients kafka;
  private String clusterId;
  private KafkaStreams streams;

  /** As the other; its metrics go nowhere. */
  public RoutingService(ServiceConfig config) {
    this(config, new CompositeMeterRegistry());
  }

  /**
   * Makes the service without starting it.
   *
   * @param config {@link #SETTINGS}, and the keys of the Kafka and schema registry clients
   * @param registry where the service's metrics go
   * @throws io.histoflow.platform.config.ConfigException where a value is not allowed
   */
  public RoutingService(ServiceConfig config, MeterRegistry registry) {
    super(NAME, config);
    this.streamsConfig = StreamsSettings.of(config);
    this.metrics = new RoutingMetrics(registry);
    this.recall = new RecallGauges(registry);
    this.topologySettings = RoutingServiceSettings.topology(config);
    this.progress =
        new StreamsProgress(
            config.get(RoutingServiceSettings.PROGRESS_TIMEOUT), InstantSource.system());
  }

  /** Joins the group and restores state. */
  @Override
  protected void onStart(KafkaClients clients) throws InterruptedException {
    try (Admin admin = clients.admin()) {
      StandbySetup.ensure(admin, config());
    }
    topologySettings =
        topologySettings.withRouting(
            topologySettings
                .routing()
                .withAudit(RoutingServiceSettings.audit(config(), AuditKey.of(config()))));
    clusterId = clients.clusterId();
    opened(metrics);
    opened(recall).follow(clients);
    kafka = clients;
    startStreams();
    awaitRunning();
  }

  /** Looks at the topology now and then, and makes it anew where it has ended. */
  @Override
  protected void runOnce() throws InterruptedException {
    if (pause(LOOK_INTERVAL)) {
      return;
    }
    requireNoFailure();
    try {
      if (ended) {
        startAnew();
      } else {
        progress.look(streams);
      }
      recall.follow(kafka);
    } catch (RuntimeException e) {
      // It may have ended just now, or its brokers be gone: the next look tells.
      progress.failed(Sentences.of(e));
      log.atDebug().setCause(e).log("The topology could not be looked at");
    }
  }

  @Override
  public Optional<String> trouble() {
    return progress.standstill();
  }

  @Override
  protected void wakeUp() {
    startEnded.countDown();
  }

  @Override
  protected void onStop() {
    if (streams == null) {
      return;
    }
    Duration timeout = config().get(CommonSettings.SHUTDOWN_TIMEOUT);
    // Leaving lets another instance, or the next start, take over at once.
    CloseOptions leave =
        CloseOptions.timeout(timeout)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leave)) {
      log.atWarn()
          .addKeyValue(LogKeys.SERVICE, NAME)
          .addKeyValue("timeout", timeout)
          .log("The topology did not end in time");
    }
  }

  private void startStreams() {
    Topology topology = RoutingTopology.build(topologySettings, streamsConfig, metrics);
    streams =
        new KafkaStreams(topology, StreamsSettings.withStateOf(streamsConfig, config(), clusterId));
    streams.setStateListener((now, before) -> onStreamsState(now));
    streams.setUncaughtExceptionHandler(this::onUncaught);
    metrics.watch(streams);
    ended = false;
    streams.start();
  }

  private void startAnew() throws InterruptedException {
    boolean unused = streams.close(END_TIMEOUT);
    if (!pause(backoff.afterFailure())) {
      log.atWarn().addKeyValue(LogKeys.SERVICE, NAME).log("The routing topology is made anew");
      startStreams();
    }
  }

  private void awaitRunning() throws InterruptedException {
    Duration timeout = config().get(RoutingServiceSettings.START_TIMEOUT);
    if (!startEnded.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ServiceException(
          "It did not join its group within %s s: check bootstrap.servers, or raise %s"
              .formatted(timeout.toSeconds(), RoutingServiceSettings.START_TIMEOUT.name()));
    }
    requireNoFailure();
  }

  private void requireNoFailure() {
    Throwable why = failure;
    if (why != null) {
      throw new ServiceException(Failures.sentence(why), why);
    }
  }

  private void onStreamsState(KafkaStreams.State state) {
    if (state == KafkaStreams.State.RUNNING) {
      startEnded.countDown();
    } else if (state == KafkaStreams.State.ERROR) {
      ended = true;
    }
  }

  /** Kafka Streams' thread that failed waits here, so that what is gone is asked slowly. */
  private StreamThreadExceptionResponse onUncaught(Throwable why) {
    if (Failures.needsAPerson(why)) {
      failure = why;
      startEnded.countDown();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    String sentence = Failures.sentence(why);
    progress.failed(sentence);
    Duration delay = backoff.afterFailure();
    log.atWarn()
        .addKeyValue(LogKeys.SERVICE, NAME)
        .log("A routing thread starts again in {} s: {}", delay.toSeconds(), sentence);
    log.atDebug().setCause(why).log("Why it failed");
    try {
      if (!pause(delay)) {
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }
}
