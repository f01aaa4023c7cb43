package io.histoflow.review.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.ClientAddresses;
import io.histoflow.access.OneTimeToken;
import io.histoflow.access.Sessions;
import io.histoflow.access.SignInLine;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.results.slide.SlideResultsReader;
import io.histoflow.review.audit.AuditReader;
import io.histoflow.review.audit.AuditTrail;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.claims.ClaimDesk;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.PublishedVerdicts;
import io.histoflow.review.letters.LetterDesk;
import io.histoflow.review.letters.LetterPictures;
import io.histoflow.review.letters.LetterReader;
import io.histoflow.review.models.WeightsDesk;
import io.histoflow.review.oidc.OidcSignIn;
import io.histoflow.review.outlines.DrawnDesk;
import io.histoflow.review.overview.FlowHistory;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.tile.SlideTiles;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.WorkBudget;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.staticfiles.Location;
import io.javalin.json.JavalinJackson;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web server: the page, the API, and what guards both. */
public final class ReviewServer implements AutoCloseable {
  // Beside requests about alerts and readers of events, which keep a thread each: the page itself,
  // the overview, signing in, and the server's own work.
  private static final int SEND_BUFFER_BYTES = 64 << 10;
  private static final int OTHER_THREADS = 128;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final int IDLE_MILLIS_WHERE_FULL = 5_000;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final String PAGE = "/review-page";
  private static final String API = "/api/";
  private static final String ALERT = API + "alerts/";

  private final EventHub events;
  private final Javalin server;

  private ReviewServer(EventHub events, Javalin server) {
    this.events = events;
    this.server = server;
  }

  /**
   * Starts a server.
   *
   * @param endpoint where it listens and who may reach it
   * @param content what it serves
   * @return the running server
   * @throws io.javalin.util.JavalinException where the port cannot be bound
   */
  public static ReviewServer start(Endpoint endpoint, Content content) {
    SignInLine line = new SignInLine(endpoint.limits().signIns());
    Reviewers reviewers =
        new Reviewers(
            endpoint.users(),
            endpoint.provider().isPresent(),
            endpoint.link(),
            endpoint.https(),
            content.sessions(),
            content.throttle(),
            line,
            endpoint.addresses(),
            content.trail());
    Javalin server =
        Javalin.create(
            config -> {
              listen(config, endpoint);
              guard(config, endpoint, reviewers);
              routes(config, content, reviewers);
              if (reviewers.hasLink()) {
                new LinkApi(reviewers).addTo(config.routes);
              }
              endpoint
                  .provider()
                  .ifPresent(
                      provider ->
                          new OidcApi(
                                  provider, reviewers, line, endpoint.publicUrl(), endpoint.https())
                              .addTo(config.routes));
            });
    try {
      return new ReviewServer(content.events(), server.start());
    } catch (RuntimeException e) {
      server.stop();
      throw e;
    }
  }

  /** Returns the port on which the server listens. */
  public int port() {
    return server.port();
  }

  /** Returns what the API answers to, such as {@code GET /api/alerts}. */
  public Set<String> calls() {
    return server.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod() && endpoint.path.startsWith(API))
        .map(endpoint -> endpoint.method + " " + endpoint.path)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void close() {
    events.close();
    server.stop();
  }

  private static void listen(JavalinConfig config, Endpoint endpoint) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    Limits limits = endpoint.limits();
    int most = limits.requests() + limits.eventReaders() + OTHER_THREADS;
    QueuedThreadPool threads = new QueuedThreadPool(most, 4);
    threads.setName("review-http");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(ReviewServer::http);
    ConnectionWatch watch =
        new ConnectionWatch(
            Duration.ofSeconds(limits.idleSeconds()), limits.transferRate(), LONGEST_WAIT);
    config.jetty.addConnector((server, http) -> connector(server, http, endpoint, watch));
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(5_000);
          server.setErrorHandler(new PlainErrorHandler());
          Uploads uploads =
              new Uploads(
                  new UploadBudget(limits.uploadBytes()), limits.transferRate(), LONGEST_WAIT);
          uploads.setHandler(aboutAlerts(limits));
          watch.setHandler(uploads);
          server.setHandler(watch);
        });
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration http, Endpoint endpoint, ConnectionWatch watch) {
    Limits limits = endpoint.limits();
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(endpoint.host());
    connector.setPort(endpoint.port());
    connector.setIdleTimeout(Duration.ofSeconds(limits.idleSeconds()).toMillis());
    // What waits in the kernel counts as taken: little of it, or a slow reader seems to stand
    // still.
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    connector.addBean(watch, false);
    NetworkConnectionLimit full = new NetworkConnectionLimit(limits.connections(), connector);
    // Who waits to be let in waits for those that do nothing.
    full.setEndPointIdleTimeout(Math.min(IDLE_MILLIS_WHERE_FULL, connector.getIdleTimeout()));
    server.addBean(full);
    return connector;
  }

  /** So that requests that wait for memory, for Kafka or for a slow client leave the page be. */
  private static Handler.Singleton aboutAlerts(Limits limits) {
    QoSHandler alerts = new QoSHandler();
    alerts.include(ReviewServer::isPartOfAlert);
    alerts.setMaxRequestCount(limits.requests());
    alerts.setMaxSuspendedRequestCount(limits.connections());
    alerts.setMaxSuspend(LONGEST_WAIT);
    return alerts;
  }

  /**
   * A picture or a verdict, given or to be given; lists of alerts are in memory, and stay while
   * Kafka is away.
   */
  private static boolean isPartOfAlert(Request request) {
    String path = Request.getPathInContext(request);
    return path.startsWith(ClosedApi.PATH)
        || path.startsWith(MosaicApi.PATH)
        || path.startsWith(LettersApi.PATH)
        || (path.startsWith(ALERT) && path.indexOf('/', ALERT.length()) >= 0);
  }

  private static void http(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    // A tile id may hold a slash or a per cent sign; routes are matched before it is decoded.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "tile ids",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.SUSPICIOUS_PATH_CHARACTERS));
  }

  private static void guard(JavalinConfig config, Endpoint endpoint, Reviewers reviewers) {
    RequestGuard guard = new RequestGuard(endpoint.names());
    config.routes.before(SecurityHeaders::set);
    config.routes.before(guard::check);
    config.routes.before(
        "/api/*",
        ctx -> {
          if (!isSession(ctx)) {
            reviewers.require(ctx);
          }
        });
    Errors errors = new Errors();
    errors.addTo(config.routes);
    config.router.javaLangErrorHandler(errors::failed);
  }

  private static void routes(JavalinConfig config, Content content, Reviewers reviewers) {
    config.http.generateEtags = false;
    config.http.prefer405over404 = true;
    // Uploads has bounded every body by its path already.
    config.http.maxRequestSize = SlidesApi.MAX_OUTLINES_BYTES;
    config.jsonMapper(new JavalinJackson(new ObjectMapper(), false));
    config.staticFiles.add(
        page -> {
          page.hostedPath = "/";
          page.directory = PAGE;
          page.location = Location.CLASSPATH;
        });
    new AlertsApi(
            content.queue(),
            content.pictures(),
            content.desk(),
            content.work(),
            content.claimed(),
            reviewers,
            content.clock())
        .addTo(config.routes);
    new SurroundingsApi(
            content.queue(), content.slideTiles(), content.pictures(), content.overview())
        .addTo(config.routes);
    new ClaimsApi(content.claims(), reviewers, content.clock()).addTo(config.routes);
    new ClosedApi(
            content.queue(),
            content.pictures(),
            content.verdicts(),
            content.desk(),
            content.work(),
            reviewers)
        .addTo(config.routes);
    new SlidesApi(content.slides(), content.drawn(), content.queue(), content.trail(), reviewers)
        .addTo(config.routes);
    new OverviewApi(content.queue(), content.overview(), content.events()).addTo(config.routes);
    new SessionApi(reviewers, content.blindAudit()).addTo(config.routes);
    new EventsApi(content.events(), reviewers).addTo(config.routes);
    new AuditApi(content.audit(), reviewers).addTo(config.routes);
    new MosaicApi(content.overview(), content.slideTiles(), content.pictures(), content.queue())
        .addTo(config.routes);
    new ModelsApi(content.overview(), content.weights(), reviewers).addTo(config.routes);
    new OperationsApi(content.overview(), content.flowHistory(), content.queue())
        .addTo(config.routes);
    new LettersApi(content.letters(), content.letterPictures(), content.letterDesk(), reviewers)
        .addTo(config.routes);
    new PeopleApi(content.overview(), reviewers).addTo(config.routes);
    new QualityApi(content.overview()).addTo(config.routes);
    new OpenApi().addTo(config.routes);
    new PageAddresses().addTo(config.routes);
  }

  private static boolean isSession(Context ctx) {
    return ctx.path().equals(SessionApi.PATH) && !ctx.method().equals(HandlerType.OPTIONS);
  }

  /**
   * Where the server listens and who may reach it.
   *
   * @param host address to listen on
   * @param port port to listen on; 0 = a free one
   * @param publicUrl address by which browsers reach it, where that is another
   * @param users who signs in by a password; empty = nobody does
   * @param provider where people sign in; empty = at none, and everybody who reaches the server may
   *     review where there are no users either
   * @param addresses says from where requests come
   * @param limits what it does at a time
   */
  public record Endpoint(
      String host,
      int port,
      Optional<URI> publicUrl,
      Optional<Users> users,
      Optional<OidcSignIn> provider,
      Optional<OneTimeToken> link,
      ClientAddresses addresses,
      Limits limits) {

    boolean https() {
      return publicUrl.filter(url -> "https".equals(url.getScheme())).isPresent();
    }

    Set<String> names() {
      Set<String> names = new HashSet<>();
      names.add(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host);
      publicUrl.map(URI::getHost).ifPresent(names::add);
      return names;
    }
  }

  /**
   * What the server does at a time.
   *
   * @param connections most connections
   * @param requests most requests for pictures and verdicts
   * @param eventReaders most readers of events
   * @param signIns most passwords from one address that are verified or wait for it
   * @param idleSeconds longest time until a connection's next request's head is there
   * @param transferRate fewest bytes a second, of bodies and of answers
   * @param uploadBytes most bytes of bodies
   */
  public record Limits(
      int connections,
      int requests,
      int eventReaders,
      int signIns,
      int idleSeconds,
      long transferRate,
      long uploadBytes) {}

  /** What the server serves. */
  public record Content(
      AlertQueue queue,
      TilePictures pictures,
      SlideTiles slideTiles,
      CorrectionDesk desk,
      SlideResultsReader slides,
      DrawnDesk drawn,
      PublishedVerdicts verdicts,
      ClaimBook claimed,
      ClaimDesk claims,
      WorkBudget work,
      Overview overview,
      FlowHistory flowHistory,
      LetterReader letters,
      LetterPictures letterPictures,
      LetterDesk letterDesk,
      WeightsDesk weights,
      EventHub events,
      Sessions sessions,
      SignInThrottle throttle,
      AuditTrail trail,
      AuditReader audit,
      boolean blindAudit,
      InstantSource clock) {}
}
