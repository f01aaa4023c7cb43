package io.histoflow.review.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.review.access.Sessions;
import io.histoflow.review.access.SignInThrottle;
import io.histoflow.review.access.Users;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.tile.TilePictures;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.staticfiles.Location;
import io.javalin.json.JavalinJackson;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The web server: the page, the API, and what guards both. */
public final class ReviewServer implements AutoCloseable {
  // A reader of events keeps a thread; the others share what is left.
  private static final int THREADS = 112;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final String PAGE = "/review-page";

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
    Reviewers reviewers = new Reviewers(endpoint.users(), content.sessions(), content.throttle());
    Javalin server =
        Javalin.create(
            config -> {
              listen(config, endpoint);
              guard(config, endpoint, reviewers);
              routes(config, endpoint, content, reviewers);
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

  @Override
  public void close() {
    events.close();
    server.stop();
  }

  private static void listen(JavalinConfig config, Endpoint endpoint) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.jetty.host = endpoint.host();
    config.jetty.port = endpoint.port();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("review-http");
    threads.setDaemon(true);
    config.jetty.threadPool = threads;
    config.jetty.modifyHttpConfiguration(ReviewServer::http);
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(5_000);
          server.setErrorHandler(new PlainErrorHandler());
        });
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
    new Errors().addTo(config.routes);
  }

  private static void routes(
      JavalinConfig config, Endpoint endpoint, Content content, Reviewers reviewers) {
    config.http.generateEtags = false;
    config.http.prefer405over404 = true;
    config.jsonMapper(new JavalinJackson(new ObjectMapper(), false));
    config.staticFiles.add(
        page -> {
          page.hostedPath = "/";
          page.directory = PAGE;
          page.location = Location.CLASSPATH;
        });
    new AlertsApi(content.queue(), content.pictures(), content.desk(), reviewers)
        .addTo(config.routes);
    new OverviewApi(content.queue(), content.overview(), content.events()).addTo(config.routes);
    new SessionApi(reviewers, endpoint.https()).addTo(config.routes);
    new EventsApi(content.events(), reviewers).addTo(config.routes);
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
   * @param users who may review; empty = everybody who reaches it
   */
  public record Endpoint(String host, int port, Optional<URI> publicUrl, Optional<Users> users) {

    boolean https() {
      return publicUrl.filter(url -> "https".equals(url.getScheme())).isPresent();
    }

    Set<String> names() {
      Set<String> names = new HashSet<>();
      names.add(host.contains(":") ? "[" + host + "]" : host);
      publicUrl.map(URI::getHost).ifPresent(names::add);
      return names;
    }
  }

  /**
   * What the server serves.
   *
   * @param queue the open alerts
   * @param pictures what their tiles look like
   * @param desk takes verdicts
   * @param overview slides, thresholds and models
   * @param events tells what changes
   * @param sessions who is signed in
   * @param throttle slows down guessing of passwords
   */
  public record Content(
      AlertQueue queue,
      TilePictures pictures,
      CorrectionDesk desk,
      Overview overview,
      EventHub events,
      Sessions sessions,
      SignInThrottle throttle) {}
}
