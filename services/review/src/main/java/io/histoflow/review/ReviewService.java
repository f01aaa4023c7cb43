package io.histoflow.review;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_BLOCK_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTIONAL_ID_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.platform.lifecycle.Lifecycle;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.Service;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.review.access.ClientAddresses;
import io.histoflow.review.access.Sessions;
import io.histoflow.review.access.SignInThrottle;
import io.histoflow.review.access.Users;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.CorrectionPublisher;
import io.histoflow.review.http.EventHub;
import io.histoflow.review.http.ReviewServer;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.kafka.TransactionalSender;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SubjectCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The review service: follows the topic of alerts, shows them to pathologists on a web page and
 * over HTTP, and publishes their verdicts.
 */
public final class ReviewService implements Service {
  /** The settings that this service reads. */
  public static final Settings SETTINGS = ReviewSettings.ALL;

  private static final String NAME = "review";
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  // A crash in a transaction holds readers of verdicts up for this long at most.
  private static final int TRANSACTION_TIMEOUT_MILLIS = 30_000;
  // A reviewer waits for the answer.
  private static final int SEND_TIMEOUT_MILLIS = 15_000;
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
  private static final int FETCH_BYTES = 64 << 10;
  private static final int SHARE_OF_HEAP = 8;

  /** One record is read at a time, and little beyond it. */
  private static final Map<String, Object> READER =
      Map.of(
          AUTO_OFFSET_RESET_CONFIG,
          "none",
          MAX_POLL_RECORDS_CONFIG,
          1,
          MAX_PARTITION_FETCH_BYTES_CONFIG,
          FETCH_BYTES);

  private final Logger log = LoggerFactory.getLogger(ReviewService.class);
  private final ServiceConfig config;
  private final ReviewMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final Lifecycle lifecycle = new Lifecycle(NAME);
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private ReviewServer server;
  private volatile Housekeeping housekeeping;

  /**
   * Makes the service without starting it; its metrics go nowhere.
   *
   * @param config where Kafka and the registry are, and {@link #SETTINGS}
   */
  public ReviewService(ServiceConfig config) {
    this(config, new CompositeMeterRegistry());
  }

  /**
   * Makes the service without starting it.
   *
   * @param config where Kafka and the registry are, and {@link #SETTINGS}
   * @param registry where the service's metrics go
   */
  public ReviewService(ServiceConfig config, MeterRegistry registry) {
    this.config = config;
    this.metrics = new ReviewMetrics(registry);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ServiceState state() {
    return lifecycle.state();
  }

  @Override
  public Optional<Throwable> failure() {
    return lifecycle.failure();
  }

  /**
   * Starts the service and returns when the open alerts are in the queue and the page is there.
   *
   * @throws ConfigException where the settings contradict each other
   * @throws ServiceException where Kafka, the registry or the port cannot be used
   */
  @Override
  public void start() {
    lifecycle.moveTo(ServiceState.STARTING);
    try {
      open();
      lifecycle.moveTo(ServiceState.RUNNING);
    } catch (ConfigException e) {
      lifecycle.fail(e);
      release();
      throw e;
    } catch (RuntimeException e) {
      lifecycle.fail(e);
      release();
      throw new ServiceException("The service " + NAME + " could not start: " + Sentences.of(e), e);
    }
    log.atInfo().addKeyValue("url", uri()).log("The review page is open");
  }

  /**
   * Returns the port of the page and the API.
   *
   * @throws IllegalStateException where the service is not running
   */
  public int port() {
    if (server == null) {
      throw new IllegalStateException("The service " + NAME + " has no port before it is started.");
    }
    return server.port();
  }

  /**
   * Returns the address of the page, as it is reached on this machine.
   *
   * @throws IllegalStateException where the service is not running
   */
  public URI uri() {
    InetAddress listening = address(config.get(ReviewSettings.HOST));
    boolean everywhere = listening.isAnyLocalAddress();
    String host = everywhere ? "127.0.0.1" : listening.getHostAddress();
    if (listening instanceof Inet6Address) {
      // In brackets, and shorter where it is the usual one (RFC 5952).
      String unscoped = host.replaceFirst("%.*", "");
      host = everywhere || listening.isLoopbackAddress() ? "[::1]" : "[" + unscoped + "]";
    }
    return URI.create("http://" + host + ":" + port() + "/");
  }

  /**
   * Tells whether the service cannot do all its work at this moment, though its pages are served.
   *
   * @return why, in a sentence; empty where it can
   */
  @Override
  public Optional<String> trouble() {
    Housekeeping present = housekeeping;
    return present == null ? Optional.empty() : present.trouble();
  }

  @Override
  public void close() {
    if (lifecycle.tryMoveTo(ServiceState.STOPPED) || !lifecycle.tryMoveTo(ServiceState.STOPPING)) {
      release();
      return;
    }
    release();
    lifecycle.tryMoveTo(ServiceState.STOPPED);
  }

  private void open() {
    ReviewServer.Endpoint endpoint = endpoint();
    KafkaClients clients = new KafkaClients(config, NAME);
    ensureCatalogues(clients);
    EventHub events = opened(new EventHub(config.get(ReviewSettings.EVENT_READERS)));
    AlertQueue queue = new AlertQueue(config.get(ReviewSettings.QUEUE_CAPACITY), events);
    metrics.watch(queue);
    RecordReader records = new RecordReader(clients.bytesConsumer(null, READER), READ_TIMEOUT);
    TileReader tiles = opened(new TileReader(records, config.clientProperties()));
    WorkBudget work = new WorkBudget(config.get(ReviewSettings.WORK_BYTES));
    TilePictures pictures = new TilePictures(tiles, bytes(ReviewSettings.CACHE_BYTES), work);
    TransactionalSender sender =
        opened(
            new TransactionalSender(
                new TransactionalPublisher(
                    () -> clients.bytesProducer(transactional()), twin(), clock)));
    UnusableAlerts unusable = new UnusableAlerts(records, sender, metrics::setAside);
    AlertFollower alerts = opened(new AlertFollower(clients, queue, unusable));
    Overview overview = new Overview(events::overviewChanged, clock);
    OverviewFollower overviewFollower = opened(new OverviewFollower(clients, overview));
    alerts.start();
    overviewFollower.start();
    housekeeping = opened(new Housekeeping(queue, alerts, overviewFollower, unusable, this::fail));
    housekeeping.start();
    Serializer<MaskCorrected> serializer = opened(clients.serializer());
    CorrectionDesk desk =
        new CorrectionDesk(
            queue,
            tiles,
            pictures,
            work,
            new CorrectionPublisher(sender, serializer),
            clock,
            metrics::published);
    Sessions sessions = new Sessions(config.get(ReviewSettings.SESSION_DURATION), clock);
    server =
        opened(
            ReviewServer.start(
                endpoint,
                new ReviewServer.Content(
                    queue,
                    pictures,
                    desk,
                    work,
                    overview,
                    events,
                    sessions,
                    new SignInThrottle(clock))));
  }

  private Map<String, Object> transactional() {
    return Map.of(
        TRANSACTIONAL_ID_CONFIG,
        "histoflow-review-" + config.get(CommonSettings.WORKER_ID),
        TRANSACTION_TIMEOUT_CONFIG,
        TRANSACTION_TIMEOUT_MILLIS,
        MAX_BLOCK_MS_CONFIG,
        SEND_TIMEOUT_MILLIS,
        DELIVERY_TIMEOUT_MS_CONFIG,
        SEND_TIMEOUT_MILLIS,
        REQUEST_TIMEOUT_MS_CONFIG,
        REQUEST_TIMEOUT_MILLIS);
  }

  private String twin() {
    return "Another review service has the worker id "
        + config.get(CommonSettings.WORKER_ID)
        + ": stop it, or give one of the two another "
        + CommonSettings.WORKER_ID.name()
        + ".";
  }

  private ReviewServer.Endpoint endpoint() {
    String host = config.get(ReviewSettings.HOST);
    Optional<Users> users = config.find(ReviewSettings.USERS).map(file -> Users.load(file, clock));
    if (users.isEmpty() && !isLoopback(host)) {
      throw new ConfigException(
          ReviewSettings.HOST.name()
              + " is "
              + host
              + ", which others can reach, and there is no users file: set "
              + ReviewSettings.USERS.name()
              + " or listen on 127.0.0.1.");
    }
    return new ReviewServer.Endpoint(
        host,
        config.get(ReviewSettings.PORT),
        config.find(ReviewSettings.PUBLIC_URL),
        users,
        ClientAddresses.of(
            config.find(ReviewSettings.TRUSTED_PROXIES).orElse(""),
            config.get(ReviewSettings.FORWARDED_HEADER)),
        limits());
  }

  private ReviewServer.Limits limits() {
    return new ReviewServer.Limits(
        config.get(ReviewSettings.CONNECTIONS),
        config.get(ReviewSettings.REQUESTS),
        config.get(ReviewSettings.EVENT_READERS),
        config.get(ReviewSettings.SIGN_INS),
        config.get(ReviewSettings.IDLE_SECONDS),
        config.get(ReviewSettings.TRANSFER_RATE),
        bytes(ReviewSettings.UPLOAD_BYTES));
  }

  /** What may lie in memory, less on a small heap. */
  private long bytes(Setting<Long> setting) {
    return Math.min(config.get(setting), Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  private static boolean isLoopback(String host) {
    return address(host).isLoopbackAddress();
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ConfigException(
          ReviewSettings.HOST.name() + " is " + host + ", which is no address of this machine.", e);
    }
  }

  private void ensureCatalogues(KafkaClients clients) {
    try (Admin admin = clients.admin()) {
      TopicSetup.ensure(admin, config);
    }
    SubjectCatalogue.ensure(config.clientProperties());
  }

  private void fail(Throwable cause) {
    if (lifecycle.fail(cause)) {
      log.atError().setCause(cause).log("The service has failed: {}", Sentences.of(cause));
    }
  }

  private <R extends AutoCloseable> R opened(R resource) {
    resources.push(resource);
    return resource;
  }

  /** Closes what was opened last first. */
  private void release() {
    while (!resources.isEmpty()) {
      AutoCloseable resource = resources.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.atWarn()
            .addKeyValue("resource", resource.getClass().getSimpleName())
            .log("A part did not close cleanly: {}", Sentences.of(e));
      }
    }
  }
}
