package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPlatform;
import io.histoflow.review.support.TestAlert;
import io.histoflow.review.support.TestTopics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The API where reviewers have to sign in. */
@ExtendWith(SharedPlatform.class)
class ReviewAccessIT {
  private static final String USERS =
      """
      ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq
      grace:$2y$04$yuSU6LygJLpBxHbZpAnrHu.uC3/3W50TjIukTErzTHvWOgzeqbeTS
      """;

  private static TestTopics topics;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform, @TempDir Path directory) throws IOException {
    Path users = directory.resolve("users");
    PrivateFile.write(users, USERS);
    ServiceConfig config =
        platform
            .with(ReviewSettings.PORT, 0)
            .with(ReviewSettings.HOST, "0.0.0.0")
            .with(ReviewSettings.USERS, users)
            .with(ReviewSettings.PUBLIC_URL, URI.create("https://review.example"))
            .with("histoflow.worker.id", "access");
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

  @Test
  void shouldShowNothingToWhoHasNotSignedIn() {
    // When
    HttpResponse<byte[]> list = http.get("/api/alerts");
    HttpResponse<byte[]> events = http.get("/api/events");
    HttpResponse<byte[]> session = http.get("/api/session");
    HttpResponse<byte[]> page = http.get("/");

    // Then
    assertThat(list.statusCode()).isEqualTo(401);
    assertThat(http.error(list)).contains("Sign in first");
    assertThat(events.statusCode()).isEqualTo(401);
    assertThat(http.json(session).path("signInRequired").asBoolean()).isTrue();
    assertThat(http.json(session).path("reviewer").isNull()).isTrue();
    assertThat(page.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldStoreTheUserOfBasicCredentialsWithTheVerdict() {
    // Given
    topics.raise(TestAlert.of("basic", "basic", 0.4));
    String ada = basic("ada", "correct horse");
    await()
        .until(() -> http.get(Http.alert("basic", ""), "Authorization", ada).statusCode() == 200);
    String path = Http.alert("basic", "/correction");

    // When
    HttpResponse<byte[]> other =
        http.post(
            path, "{\"verdict\": \"CONFIRMED\", \"reviewer\": \"grace\"}", "Authorization", ada);
    HttpResponse<byte[]> own =
        http.post(path, "{\"verdict\": \"CONFIRMED\"}", "Authorization", ada);

    // Then
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(http.error(other)).contains("ada, who signed in");
    assertThat(own.statusCode()).isEqualTo(201);
    assertThat(topics.awaitVerdict("basic").getReviewer()).isEqualTo("ada");
  }

  @Test
  void shouldOpenASessionThatEndsWithSigningOut() {
    // Given
    HttpResponse<byte[]> signedIn =
        http.post("/api/session", "{\"name\": \"grace\", \"password\": \"pässword\"}");
    String setCookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    String cookie = setCookie.substring(0, setCookie.indexOf(';'));

    // When
    HttpResponse<byte[]> list = http.get("/api/alerts", "Cookie", cookie);
    HttpResponse<byte[]> signedOut =
        http.send(
            http.request("/api/session", "Cookie", cookie, "Content-Type", "application/json")
                .DELETE()
                .build());
    HttpResponse<byte[]> afterwards = http.get("/api/alerts", "Cookie", cookie);

    // Then
    assertThat(setCookie).contains("HttpOnly", "SameSite=Strict", "Secure", "Path=/");
    assertThat(list.statusCode()).isEqualTo(200);
    assertThat(signedOut.statusCode()).isEqualTo(200);
    assertThat(afterwards.statusCode()).isEqualTo(401);
  }

  @Test
  void shouldRefuseWrongPasswordsAndManyOfThemForAWhile() {
    // When
    HttpResponse<byte[]> first = guess();
    for (int i = 0; i < 4; i++) {
      guess();
    }
    HttpResponse<byte[]> sixth = guess();

    // Then
    assertThat(first.statusCode()).isEqualTo(401);
    assertThat(http.error(first)).isEqualTo("The name or the password is wrong.");
    assertThat(sixth.statusCode()).isEqualTo(429);
    assertThat(http.error(sixth)).contains("wait 60 seconds");
  }

  private static HttpResponse<byte[]> guess() {
    return http.post("/api/session", "{\"name\": \"eve\", \"password\": \"guess\"}");
  }

  private static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
