package io.histoflow.review.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.Person;
import io.histoflow.access.ReviewerName;
import io.histoflow.access.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.Optional;

/** Signing in and out. */
final class SessionApi {
  /** Open to everybody: how one signs in. */
  static final String PATH = "/api/session";

  /** Longest body. */
  static final int MAX_BODY_BYTES = 4 << 10;

  private final Reviewers reviewers;
  private final boolean blindAudit;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param blindAudit whether pages hide the model's mask of tiles that chance drew
   */
  SessionApi(Reviewers reviewers, boolean blindAudit) {
    this.reviewers = reviewers;
    this.blindAudit = blindAudit;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH, ctx -> ctx.json(session(ctx, reviewers.person(ctx))));
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
    reviewers.signIn(ctx, name, body.path("password").textValue());
    ctx.json(session(ctx, reviewers.person(ctx)));
  }

  private void signOut(Context ctx) {
    reviewers.signOut(ctx);
    ctx.json(session(ctx, Optional.empty()));
  }

  private SessionJson session(Context ctx, Optional<Person> person) {
    Role ofEverybody = reviewers.linkRequired(ctx) ? null : Role.LEAD;
    return new SessionJson(
        person.map(Person::name).orElse(null),
        reviewers.signInRequired() ? person.map(Person::role).orElse(null) : ofEverybody,
        reviewers.signInRequired(),
        reviewers.passwords(),
        reviewers.provider() ? OidcApi.PATH : null,
        reviewers.linkRequired(ctx),
        blindAudit);
  }

  /**
   * @param passwords whether one can sign in by name and password
   * @param signInAt address at which a browser signs in at the provider; null where there is none
   * @param linkRequired whether the link that was printed is to be opened first
   */
  private record SessionJson(
      String reviewer,
      Role role,
      boolean signInRequired,
      boolean passwords,
      String signInAt,
      boolean linkRequired,
      boolean blindAudit) {}
}
