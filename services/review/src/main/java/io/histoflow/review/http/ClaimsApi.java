package io.histoflow.review.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.ReviewerName;
import io.histoflow.review.claims.ClaimDesk;
import io.histoflow.schemas.TileClaim;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Claiming the tile that one has open, and putting it away. */
final class ClaimsApi {
  /** Under which part of an alert its tile is claimed. */
  static final String CLAIM = "/claim";

  private static final String PATH = "/api/alerts/{tileId}" + CLAIM;

  private final ClaimDesk claims;
  private final Reviewers reviewers;
  private final InstantSource clock;
  private final ObjectMapper json = new ObjectMapper();

  ClaimsApi(ClaimDesk claims, Reviewers reviewers, InstantSource clock) {
    this.claims = claims;
    this.reviewers = reviewers;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.post(PATH, this::claim);
    routes.delete(PATH, this::release);
  }

  private void claim(Context ctx) throws Exception {
    TileClaim claim = claims.claim(ctx.pathParam("tileId"), reviewer(ctx));
    Map<String, Object> answer = ClaimJson.of(claim, clock.instant());
    answer.put("leaseSeconds", claims.lease().toSeconds());
    ctx.json(answer);
  }

  private void release(Context ctx) throws Exception {
    claims.release(ctx.pathParam("tileId"), reviewer(ctx));
    ctx.status(HttpStatus.NO_CONTENT);
  }

  private String reviewer(Context ctx) {
    JsonNode stated;
    try {
      stated = json.readTree(ctx.bodyAsBytes()).path("reviewer");
    } catch (IOException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The body is not JSON.");
    }
    if (!stated.isTextual() && !stated.isMissingNode() && !stated.isNull()) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The field \"reviewer\" must be text.");
    }
    Optional<String> name =
        Optional.ofNullable(stated.textValue())
            .map(ReviewerName::of)
            .filter(text -> !text.isEmpty());
    Optional<String> fault = name.flatMap(ReviewerName::fault);
    if (fault.isPresent()) {
      throw new ApiException(HttpStatus.BAD_REQUEST, fault.get());
    }
    return reviewers.decider(ctx, name);
  }
}
