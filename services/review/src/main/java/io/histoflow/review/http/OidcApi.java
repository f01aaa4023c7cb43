package io.histoflow.review.http;

import com.google.common.html.HtmlEscapers;
import io.histoflow.access.Person;
import io.histoflow.access.SignInLine;
import io.histoflow.review.oidc.OidcSignIn;
import io.histoflow.review.refusal.RefusedException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** The two addresses between which a browser signs in at the hospital's own provider. */
final class OidcApi {
  /** Where signing in begins. */
  static final String PATH = "/sign-in";

  private static final String CALLBACK = PATH + "/callback";
  private static final String COOKIE = "histoflow_sign_in";
  private static final int SECRET_BYTES = 32;
  private static final int SECONDS = 600;
  private static final String HOME = "/";

  /** A path on this service, and nothing that a browser could take for another's address. */
  private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[\\w.~%/?=-]{0,1024}");

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Sign in</title>
      <link rel="stylesheet" href="/style.css">%s
      <main class="sign-in-notice"><p>%s</p><p><a href="%s">%s</a></p></main>
      </html>
      """;

  private final OidcSignIn provider;
  private final Reviewers reviewers;
  private final SignInLine line;
  private final Optional<URI> publicUrl;
  private final boolean https;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param line bounds how many from one address the provider is asked about at a time
   * @param publicUrl address by which browsers reach the service, where that is another
   * @param https whether they reach it over HTTPS only
   */
  OidcApi(
      OidcSignIn provider,
      Reviewers reviewers,
      SignInLine line,
      Optional<URI> publicUrl,
      boolean https) {
    this.provider = provider;
    this.reviewers = reviewers;
    this.line = line;
    this.publicUrl = publicUrl;
    this.https = https;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH, this::begin);
    routes.get(CALLBACK, this::finish);
  }

  private void begin(Context ctx) {
    String to = ctx.queryParam("to");
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    try {
      URI there = provider.begin(secret, callback(ctx));
      cookie(ctx, secret + "." + coded(to == null ? HOME : to), SECONDS);
      ctx.redirect(there.toString());
    } catch (RefusedException e) {
      answer(ctx, Errors.status(e.reason()), e.getMessage());
    }
  }

  private void finish(Context ctx) {
    String kept = ctx.cookie(COOKIE);
    cookie(ctx, "", 0);
    if (kept == null || kept.indexOf('.') < 0) {
      answer(
          ctx,
          HttpStatus.BAD_REQUEST,
          "This sign-in began in another browser, or more than ten minutes ago: begin again.");
      return;
    }
    SignInLine.Turn turn = line.enter(reviewers.address(ctx)).orElse(null);
    if (turn == null) {
      answer(
          ctx,
          HttpStatus.TOO_MANY_REQUESTS,
          "Too many sign in from this address at once: wait a second and begin again.");
      return;
    }
    int dot = kept.indexOf('.');
    String query = ctx.queryString() == null ? "" : ctx.queryString();
    try (turn) {
      Person person = provider.finish(kept.substring(0, dot), callback(ctx), query);
      reviewers.begin(ctx, person);
      String to = own(kept.substring(dot + 1));
      // A redirect would be part of the provider's navigation, which takes no strict cookie along.
      String refresh = "\n<meta http-equiv=\"refresh\" content=\"0;url=" + to + "\">";
      ctx.html(PAGE.formatted(refresh, "You are signed in.", to, "Go on"));
    } catch (RefusedException e) {
      answer(ctx, Errors.status(e.reason()), e.getMessage());
    }
  }

  private static void answer(Context ctx, HttpStatus status, String sentence) {
    String text = HtmlEscapers.htmlEscaper().escape(sentence);
    ctx.status(status).html(PAGE.formatted("", text, HOME, "Back to the page"));
  }

  private URI callback(Context ctx) {
    String base = publicUrl.map(URI::toString).orElseGet(() -> "http://" + ctx.host());
    return URI.create(
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + CALLBACK);
  }

  /** Lax: the browser comes back from another site. */
  private void cookie(Context ctx, String value, int maxAge) {
    ctx.cookie(new Cookie(COOKIE, value, PATH, maxAge, https, true, null, SameSite.LAX));
  }

  private static String coded(String path) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  private static String own(String coded) {
    try {
      String path = new String(Base64.getUrlDecoder().decode(coded), StandardCharsets.UTF_8);
      return OWN_PATH.matcher(path).matches() ? path : HOME;
    } catch (IllegalArgumentException e) {
      return HOME;
    }
  }
}
