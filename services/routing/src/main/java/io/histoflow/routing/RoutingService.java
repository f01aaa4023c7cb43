package io.histoflow.routing;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.lifecycle.Lifecycle;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TopologySettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
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
public final class RoutingService implements Service {
  /** What can be configured. */
  public static final Settings SETTINGS = RoutingServiceSettings.ALL;

  private static final Logger log = LoggerFactory.getLogger(RoutingService.class);
  private static final String NAME = "routing";
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(30);

  private final ServiceConfig config;
  private final StreamsConfig streamsConfig;
  private final TopologySettings topologySettings;
  private final RoutingMetrics metrics;
  private final Lifecycle lifecycle = new Lifecycle(NAME);
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Backoff backoff = new Backoff(InstantSource.system());
  private final StreamsProgress progress;
  private volatile boolean ended;
  private volatile KafkaStreams streams;
  private Thread keeper;

  /**
   * Makes the service without starting it; its metrics go nowhere.
   *
   * @param config {@link #SETTINGS}, and the keys of the Kafka and schema registry clients
   * @throws io.histoflow.platform.config.ConfigException where a value is not allowed
   */
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
    this.config = config;
    this.streamsConfig = StreamsSettings.of(config);
    this.metrics = new RoutingMetrics(registry);
    this.topologySettings = RoutingServiceSettings.topology(config);
    this.progress =
        new StreamsProgress(
            config.get(RoutingServiceSettings.PROGRESS_TIMEOUT), InstantSource.system());
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Creates what is missing of topics and subjects, checks the rest, joins the group and restores
   * state.
   */
  @Override
  public void start() {
    lifecycle.moveTo(ServiceState.STARTING);
    try {
      if (startStreams(ensureCatalogue())) {
        awaitRunning();
      }
    } catch (RuntimeException e) {
      lifecycle.fail(e);
      stopStreams();
      throw new ServiceException("The service routing could not start: " + Sentences.of(e), e);
    }
  }

  @Override
  public ServiceState state() {
    return lifecycle.state();
  }

  @Override
  public Optional<Throwable> failure() {
    return lifecycle.failure();
  }

  @Override
  public Optional<String> trouble() {
    return progress.standstill();
  }

  @Override
  public void close() {
    closing.countDown();
    boolean hasStreams;
    synchronized (this) {
      hasStreams = lifecycle.tryMoveTo(ServiceState.STOPPING);
    }
    if (hasStreams) {
      stopStreams();
    }
    lifecycle.tryMoveTo(ServiceState.STOPPED);
  }

  /** Returns the running topology, for metrics and queries; empty before start. */
  public Optional<KafkaStreams> streams() {
    return Optional.ofNullable(streams);
  }

  /** Returns the cluster's id. */
  private String ensureCatalogue() {
    String clusterId;
    try (Admin admin = new KafkaClients(config, NAME).admin()) {
      TopicSetup.ensure(admin, config);
      StandbySetup.ensure(admin, config);
      clusterId = admin.describeCluster().clusterId().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("Its start was interrupted", e);
    } catch (ExecutionException e) {
      throw new ServiceException("The cluster does not say its id: " + Sentences.of(e), e);
    }
    SubjectCatalogue.ensure(config.clientProperties());
    return clusterId;
  }

  /** Returns false where the service was closed in the meantime. */
  private synchronized boolean startStreams(String clusterId) {
    if (lifecycle.state() != ServiceState.STARTING) {
      return false;
    }
    streams = newStreams(clusterId);
    streams.start();
    keeper = new Thread(() -> keepRunning(clusterId), NAME + "-keeper");
    keeper.setDaemon(true);
    keeper.start();
    return true;
  }

  private KafkaStreams newStreams(String clusterId) {
    Topology topology = RoutingTopology.build(topologySettings, streamsConfig, metrics);
    KafkaStreams fresh =
        new KafkaStreams(topology, StreamsSettings.withStateOf(streamsConfig, config, clusterId));
    fresh.setStateListener((now, before) -> onStreamsState(now));
    fresh.setUncaughtExceptionHandler(this::onUncaught);
    metrics.watch(fresh);
    return fresh;
  }

  /** Looks at the topology now and then, and makes it anew where it has ended. */
  private void keepRunning(String clusterId) {
    try {
      while (!closing.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          if (ended && !startAnew(clusterId)) {
            return;
          }
          progress.look(streams);
        } catch (RuntimeException e) {
          // It may have ended just now, or its brokers be gone: the next look tells.
          progress.failed(Sentences.of(e));
          log.atDebug().setCause(e).log("The topology could not be looked at");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false where the service ends. */
  private boolean startAnew(String clusterId) throws InterruptedException {
    boolean unused = streams.close(END_TIMEOUT);
    Duration pause = backoff.afterFailure();
    if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    synchronized (this) {
      if (lifecycle.state() != ServiceState.STARTING && lifecycle.state() != ServiceState.RUNNING) {
        return false;
      }
      log.atWarn().addKeyValue("service", NAME).log("The routing topology is made anew");
      streams = newStreams(clusterId);
      ended = false;
      streams.start();
      return true;
    }
  }

  private void awaitRunning() {
    Duration timeout = config.get(RoutingServiceSettings.START_TIMEOUT);
    try {
      if (!startEnded.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ServiceException(
            "It did not join its group within "
                + timeout.toSeconds()
                + " s: check bootstrap.servers, or raise "
                + RoutingServiceSettings.START_TIMEOUT.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("Its start was interrupted", e);
    }
    if (lifecycle.state() == ServiceState.FAILED) {
      throw new ServiceException(
          lifecycle.failure().map(Sentences::of).orElse("its topology ended"));
    }
  }

  private void onStreamsState(KafkaStreams.State state) {
    if (state == KafkaStreams.State.RUNNING) {
      lifecycle.tryMoveTo(ServiceState.RUNNING);
      startEnded.countDown();
    } else if (state == KafkaStreams.State.ERROR) {
      ended = true;
    } else if (state == KafkaStreams.State.NOT_RUNNING && closing.getCount() == 0) {
      startEnded.countDown();
    }
  }

  /** Kafka Streams' thread that failed waits here, so that what is gone is asked slowly. */
  private StreamThreadExceptionResponse onUncaught(Throwable failure) {
    if (Failures.needsAPerson(failure)) {
      if (lifecycle.fail(failure)) {
        log.atError()
            .addKeyValue("service", NAME)
            .setCause(failure)
            .log("The service has failed: {}", Failures.sentence(failure));
      }
      startEnded.countDown();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    String why = Failures.sentence(failure);
    progress.failed(why);
    Duration pause = backoff.afterFailure();
    log.atWarn()
        .addKeyValue("service", NAME)
        .log("A routing thread starts again in {} s: {}", pause.toSeconds(), why);
    log.atDebug().setCause(failure).log("Why it failed");
    try {
      if (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private void stopStreams() {
    closing.countDown();
    KafkaStreams running = streams;
    if (running == null) {
      return;
    }
    Duration timeout = config.get(CommonSettings.SHUTDOWN_TIMEOUT);
    // Leaving lets another instance, or the next start, take over at once.
    CloseOptions leave =
        CloseOptions.timeout(timeout)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    boolean closed = running.close(leave);
    metrics.close();
    if (!closed) {
      log.atWarn()
          .addKeyValue("service", NAME)
          .addKeyValue("timeout", timeout)
          .log("The topology did not end in time");
    }
  }
}
