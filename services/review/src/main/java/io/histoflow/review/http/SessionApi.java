package io.histoflow.review.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.ReviewerName;
import io.histoflow.access.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.util.Optional;

/** Signing in and out. */
final class SessionApi {
  /** Open to everybody: how one signs in. */
  static final String PATH = "/api/session";

  /** Longest body. */
  static final int MAX_BODY_BYTES = 4 << 10;

  private static final int UNTIL_BROWSER_CLOSES = -1;
  private static final int AT_ONCE = 0;

  private final Reviewers reviewers;
  private final boolean https;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param https whether browsers reach the service over HTTPS only
   */
  SessionApi(Reviewers reviewers, boolean https) {
    this.reviewers = reviewers;
    this.https = https;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH, ctx -> ctx.json(session(reviewers.user(ctx))));
    routes.post(PATH, this::signIn);
    routes.delete(PATH, this::signOut);
  }

  private void signIn(Context ctx) {
    JsonNode body;
    try {
      body = json.readTree(ctx.bodyAsBytes());
    } catch (IOException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The body is not JSON.");
    }
    if (!body.path("name").isTextual() || !body.path("password").isTextual()) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "The body must be {\"name\": text, \"password\": text}.");
    }
    String name = ReviewerName.of(body.path("name").textValue());
    String token = reviewers.signIn(ctx, name, body.path("password").textValue());
    cookie(ctx, token, UNTIL_BROWSER_CLOSES);
    ctx.json(session(Optional.of(name)));
  }

  private void signOut(Context ctx) {
    reviewers.signOut(ctx);
    cookie(ctx, "", AT_ONCE);
    ctx.json(session(Optional.empty()));
  }

  private void cookie(Context ctx, String value, int maxAge) {
    ctx.cookie(
        new Cookie(Reviewers.COOKIE, value, "/", maxAge, https, true, null, SameSite.STRICT));
  }

  private SessionJson session(Optional<String> reviewer) {
    return new SessionJson(
        reviewer.orElse(null), reviewers.roleOf(reviewer).orElse(null), reviewers.signInRequired());
  }

  private record SessionJson(String reviewer, Role role, boolean signInRequired) {}
}
