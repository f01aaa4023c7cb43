package io.histoflow.review.http;

import io.histoflow.access.Role;
import io.histoflow.review.audit.AuditReader;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.ReviewAct;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Who did what, for leads. */
final class AuditApi {
  private static final int DEFAULT_LIMIT = 100;

  private final AuditReader audit;
  private final Reviewers reviewers;

  AuditApi(AuditReader audit, Reviewers reviewers) {
    this.audit = audit;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/audit", this::list);
  }

  private void list(Context ctx) throws RefusedException {
    reviewers.require(ctx, Role.LEAD);
    int limit = AlertsApi.limit(ctx.queryParam("limit"), DEFAULT_LIMIT);
    AuditReader.Page page = audit.page(cursor(ctx.queryParam("cursor")), limit);
    OptionalLong next = page.next();
    ctx.json(
        new PageJson(
            page.acts().stream().map(AuditApi::json).toList(),
            next.isPresent() ? Long.toString(next.getAsLong()) : null));
  }

  private static OptionalLong cursor(String text) {
    try {
      if (text == null) {
        return OptionalLong.empty();
      }
      long offset = Long.parseLong(text);
      if (offset >= 0) {
        return OptionalLong.of(offset);
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number below 0.
    }
    throw new ApiException(
        HttpStatus.BAD_REQUEST,
        "The cursor is not one that this service gave: begin again without it.");
  }

  private static Map<String, Object> json(ReviewAct act) {
    return RecordFields.of(
        act,
        "kind",
        "reviewer",
        "at",
        "tileId",
        "slideId",
        "detail",
        "workerId",
        "organ",
        "modelId",
        "modelVersion");
  }

  /** {@code next} is the cursor of older acts, null where there are none. */
  private record PageJson(List<Map<String, Object>> acts, String next) {}
}
