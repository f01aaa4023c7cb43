package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Http;
import io.histoflow.review.support.Provider;
import io.histoflow.review.support.SharedPlatform;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page and the API where people sign in at the hospital's own provider. */
@ExtendWith(SharedPlatform.class)
class OidcSignInIT {
  private static Provider provider;
  private static ReviewService service;
  private static Http http;

  @BeforeAll
  static void start(ServiceConfig platform) {
    provider = new Provider();
    service = new ReviewService(provider.config(platform).with("histoflow.worker.id", "oidc"));
    service.start();
    http = new Http(service.port());
  }

  @AfterAll
  static void stop() {
    service.close();
    provider.close();
  }

  @Test
  void shouldLetInWhoSignedInAtTheProviderAsFarAsTheirRoleGoes() {
    // When
    String lea = Http.cookie(signedIn("lea", "histoflow-lead", "/"), "histoflow_session");
    String rea = Http.cookie(signedIn("rea", "histoflow-reader", "/"), "histoflow_session");

    // Then
    assertThat(http.get("/api/alerts").statusCode()).isEqualTo(401);
    assertThat(http.json(http.get("/api/session")).path("signInAt").asText()).isEqualTo("/sign-in");
    assertThat(http.json(http.get("/api/session")).path("passwords").asBoolean()).isFalse();
    assertThat(http.json(http.get("/api/session", "Cookie", rea)).path("reviewer").asText())
        .isEqualTo("rea");
    assertThat(http.get("/api/alerts", "Cookie", rea).statusCode()).isEqualTo(200);
    assertThat(http.get("/api/audit", "Cookie", rea).statusCode()).isEqualTo(403);
    assertThat(http.get("/api/audit", "Cookie", lea).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldLeadBackToThePageThatWasAskedForAndToNoOtherSite() {
    assertThat(text(signedIn("ada", "histoflow-reader", "/tile/a%252Fb")))
        .contains("content=\"0;url=/tile/a%2Fb\"");
    assertThat(text(signedIn("ada", "histoflow-reader", "//evil.example/")))
        .contains("content=\"0;url=/\"");
    assertThat(text(signedIn("ada", "histoflow-reader", "/%22%3E%3Cscript%3E")))
        .contains("content=\"0;url=/\"")
        .doesNotContain("script");
  }

  @Test
  void shouldSayOnAPageWhySomebodyIsNotLetIn() {
    // When
    HttpResponse<byte[]> without = signedIn("<b>eve</b>", "cleaner", "/");
    HttpResponse<byte[]> late = http.get("/sign-in/callback?code=1&state=2");

    // Then
    assertThat(without.statusCode()).isEqualTo(403);
    assertThat(text(without)).contains("&lt;b&gt;eve&lt;/b&gt; has none of the roles");
    assertThat(without.headers().allValues("Set-Cookie"))
        .noneMatch(set -> set.startsWith("histoflow_session"));
    assertThat(late.statusCode()).isEqualTo(400);
    assertThat(text(late)).contains("began in another browser");
  }

  @Test
  void shouldSignInOnThePageAtTheProvidersOwn(@TempDir Path profile) {
    try (Browser browser = Browser.start(profile)) {
      // Given
      browser.open(service.port());
      await().until(() -> browser.isShown("#sign-in-at"));
      assertThat(browser.isShown("#sign-in-password")).isFalse();

      // When
      Provider.signIn(browser, "Ada Lovelace", "histoflow-reader");

      // Then
      assertThat(browser.text("#signed-in-name")).isEqualTo("Ada Lovelace");
      assertThat(browser.isShown("#sign-in")).isFalse();
    }
  }

  private static HttpResponse<byte[]> signedIn(String name, String role, String to) {
    return provider.signIn(http, name, role, to);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }
}
