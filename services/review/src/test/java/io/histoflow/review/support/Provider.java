package io.histoflow.review.support;

import static org.awaitility.Awaitility.await;

import io.histoflow.access.Role;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.review.ReviewSettings;
import io.histoflow.review.oidc.OidcProvider;
import io.histoflow.review.oidc.OidcSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;

/** A provider of OpenID Connect on loopback, at whose page people sign in under any name. */
public final class Provider implements AutoCloseable {
  /** Our name there. */
  public static final String CLIENT = "histoflow-review";

  private static final String REALM = "hospital";

  private final MockOAuth2Server server = new MockOAuth2Server(new OAuth2Config(true));
  private final HttpClient browser = HttpClient.newHttpClient();

  /** Starts it on a free port, and has it answer once: its first answer may take long. */
  public Provider() {
    server.start(InetAddress.getLoopbackAddress(), 0);
    send(HttpRequest.newBuilder(server.wellKnownUrl(REALM).uri()).build());
  }

  public URI issuer() {
    return server.issuerUrl(REALM).uri();
  }

  /** Returns what our service is told about it. */
  public OidcProvider known() {
    return new OidcProvider(
        issuer(),
        CLIENT,
        Optional.of("a secret of the client"),
        "sub",
        "realm_access.roles",
        Map.of(Role.READER, "pathologists", Role.LEAD, "chiefs"));
  }

  /** Returns what a review service is told at which people sign in here. */
  public ServiceConfig config(ServiceConfig platform) {
    return platform
        .with(ReviewSettings.PORT, 0)
        .with(OidcSettings.ISSUER, issuer())
        .with(OidcSettings.CLIENT, CLIENT)
        .with(OidcSettings.NAME_CLAIM, "sub")
        .with(OidcSettings.ROLES_CLAIM, "realm_access.roles");
  }

  /** Signs in on a service's page that is open in a browser; returns when the page knows it. */
  public static void signIn(Browser browser, String name, String role) {
    browser.click("#sign-in-at");
    await().until(() -> browser.count("textarea[name=claims]") == 1);
    browser.type("input[name=username]", name);
    browser.type("textarea[name=claims]", claims(role));
    browser.click("input[type=submit]");
    await().until(() -> browser.text("#signed-in-name").equals(name));
  }

  /**
   * Signs in at the provider's page as a browser would.
   *
   * @param question where the service sent the browser
   * @return where the provider sends it back to
   */
  public URI signIn(URI question, String name, String role) {
    return signInWith(question, name, claims(role));
  }

  /** Signs in at a service whose provider this is, as a browser would; returns its last answer. */
  public HttpResponse<byte[]> signIn(Http service, String name, String role, String to) {
    HttpResponse<byte[]> begun = service.get("/sign-in?to=" + to);
    URI answer =
        signIn(URI.create(begun.headers().firstValue("Location").orElseThrow()), name, role);
    return service.get(
        answer.getRawPath() + "?" + answer.getRawQuery(),
        "Cookie",
        Http.cookie(begun, "histoflow_sign_in"));
  }

  /** As the other, with claims as they are typed into the provider's page. */
  public URI signInWith(URI question, String name, String claims) {
    String form = "username=%s&claims=%s".formatted(encoded(name), encoded(claims));
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(question)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build());
    return URI.create(answer.headers().firstValue("Location").orElseThrow());
  }

  /** Returns the claims that give a role, as they are typed into the provider's page. */
  private static String claims(String role) {
    return "{\"realm_access\": {\"roles\": [\"staff\", \"" + role + "\"]}}";
  }

  @Override
  public void close() {
    server.shutdown();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return browser.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
