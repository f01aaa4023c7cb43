package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Drawings;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What others send must not keep reviewers from their work. */
@ExtendWith(SharedPlatform.class)
class ReviewUnderAttackIT {
  private static final String PASSWORD = "correct horse";
  private static final String FROM = "X-Forwarded-For";

  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    String hash = BCrypt.withDefaults().hashToString(8, PASSWORD.toCharArray());
    Path users = directory.resolve("users");
    PrivateFile.write(
        users, String.join(":" + hash + "\n", "ada", "Am\u00e9lie", "grace", "mary", ""));
    ServiceConfig config =
        platform
            .with(ReviewSettings.PORT, 0)
            .with(ReviewSettings.USERS, users)
            .with(ReviewSettings.TRUSTED_PROXIES, "127.0.0.1")
            .with(ReviewSettings.EVENT_READERS, 3)
            .with("histoflow.worker.id", "attacked");
    topics = new TestTopics(config);
    service = new ReviewService(config);
    service.start();
    http = new Http(service.port());
  }

  @AfterAll
  static void stop() {
    service.close();
    topics.close();
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  void shouldServePagesAndTakeVerdictsWhileManyBodiesCome() throws IOException {
    // Given
    topics.raise(TestAlert.of("slow-bodies", "attack", 0.4));
    awaitOpen("slow-bodies");
    for (int i = 0; i < 300; i++) {
      sent(
          "POST /api/alerts/slow-bodies/correction HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{");
    }

    // When, then
    assertThat(http.get("/").statusCode()).isEqualTo(200);
    assertThat(get("/api/overview").statusCode()).isEqualTo(200);
    assertThat(get(Http.alert("slow-bodies", "/image")).statusCode()).isEqualTo(200);
    assertThat(
            http.post(
                    Http.alert("slow-bodies", "/correction"),
                    "{\"verdict\": \"CONFIRMED\"}",
                    "Authorization",
                    basic("ada", PASSWORD))
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void shouldRefuseMasksByTheirHeaderHoweverManyComeAtOnce() {
    // Given: 134 MB each once decoded, for a tile of 64 x 48.
    topics.raise(TestAlert.of("bombs", "attack", 0.4));
    awaitOpen("bombs");
    String mask = Base64.getEncoder().encodeToString(Drawings.deepMaskPng(4096, 4096));
    String body = "{\"verdict\": \"CORRECTED\", \"mask\": \"" + mask + "\"}";

    // When
    List<Integer> answers =
        atOnce(
            24,
            i ->
                http.post(
                    Http.alert("bombs", "/correction"),
                    body,
                    "Authorization",
                    basic("ada", PASSWORD)));

    // Then: one at a time is looked at, and the others are told so.
    assertThat(answers).isSubsetOf(400, 409).contains(400);
    assertThat(get(Http.alert("bombs", "/image")).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldVerifyNoMoreGuessesThanAllowedHoweverManyComeAtOnce() {
    // When
    List<Integer> answers = atOnce(40, i -> signIn("ada", "guess " + i, "198.51.100.1"));

    // Then
    Map<Integer, Long> counts =
        answers.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(counts.get(401)).isEqualTo(5);
    assertThat(counts.get(429)).isEqualTo(35);
    assertThat(signIn("ada", PASSWORD, "198.51.100.1").statusCode()).isEqualTo(429);
    assertThat(signIn("ada", PASSWORD, "198.51.100.2").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldLetAReviewerInWhileOthersTryNames() {
    // Given
    CompletableFuture<List<Integer>> attack =
        CompletableFuture.supplyAsync(
            () -> atOnce(110, i -> signIn("name " + i, "guess", "198.51.100.3")));

    // When
    HttpResponse<byte[]> reviewer = signIn("Ame\u0301lie", PASSWORD, "198.51.100.4");

    // Then
    assertThat(reviewer.statusCode()).isEqualTo(200);
    assertThat(http.json(reviewer).path("reviewer").asText()).isEqualTo("Am\u00e9lie");
    assertThat(attack.join()).containsOnly(401, 429).contains(429);
  }

  @Test
  void shouldGiveAReadersPlaceToTheNextWhenItHasLeft() throws IOException {
    // Given: each place is a reviewer's own.
    List<String> reviewers = List.of("ada", "Am\u00e9lie", "grace");
    for (String reviewer : reviewers) {
      await().until(() -> follow(reviewer));
    }

    // When, then
    assertThat(follow("mary")).isFalse();
    sockets.get(0).close();
    await().until(() -> follow("mary"));
  }

  @Test
  void shouldGiveAPlaceOfWhoHasManyToWhoHasNone() throws IOException {
    // Given
    for (int i = 0; i < 3; i++) {
      await().until(() -> follow("ada"));
    }

    // When
    boolean other = follow("grace");

    // Then
    assertThat(other).isTrue();
    assertThat(new String(sockets.get(0).getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("event: replaced");
  }

  @Test
  void shouldAnswerWhateverIsSentWithASentenceAndWithoutAStackTrace() throws IOException {
    // Given
    topics.raise(TestAlert.of("fuzzed", "attack", 0.4));
    awaitOpen("fuzzed");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    List<String> wrong = new ArrayList<>();

    // When, then
    try {
      for (String request : malformed().toList()) {
        String answer = answer(request);
        boolean refused =
            answer.matches("(?s)HTTP/1.1 4\\d\\d .*")
                && Stream.of("Exception", "\tat ", "jetty", "javalin").noneMatch(answer::contains);
        if (!refused) {
          wrong.add(
              request.substring(0, Math.min(150, request.length()))
                  + "\n-> "
                  + answer.substring(0, Math.min(150, answer.length())));
        }
      }
    } finally {
      root.detachAppender(log);
    }
    assertThat(wrong).isEmpty();
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .filteredOn(event -> event.getLoggerName().startsWith("io.histoflow.review.http"))
        .extracting(ILoggingEvent::getFormattedMessage)
        .isEmpty();
    assertThat(get("/api/alerts").statusCode()).isEqualTo(200);
  }

  private static Stream<String> malformed() {
    String ada = "Authorization: " + basic("ada", PASSWORD) + "\r\n";
    String json = "Content-Type: application/json\r\n";
    String correction = "/api/alerts/fuzzed/correction";
    Random random = new Random(14);
    return Stream.of(
            // Credentials
            request("GET", "/api/alerts", "Authorization: Basic !!!\r\n", ""),
            request("GET", "/api/alerts", "Authorization: Basic YWRh\r\n", ""),
            request("GET", "/api/alerts", "Authorization: Basic\r\n", ""),
            request("GET", "/api/alerts", "Authorization: Basic /zo=\r\n", ""),
            request("GET", "/api/alerts", "Authorization: Bearer x\r\n", ""),
            request("GET", "/api/events", "Authorization: Basic =\r\n", ""),
            request("GET", "/api/session", "Authorization: Basic =\r\n", ""),
            request("GET", "/api/alerts", "Cookie: histoflow_session=\u0001;;=\"\r\n", ""),
            request("POST", "/api/session", json, "[]"),
            request("POST", "/api/session", json, "{\"name\": {}, \"password\": 1}"),
            request("POST", "/api/session", json, "null"),
            request("POST", "/api/session", json, ""),
            request("POST", "/api/session", json, "{".repeat(4000)),
            request("POST", "/api/session", json, "{\"name\": \"\\u0000\", \"password\": \"\"}"),
            request("POST", "/api/session", json, "x".repeat(5000)),
            // Addresses
            request("GET", "/api/alerts?limit=%zz", ada, ""),
            request("GET", "/api/alerts?limit=1&limit=x%", ada, ""),
            request("GET", "/api/alerts?cursor=%00", ada, ""),
            request("GET", "/api/alerts?limit=99999999999999999999", ada, ""),
            request("GET", "/api/alerts?organ=%ff%fe&limit=0", ada, ""),
            request("GET", "/api/alerts/%zz", ada, ""),
            request("GET", "/api/alerts/%", ada, ""),
            request("GET", "/api/alerts/%00", ada, ""),
            request("GET", "/api/alerts/%c0%af/image", ada, ""),
            request("GET", "/api/alerts/%u0041", ada, ""),
            request("GET", "/api/alerts/..%2f..%2fetc%2fpasswd", ada, ""),
            request("GET", "/../../etc/passwd", ada, ""),
            request("GET", "/api/alerts//image", ada, ""),
            request("GET", "/api/alerts/;x=1/image", ada, ""),
            request("GET", "/api/alerts/" + "a".repeat(8000), ada, ""),
            request("GET", "/" + "a".repeat(20_000), ada, ""),
            request("GET", "/api/alerts/fuzzed/nothing", ada, ""),
            request("GET", "http://elsewhere.example/", ada, ""),
            request("GET", "*", ada, ""),
            request("GET", "api/alerts", ada, ""),
            // Methods
            request("PUT", correction, ada + json, "{}"),
            request("PATCH", "/api/alerts", ada + json, "{}"),
            request("DELETE", "/api/alerts/fuzzed", ada + json, ""),
            request("BREW", "/api/alerts", ada + json, ""),
            request("get", "/api/alerts", ada + json, ""),
            request("TRACE", "/api/alerts", ada, ""),
            request("CONNECT", "localhost:80", ada, ""),
            // Bodies
            request("POST", correction, ada, "{}"),
            request("POST", correction, ada + "Content-Type: \u0000\r\n", "{}"),
            request("POST", correction, ada + json, "\"text\""),
            request("POST", correction, ada + json, "{\"verdict\": 1e999999999}"),
            request("POST", correction, ada + json, "{\"verdict\": " + "9".repeat(100_000) + "}"),
            request("POST", correction, ada + json, "{\"a\":".repeat(50_000)),
            request("POST", correction, ada + json, "[".repeat(200_000)),
            request("POST", correction, ada + json, "{\"verdict\": \"CONFIRMED\"} trailing"),
            request("POST", correction, ada + json, "{\"verdict\": \"\\ud800\"}"),
            request("POST", correction, ada + json, "\ufeff{\"verdict\": [null]}"),
            request(
                "POST",
                correction,
                ada + json,
                "{\"verdict\": \"CONFIRMED\", \"verdict\": \"UNUSABLE\"}"),
            request(
                "POST",
                correction,
                ada + json,
                "{\"verdict\": \"CORRECTED\", \"mask\": \"iVBORw0KGgo=\"}"),
            request(
                "POST", "/api/alerts/nobody/correction", ada + json, "{\"verdict\": \"UNUSABLE\"}"),
            "POST "
                + correction
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + ada
                + json
                + "Content-Length: 12x\r\n\r\n{}",
            "POST "
                + correction
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + ada
                + json
                + "Content-Length: -5\r\n\r\n{}",
            "POST "
                + correction
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + ada
                + json
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            "POST "
                + correction
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + ada
                + json
                + "Transfer-Encoding: gzip\r\n\r\n{}",
            // Heads
            request("GET", "/api/alerts", "X: " + "x".repeat(20_000) + "\r\n", ""),
            request("GET", "/api/alerts", "X: 1\r\n".repeat(5_000), ""),
            request("GET", "/api/alerts", ada + "Host: other\r\n", ""),
            request("GET", "/api/alerts", "No colon\r\n", ""),
            request("GET", "/api/alerts", "Bad\u0000Name: x\r\n", ""),
            request("GET", "/api/alerts", "Origin: ::::\r\nSec-Fetch-Site: cross-site\r\n", ""),
            request("POST", correction, ada + json + "Origin: http://[\r\n", "{}"),
            "GET /api/alerts HTTP/1.1\r\n\r\n",
            "GET /api/alerts HTTP/1.1\r\nHost: \r\n\r\n",
            "GET /api/alerts HTTP/1.1\r\nHost: []:x\r\n\r\n",
            "nonsense\r\n\r\n")
        .flatMap(
            one ->
                Stream.concat(
                    Stream.of(one),
                    // Each once more with a sign changed in its head, but for what would be right.
                    one.length() > 2_000 || !one.contains("Authorization: Basic !!!")
                        ? Stream.empty()
                        : IntStream.range(0, 50).mapToObj(i -> changed(one, random))));
  }

  private static String changed(String request, Random random) {
    int at = random.nextInt(request.indexOf(' '));
    return request.substring(0, at) + (char) (33 + random.nextInt(15)) + request.substring(at + 1);
  }

  private static String request(String method, String path, String headers, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + headers
        + (length == 0 ? "" : "Content-Length: " + length + "\r\n")
        + "\r\n"
        + body;
  }

  private String answer(String request) throws IOException {
    Socket socket = sent(request);
    // What keeps the connection open has been answered all the same.
    socket.shutdownOutput();
    byte[] bytes = socket.getInputStream().readAllBytes();
    socket.close();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Socket sent(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    sockets.add(socket);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Opens a stream of events and tells whether there was a place; a refusal is hung up on. */
  private boolean follow(String user) throws IOException {
    Socket socket =
        sent(
            "GET /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                + basic(user, PASSWORD)
                + "\r\n\r\n");
    byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    boolean isOpen = new String(status, StandardCharsets.UTF_8).endsWith("200");
    if (!isOpen) {
      sockets.remove(socket);
      socket.close();
    }
    return isOpen;
  }

  private static List<Integer> atOnce(int times, IntFunction<HttpResponse<byte[]>> request) {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, times)
            .mapToObj(
                i -> {
                  CompletableFuture<Integer> answer = new CompletableFuture<>();
                  Thread thread = new Thread(() -> answer.complete(request.apply(i).statusCode()));
                  thread.setUncaughtExceptionHandler((t, e) -> answer.completeExceptionally(e));
                  thread.start();
                  return answer;
                })
            .toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private static HttpResponse<byte[]> signIn(String name, String password, String from) {
    return http.post(
        "/api/session",
        "{\"name\": \"" + name + "\", \"password\": \"" + password + "\"}",
        FROM,
        from);
  }

  private static HttpResponse<byte[]> get(String path) {
    return http.get(path, "Authorization", basic("ada", PASSWORD));
  }

  private static void awaitOpen(String tileId) {
    await().until(() -> get(Http.alert(tileId, "")).statusCode() == 200);
  }

  private static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
