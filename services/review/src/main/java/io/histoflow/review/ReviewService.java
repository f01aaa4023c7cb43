package io.histoflow.review;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_BLOCK_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;

import io.histoflow.access.ClientAddresses;
import io.histoflow.access.OneTimeToken;
import io.histoflow.access.Sessions;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.KafkaService;
import io.histoflow.platform.kafka.TransactionalPublisher;
import io.histoflow.results.slide.SlideResultsReader;
import io.histoflow.review.audit.AuditReader;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.claims.ClaimDesk;
import io.histoflow.review.claims.ClaimFollower;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.CorrectionPublisher;
import io.histoflow.review.correction.PublishedVerdicts;
import io.histoflow.review.http.EventHub;
import io.histoflow.review.http.ReviewServer;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.letters.LetterDesk;
import io.histoflow.review.letters.LetterPictures;
import io.histoflow.review.letters.LetterReader;
import io.histoflow.review.models.WeightsDesk;
import io.histoflow.review.oidc.OidcProvider;
import io.histoflow.review.oidc.OidcSettings;
import io.histoflow.review.oidc.OidcSignIn;
import io.histoflow.review.outlines.DrawnDesk;
import io.histoflow.review.overview.FlowHistory;
import io.histoflow.review.overview.FlowWatch;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import io.histoflow.review.tile.SlideTiles;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The review service: follows the topic of alerts, shows them to pathologists on a web page and
 * over HTTP, and publishes their verdicts.
 */
public final class ReviewService extends KafkaService {
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
  private static final int VERDICT_FETCH_BYTES = 1 << 20;
  private static final int SHARE_OF_HEAP = 8;
  private static final Duration LIFE_OF_A_LINK = Duration.ofMinutes(10);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  /** One record is read at a time, and little beyond it. */
  private static final Map<String, Object> READER =
      Map.of(
          AUTO_OFFSET_RESET_CONFIG,
          "none",
          MAX_POLL_RECORDS_CONFIG,
          1,
          MAX_PARTITION_FETCH_BYTES_CONFIG,
          FETCH_BYTES);

  /** Somebody waits for what is sent. */
  private static final Map<String, Object> IMPATIENT =
      Map.of(
          MAX_BLOCK_MS_CONFIG,
          Math.toIntExact(ClaimDesk.TIMEOUT.toMillis()),
          DELIVERY_TIMEOUT_MS_CONFIG,
          Math.toIntExact(ClaimDesk.TIMEOUT.toMillis()),
          REQUEST_TIMEOUT_MS_CONFIG,
          Math.toIntExact(ClaimDesk.TIMEOUT.toMillis()) / 2);

  /** Transactions that somebody waits for. */
  private static final Map<String, Object> SENDING =
      Map.of(
          TRANSACTION_TIMEOUT_CONFIG,
          TRANSACTION_TIMEOUT_MILLIS,
          MAX_BLOCK_MS_CONFIG,
          SEND_TIMEOUT_MILLIS,
          DELIVERY_TIMEOUT_MS_CONFIG,
          SEND_TIMEOUT_MILLIS,
          REQUEST_TIMEOUT_MS_CONFIG,
          REQUEST_TIMEOUT_MILLIS);

  /** Verdicts hold images: a few are read at a time. */
  private static final Map<String, Object> VERDICTS =
      Map.of(MAX_POLL_RECORDS_CONFIG, 10, MAX_PARTITION_FETCH_BYTES_CONFIG, VERDICT_FETCH_BYTES);

  /** A letter may be as large as any record: few are read at a time. */
  private static final Map<String, Object> LETTERS =
      Map.of(MAX_POLL_RECORDS_CONFIG, 10, MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);

  /** Results hold masks; a page of them is read at a time. */
  private static final Map<String, Object> RESULTS =
      Map.of(MAX_POLL_RECORDS_CONFIG, 200, MAX_PARTITION_FETCH_BYTES_CONFIG, VERDICT_FETCH_BYTES);

  private final Logger log = LoggerFactory.getLogger(ReviewService.class);
  private final ReviewMetrics metrics;
  private final Clock clock;
  private volatile ReviewServer server;
  private volatile Housekeeping housekeeping;
  private Optional<PageLink> link = Optional.empty();

  /** As the other; its metrics go nowhere. */
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
    this(config, registry, Clock.systemUTC());
  }

  ReviewService(ServiceConfig config, MeterRegistry registry, Clock clock) {
    super(NAME, config);
    this.metrics = new ReviewMetrics(registry);
    this.clock = clock;
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
    InetAddress listening = address(config().get(ReviewSettings.HOST));
    boolean everywhere = listening.isAnyLocalAddress();
    String host = everywhere ? "127.0.0.1" : listening.getHostAddress();
    if (listening instanceof Inet6Address) {
      // In brackets, and shorter where it is the usual one (RFC 5952).
      String unscoped = host.replaceFirst("%.*", "");
      host = everywhere || listening.isLoopbackAddress() ? "[::1]" : "[" + unscoped + "]";
    }
    return URI.create("http://" + host + ":" + port() + "/");
  }

  /** Returns what the API answers to, while the service runs. */
  Set<String> calls() {
    return server.calls();
  }

  /** Returns why what is shown may be old, in a sentence; empty where it is not. */
  @Override
  public Optional<String> trouble() {
    return Optional.ofNullable(housekeeping).flatMap(Housekeeping::trouble);
  }

  @Override
  protected void onStart(KafkaClients clients) {
    ReviewServer.Endpoint endpoint = endpoint();
    EventHub events = opened(new EventHub(config().get(ReviewSettings.EVENT_READERS), clock));
    AlertQueue queue = new AlertQueue(config().get(ReviewSettings.QUEUE_CAPACITY), events);
    metrics.watch(queue);
    RecordReader records = new RecordReader(clients.bytesConsumer(null, READER), READ_TIMEOUT);
    TileReader tiles = opened(new TileReader(records, config().clientProperties()));
    WorkBudget work = new WorkBudget(config().get(ReviewSettings.WORK_BYTES));
    TilePictures pictures = new TilePictures(tiles, bytes(ReviewSettings.CACHE_BYTES), work);
    SlideTiles slideTiles =
        opened(
            new SlideTiles(
                clients.bytesConsumer(null, RESULTS),
                config().clientProperties(),
                tiles,
                work,
                bytes(ReviewSettings.CONTEXT_BYTES),
                READ_TIMEOUT));
    TransactionalPublisher publisher = opened(publisher(clients));
    publisher.open();
    UnusableAlerts unusable = new UnusableAlerts(records, publisher, metrics::setAside);
    AlertFollower alerts = opened(new AlertFollower(clients, queue, unusable));
    Overview overview = new Overview(events::overviewChanged, clock);
    OverviewFollower overviewFollower = opened(new OverviewFollower(clients, overview));
    ClaimBook claimed = new ClaimBook(events, clock);
    ClaimFollower claimFollower = opened(new ClaimFollower(clients, claimed));
    AuditTrail trail = opened(trail(clients));
    ClaimDesk claims = opened(claimDesk(clients, queue, claimed, trail));
    alerts.start();
    overviewFollower.start();
    claimFollower.start();
    FlowHistory flowHistory = new FlowHistory();
    opened(
            new FlowWatch(
                clients, overview::flow, flowHistory, config().get(ReviewSettings.FLOW_PATIENCE)))
        .start();
    LetterReader letters =
        opened(new LetterReader(clients.bytesConsumer(null, LETTERS), READ_TIMEOUT));
    LetterPictures letterPictures =
        opened(new LetterPictures(letters, config().clientProperties(), work));
    housekeeping =
        new Housekeeping(queue, alerts, overviewFollower, unusable, claimFollower, claims);
    Serializer<SpecificRecord> serializer = opened(clients.serializer());
    CorrectionDesk desk =
        new CorrectionDesk(
            queue,
            claimed,
            tiles,
            pictures,
            work,
            new CorrectionPublisher(publisher, serializer, trail),
            clock,
            metrics::published);
    PublishedVerdicts verdicts =
        opened(
            new PublishedVerdicts(
                clients.bytesConsumer(null, VERDICTS),
                clients.deserializer(Topics.MASKS_CORRECTED),
                READ_TIMEOUT));
    AuditReader audit =
        opened(
            new AuditReader(
                clients.bytesConsumer(null, Map.of(MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES)),
                clients.deserializer(Topics.REVIEWERS_ACTS),
                READ_TIMEOUT));
    Sessions sessions = new Sessions(config().get(ReviewSettings.SESSION_DURATION), clock);
    server =
        opened(
            ReviewServer.start(
                endpoint,
                new ReviewServer.Content(
                    queue,
                    pictures,
                    slideTiles,
                    desk,
                    new SlideResultsReader(clients),
                    new DrawnDesk(
                        queue, desk, records, opened(clients.deserializer(Topics.TILES_SEGMENTED))),
                    verdicts,
                    claimed,
                    claims,
                    work,
                    overview,
                    flowHistory,
                    letters,
                    letterPictures,
                    new LetterDesk(config(), SENDING, letters, serializer, trail, work),
                    new WeightsDesk(config(), work, clock),
                    events,
                    sessions,
                    new SignInThrottle(clock),
                    trail,
                    audit,
                    config().get(ReviewSettings.AUDIT_BLIND),
                    clock)));
    link =
        endpoint
            .link()
            .map(
                token ->
                    opened(new PageLink(config().get(ReviewSettings.LINK_FILE), token, uri())));
    log.atInfo().addKeyValue("url", uri()).log("The review page is open");
  }

  @Override
  protected void runOnce() throws InterruptedException {
    link.ifPresent(PageLink::renewWhereUsed);
    boolean unused = pause(housekeeping.run());
  }

  private TransactionalPublisher publisher(KafkaClients clients) {
    String worker = config().get(CommonSettings.WORKER_ID);
    return clients.transactions(
        TransactionalIds.review(worker),
        "Another review service has the worker id %s: stop it, or give one of the two another %s."
            .formatted(worker, CommonSettings.WORKER_ID.name()),
        SENDING);
  }

  private ClaimDesk claimDesk(
      KafkaClients clients, AlertQueue queue, ClaimBook claimed, AuditTrail trail) {
    Duration lease = config().get(ReviewSettings.CLAIM_LEASE);
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(ClaimBook.LONGEST) > 0) {
      throw new ConfigException(
          ReviewSettings.CLAIM_LEASE.name() + " must be 1s to 1d: a claim ends by time.");
    }
    return new ClaimDesk(
        queue,
        claimed,
        clients.producer(Topics.TILES_CLAIMS, IMPATIENT),
        trail,
        clock,
        lease,
        config().get(CommonSettings.WORKER_ID));
  }

  private AuditTrail trail(KafkaClients clients) {
    return new AuditTrail(
        clients.producer(Topics.REVIEWERS_ACTS, IMPATIENT),
        clock,
        config().get(CommonSettings.WORKER_ID));
  }

  private ReviewServer.Endpoint endpoint() {
    String host = config().get(ReviewSettings.HOST);
    Optional<Users> users =
        config().find(ReviewSettings.USERS).map(file -> Users.load(file, clock));
    Optional<OidcSignIn> provider = OidcProvider.of(config()).map(OidcSignIn::new);
    if (users.isEmpty() && provider.isEmpty() && !isLoopback(host)) {
      throw new ConfigException(
          "%s is %s, which others can reach, and nobody signs in: set %s or %s, or listen on 127.0.0.1."
              .formatted(
                  ReviewSettings.HOST.name(),
                  host,
                  ReviewSettings.USERS.name(),
                  OidcSettings.ISSUER.name()));
    }
    return new ReviewServer.Endpoint(
        host,
        config().get(ReviewSettings.PORT),
        config().find(ReviewSettings.PUBLIC_URL),
        users,
        provider,
        link(users.isPresent() || provider.isPresent()),
        ClientAddresses.of(
            config().find(ReviewSettings.TRUSTED_PROXIES).orElse(""),
            config().get(ReviewSettings.FORWARDED_HEADER)),
        limits());
  }

  private Optional<OneTimeToken> link(boolean peopleSignIn) {
    if (!config().get(ReviewSettings.LINK)) {
      return Optional.empty();
    }
    if (peopleSignIn) {
      throw new ConfigException(
          "%s is true, and people sign in here, by %s or %s: leave it out."
              .formatted(
                  ReviewSettings.LINK.name(),
                  ReviewSettings.USERS.name(),
                  OidcSettings.ISSUER.name()));
    }
    if (config().find(ReviewSettings.LINK_FILE).isEmpty()) {
      throw new ConfigException(
          "%s is true: say in %s which file takes the link."
              .formatted(ReviewSettings.LINK.name(), ReviewSettings.LINK_FILE.name()));
    }
    return Optional.of(new OneTimeToken(LIFE_OF_A_LINK, clock));
  }

  private ReviewServer.Limits limits() {
    return new ReviewServer.Limits(
        config().get(ReviewSettings.CONNECTIONS),
        config().get(ReviewSettings.REQUESTS),
        config().get(ReviewSettings.EVENT_READERS),
        config().get(ReviewSettings.SIGN_INS),
        config().get(ReviewSettings.IDLE_SECONDS),
        config().get(ReviewSettings.TRANSFER_RATE),
        bytes(ReviewSettings.UPLOAD_BYTES));
  }

  /** What may lie in memory, less on a small heap. */
  private long bytes(Setting<Long> setting) {
    return Math.min(config().get(setting), Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
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
}
