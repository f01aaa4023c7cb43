package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.SharedPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A page on a laptop that is for whoever has opened the printed link. */
@ExtendWith(SharedPage.class)
class PageLinkIT {
  private final SharedPage.Running page;
  private final Browser browser;
  private Path file;
  private ReviewService service;
  private Http http;

  PageLinkIT(SharedPage.Running page) {
    this.page = page;
    this.browser = page.browser();
  }

  @BeforeEach
  void start(@TempDir Path directory) {
    file = directory.resolve("link");
    service = new ReviewService(config());
    service.start();
    http = new Http(service.port());
  }

  @AfterEach
  void stop() {
    service.close();
    assertThat(file).doesNotExist();
  }

  @Test
  void shouldOpenThePageOfABrowserThatOpensTheLinkAndOfNoOther() throws IOException {
    // Given
    browser.open(service.port());
    await().until(() -> browser.isShown("#sign-in-link"));
    assertThat(browser.isShown("#sign-in-name")).isFalse();

    // When
    browser.open(service.port(), path(link()).substring(1));

    // Then: a name is stated as without a link
    await().untilAsserted(() -> assertThat(browser.text("#live")).isEqualTo("Live"));
    // It may have opened a tile by now.
    assertThat(browser.path()).matches("/|/queue|/tile/.+");
    assertThat(browser.isShown("#sign-in-link")).isFalse();
    assertThat(browser.isShown("#reviewer")).isTrue();
    browser.reload();
    await().untilAsserted(() -> assertThat(browser.text("#live")).isEqualTo("Live"));
    assertThat(http.get("/api/alerts").statusCode()).isEqualTo(401);
  }

  @Test
  void shouldWorkOnceAndBeFollowedByAnother() throws IOException {
    // Given
    String first = link();
    HttpResponse<byte[]> refused = http.get("/api/overview");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(http.error(refused)).contains("Open the link first");
    assertThat(http.getJson("/api/session").get("linkRequired").asBoolean()).isTrue();
    assertThat(http.getJson("/api/session").get("role").isNull()).isTrue();

    // When
    HttpResponse<byte[]> opened = http.get(path(first));
    String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];

    // Then
    assertThat(opened.statusCode()).isEqualTo(302);
    assertThat(http.get("/api/overview", "Cookie", cookie).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> again = http.get(path(first));
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(http.error(again)).contains("opened before");
    assertThat(again.headers().firstValue("Set-Cookie")).isEmpty();
    await().until(() -> !link().equals(first));
    assertThat(http.get(path(link())).statusCode()).isEqualTo(302);
  }

  @Test
  void shouldRefuseAGuessAndKeepTheLinkThatIsThere() throws IOException {
    // When
    HttpResponse<byte[]> guess = http.get("/link/" + "A".repeat(43));

    // Then
    assertThat(guess.statusCode()).isEqualTo(403);
    assertThat(http.get(path(link())).statusCode()).isEqualTo(302);
  }

  @Test
  void shouldBeReadByItsOwnerOnly() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void shouldSayWhatIsWrongWhereItCannotProtectAnything(@TempDir Path directory)
      throws IOException {
    // Given
    Path users = directory.resolve("users");
    PrivateFile.write(users, "ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq\n");

    // When, then
    assertRefused(config().with(ReviewSettings.USERS, users), "people sign in here");
    assertRefused(
        page.config().with(ReviewSettings.PORT, 0).with(ReviewSettings.LINK, true),
        "say in histoflow.review.link.file");
  }

  private static void assertRefused(ServiceConfig config, String why) {
    try (ReviewService refused = new ReviewService(config.with("histoflow.worker.id", "refused"))) {
      assertThatThrownBy(refused::start)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(why);
    }
  }

  private ServiceConfig config() {
    return page.config()
        .with(ReviewSettings.PORT, 0)
        .with(ReviewSettings.LINK, true)
        .with(ReviewSettings.LINK_FILE, file)
        .with("histoflow.worker.id", "link");
  }

  private String link() throws IOException {
    return Files.readString(file).strip();
  }

  private static String path(String link) {
    return URI.create(link).getRawPath();
  }
}
