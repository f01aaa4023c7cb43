package io.histoflow.platform.observability;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.lifecycle.LoopService;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  /** Runs until it is told to break. */
  private static final class Fragile extends LoopService {
    private final CountDownLatch broken = new CountDownLatch(1);

    private volatile Optional<String> trouble = Optional.empty();

    Fragile() {
      super("fragile", Duration.ofSeconds(5));
    }

    @Override
    public Optional<String> trouble() {
      return trouble;
    }

    @Override
    protected void runOnce() throws Exception {
      broken.await();
      throw new IllegalStateException("the scanner is on fire");
    }
  }

  private final Fragile service = new Fragile();
  private final Metrics metrics = new Metrics("test");
  private final HealthServer server =
      HealthServer.start("127.0.0.1", 0, Health.of(service), metrics);

  @AfterEach
  void close() {
    service.broken.countDown();
    service.close();
    server.close();
    metrics.close();
  }

  @Test
  void shouldNotBeReadyWhileTheServiceHasTrouble() throws Exception {
    // Given
    service.start();

    // When
    service.trouble = Optional.of("partition 3 stands still");

    // Then
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).contains("fragile: partition 3 stands still");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldBeReadyOnceTheServiceRuns() throws Exception {
    // Given
    HttpResponse<String> before = get("/health/ready");

    // When
    service.start();

    // Then
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("fragile is NEW\n");
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("/health/live").body()).isEqualTo("ok\n");
  }

  @Test
  void shouldSayWhyAFailedServiceIsNotAlive() throws Exception {
    // Given
    service.start();

    // When
    service.broken.countDown();
    service.awaitStopped();

    // Then
    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").body())
        .isEqualTo("fragile has failed: the scanner is on fire\n");
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldPublishTheMetricsOfTheServiceAndTheVirtualMachine() throws Exception {
    // Given
    metrics.watch(service);
    metrics.registry().counter("histoflow_tiles_total", "organ", "kidney").increment(3);

    // When
    service.start();
    HttpResponse<String> response = get("/metrics");

    // Then
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("histoflow_tiles_total{organ=\"kidney\",service=\"test\"} 3.0")
        .contains("histoflow_service_up{service=\"fragile\"} 1.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void shouldAnswerNothingButItsThreePaths() throws Exception {
    // Then
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
    assertThat(get("/health/livery").statusCode()).isEqualTo(404);
    assertThat(
            send(request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void shouldBeOffUnlessAPortIsConfigured() {
    // Then
    assertThat(HealthServer.start(ServiceConfig.of(Map.of()), Health.of(service), metrics))
        .isEmpty();
  }

  @Test
  void shouldNameTheSettingsWhenThePortIsTaken() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServiceConfig config =
          ServiceConfig.of(Map.of()).with(CommonSettings.HEALTH_PORT, taken.getLocalPort());

      // Then
      assertThatThrownBy(() -> HealthServer.start(config, Health.of(service), metrics))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("histoflow.health.port");
    }
  }

  @Test
  void shouldAnswerAtOnceThoughManyClientsAreSlow() throws Exception {
    // Given: each has begun a request and does not go on
    service.start();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
        slow.add(client);
        client.getOutputStream().write("GET /health/rea".getBytes(US_ASCII));
        client.getOutputStream().flush();
      }

      // When
      HttpResponse<String> response =
          send(request("/health/ready").timeout(Duration.ofSeconds(20)).build());

      // Then
      assertThat(response.statusCode()).isEqualTo(200);
      for (Socket client : slow) {
        client.setSoTimeout(30_000);
        assertThat(client.getInputStream().read()).as("cut off").isEqualTo(-1);
      }
    } finally {
      for (Socket client : slow) {
        client.close();
      }
    }
  }

  @Test
  void shouldShowEveryPart() throws Exception {
    assertThat(get("/health/parts").body()).isEqualTo("fragile NEW\n");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
