package io.histoflow.launcher.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Asks a child process on this machine for its health and its metrics. */
final class ChildProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int OK = 200;
  private static final int MOST_BYTES = 4 << 20;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final int port;

  ChildProbe(int healthPort) {
    this.port = healthPort;
  }

  int port() {
    return port;
  }

  /** Its metrics in Prometheus' text format; empty while it is starting or does not answer. */
  String metrics() {
    return get("/metrics").map(Answer::body).orElse("");
  }

  /**
   * The line of one of its metrics, which changes as that does; empty while the child is starting
   * or does not answer.
   *
   * @param metric its name as Prometheus has it, of which there is one
   */
  Optional<String> line(String metric) {
    return metrics().lines().filter(line -> line.startsWith(metric)).findFirst();
  }

  /** Why it is not ready; empty where it is, and where it does not answer: its notices tell. */
  Optional<String> whyNotReady() {
    return get("/health/ready")
        .filter(answer -> answer.status() != OK)
        .map(answer -> answer.body().strip());
  }

  private record Answer(int status, String body) {}

  /** Empty also where the child says more than this process, which is the broker's, can take. */
  private Optional<Answer> get(String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        return bytes.length > MOST_BYTES
            ? Optional.empty()
            : Optional.of(
                new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
