package io.histoflow.review.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Properties;

/** Serves the page's modules, and what tests them, without the service. */
public final class Modules implements AutoCloseable {
  private static final String TYPESCRIPT = "/META-INF/resources/webjars/typescript/%s/lib/";
  private static final String TYPESCRIPT_POM =
      "/META-INF/maven/org.webjars.npm/typescript/pom.properties";

  private final HttpServer server;

  private Modules(HttpServer server) {
    this.server = server;
  }

  /** Begins to serve. */
  public static Modules serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, "/review-page" + path(exchange)));
    server.createContext("/page-tests/", exchange -> answer(exchange, path(exchange)));
    server.createContext("/page-check/", exchange -> answer(exchange, path(exchange)));
    String typescript = TYPESCRIPT.formatted(typescriptVersion());
    server.createContext(
        "/typescript/",
        exchange ->
            answer(exchange, typescript + path(exchange).substring("/typescript/".length())));
    server.start();
    return new Modules(server);
  }

  /** Returns the port on which it serves. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static String typescriptVersion() throws IOException {
    Properties pom = new Properties();
    try (InputStream in = Modules.class.getResourceAsStream(TYPESCRIPT_POM)) {
      pom.load(in);
    }
    return pom.getProperty("version");
  }

  private static String path(HttpExchange exchange) {
    return exchange.getRequestURI().getPath();
  }

  private static void answer(HttpExchange exchange, String resource) throws IOException {
    try (InputStream file = Modules.class.getResourceAsStream(resource)) {
      byte[] body = file == null ? resource.getBytes(UTF_8) : file.readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", type(resource));
      exchange.sendResponseHeaders(file == null ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    } finally {
      exchange.close();
    }
  }

  private static String type(String resource) {
    if (resource.endsWith(".js")) {
      return "text/javascript; charset=utf-8";
    }
    return resource.endsWith(".html") ? "text/html" : "image/svg+xml";
  }
}
