package io.histoflow.platform.observability;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code GET /health/live}, {@code /health/ready} (200, or 503 with the reason), {@code
 * /health/parts} (a line on each part) and {@code /metrics} (Prometheus' text format). It has no
 * authentication: it listens on the loopback address unless told otherwise, and tells nothing but
 * metrics and states.
 */
public final class HealthServer implements AutoCloseable {
  private static final int BACKLOG = 64;

  /** A client that is slower than this is cut off, in seconds. */
  private static final String MOST_SECONDS = "5";

  private static final String MOST_CONNECTIONS = "256";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor;

  private HealthServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Starts the server if the configuration asks for it.
   *
   * @param config with {@link CommonSettings#HEALTH_PORT} and {@link CommonSettings#HEALTH_HOST}
   * @param health what the checks ask
   * @param metrics what is published
   * @return the running server, empty when its port is 0
   * @throws ConfigException when it cannot listen there
   */
  public static Optional<HealthServer> start(ServiceConfig config, Health health, Metrics metrics) {
    return start(config, health, metrics::scrape);
  }

  /**
   * Starts the server if the configuration asks for it.
   *
   * @param config with {@link CommonSettings#HEALTH_PORT} and {@link CommonSettings#HEALTH_HOST}
   * @param health what the checks ask
   * @param metrics what is published, in Prometheus' text format
   * @return the running server, empty when its port is 0
   * @throws ConfigException when it cannot listen there
   */
  public static Optional<HealthServer> start(
      ServiceConfig config, Health health, Supplier<String> metrics) {
    int port = config.get(CommonSettings.HEALTH_PORT);
    if (port == 0) {
      return Optional.empty();
    }
    return Optional.of(start(config.get(CommonSettings.HEALTH_HOST), port, health, metrics));
  }

  /**
   * Starts the server.
   *
   * @param host the address to listen on
   * @param port the port to listen on; 0 for any that is free
   * @param health what the checks ask
   * @param metrics what is published
   * @return the running server
   * @throws ConfigException when it cannot listen there
   */
  public static HealthServer start(String host, int port, Health health, Metrics metrics) {
    return start(host, port, health, metrics::scrape);
  }

  /**
   * Starts the server.
   *
   * @param host the address to listen on
   * @param port the port to listen on; 0 for any that is free
   * @param health what the checks ask
   * @param metrics what is published, in Prometheus' text format
   * @return the running server
   * @throws ConfigException when it cannot listen there
   */
  public static HealthServer start(String host, int port, Health health, Supplier<String> metrics) {
    limitClients();
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "Health checks cannot listen on "
              + host
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "): change "
              + CommonSettings.HEALTH_HOST
              + " or "
              + CommonSettings.HEALTH_PORT
              + ".",
          e);
    }
    // As many threads as connections, so that a slow client keeps nobody waiting.
    ExecutorService executor =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "health");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(executor);
    server.createContext("/", exchange -> answer(exchange, 404, PLAIN, "Not found.\n"));
    server.createContext("/health/live", check("/health/live", health::whyNotLive));
    server.createContext("/health/ready", check("/health/ready", health::whyNotReady));
    server.createContext(
        "/health/parts",
        exact("/health/parts", exchange -> answer(exchange, 200, PLAIN, health.parts())));
    server.createContext(
        "/metrics", exact("/metrics", e -> answer(e, 200, PROMETHEUS, metrics.get())));
    server.start();
    return new HealthServer(server, executor);
  }

  /**
   * Returns the port that it listens on.
   *
   * @return the port
   */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
  }

  /** The JDK's server takes its limits from properties, when the first one is made. */
  private static void limitClients() {
    System.setProperty("sun.net.httpserver.maxReqTime", MOST_SECONDS);
    System.setProperty("sun.net.httpserver.maxRspTime", MOST_SECONDS);
    System.setProperty("jdk.httpserver.maxConnections", MOST_CONNECTIONS);
  }

  private static HttpHandler check(String path, Supplier<Optional<String>> whyNot) {
    return exact(
        path,
        exchange -> {
          Optional<String> reason = whyNot.get();
          answer(exchange, reason.isPresent() ? 503 : 200, PLAIN, reason.orElse("ok") + "\n");
        });
  }

  /** The JDK's server matches prefixes; only the path itself is answered, and only when read. */
  private static HttpHandler exact(String path, HttpHandler handler) {
    return exchange -> {
      if (!path.equals(exchange.getRequestURI().getPath())) {
        answer(exchange, 404, PLAIN, "Not found.\n");
      } else if (!"GET".equals(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", "GET");
        answer(exchange, 405, PLAIN, "Only GET is answered.\n");
      } else {
        handler.handle(exchange);
      }
    };
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
