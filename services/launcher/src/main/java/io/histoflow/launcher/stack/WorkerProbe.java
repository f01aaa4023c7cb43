package io.histoflow.launcher.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;

/** Reads single figures from the metrics of a child process. */
final class WorkerProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI metrics;

  WorkerProbe(int healthPort) {
    metrics = URI.create("http://127.0.0.1:" + healthPort + "/metrics");
  }

  /**
   * Returns a figure, without what follows the point; empty while the child is starting or does not
   * answer.
   *
   * @param metric its name as Prometheus has it, of which there is one
   */
  OptionalLong read(String metric) {
    try {
      HttpRequest request = HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(metric))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }
}
