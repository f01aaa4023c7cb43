package io.histoflow.review.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;

/** The link that was printed when the service started: whoever opens it first has the page. */
public final class LinkApi {
  /** What stands before the token. */
  public static final String PATH = "/link/";

  private final Reviewers reviewers;

  LinkApi(Reviewers reviewers) {
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH + "{token}", this::open);
  }

  private void open(Context ctx) {
    // Programs that only look whether a link leads anywhere do not use it up.
    if (!HandlerType.HEAD.equals(ctx.method()) && !reviewers.open(ctx, ctx.pathParam("token"))) {
      throw new ApiException(
          HttpStatus.FORBIDDEN,
          "This link has been opened before, or is too old: the service has written a new one into"
              + " its file (histoflow.review.link.file).");
    }
    ctx.redirect("/");
  }
}
