package io.histoflow.review.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedAnswerTest {
  private final AtomicLong changes = new AtomicLong();
  private final AtomicInteger value = new AtomicInteger(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private Javalin server;

  @BeforeEach
  void givenAServerThatAnswersWithTheValue() {
    SharedAnswer answer = new SharedAnswer(changes::get);
    server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.routes.get(
                  "/value", ctx -> answer.to(ctx, () -> "{\"value\":" + value.get() + "}"));
            });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void shouldBeWrittenAnewAfterAChange() throws Exception {
    // Given
    String before = plain();

    // When
    value.set(2);
    changes.incrementAndGet();

    // Then
    assertThat(before).isEqualTo("{\"value\":1}");
    assertThat(plain()).isEqualTo("{\"value\":2}");
  }

  @Test
  void shouldNotBeKeptForLongWhereNobodyTellsOfAChange() throws Exception {
    // Given
    String before = plain();

    // When
    value.set(2);

    // Then: what changes with time alone is seen within a second or so.
    assertThat(before).isEqualTo("{\"value\":1}");
    await().untilAsserted(() -> assertThat(plain()).isEqualTo("{\"value\":2}"));
  }

  @Test
  void shouldBeCompressedForThoseWhoUnderstandIt() throws Exception {
    // When
    HttpResponse<byte[]> compressed = get("gzip, deflate, br");

    // Then
    assertThat(compressed.headers().allValues("Content-Encoding")).containsExactly("gzip");
    assertThat(compressed.headers().firstValue("Content-Type")).hasValue("application/json");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"value\":1}");
    }
  }

  private String plain() throws Exception {
    HttpResponse<byte[]> answer = get("identity");
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> get(String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/value"))
            .header("Accept-Encoding", encoding)
            .build();
    return http.send(request, BodyHandlers.ofByteArray());
  }
}
