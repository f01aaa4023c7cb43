package io.histoflow.review.http;

import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.Submission;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertFilter;
import io.histoflow.review.queue.AlertOrder;
import io.histoflow.review.queue.AlertPage;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.SlideOrder;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.ReviewReason;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The open alerts, what their tiles look like, and the verdicts on them. */
final class AlertsApi {
  /** Under which part of an alert verdicts are sent. */
  static final String CORRECTION = "/correction";

  /** Under which part second opinions are sent. */
  static final String OPINION = "/opinion";

  /** Longest body of a verdict: the mask in base64, the other fields and room for line breaks. */
  static final int MAX_CORRECTION_BYTES = CorrectionDesk.MAX_MASK_BYTES / 3 * 4 + (256 << 10);

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private final AlertQueue queue;
  private final TilePictures pictures;
  private final CorrectionDesk desk;
  private final WorkBudget work;
  private final ClaimBook claims;
  private final Reviewers reviewers;
  private final InstantSource clock;

  AlertsApi(
      AlertQueue queue,
      TilePictures pictures,
      CorrectionDesk desk,
      WorkBudget work,
      ClaimBook claims,
      Reviewers reviewers,
      InstantSource clock) {
    this.queue = queue;
    this.pictures = pictures;
    this.desk = desk;
    this.work = work;
    this.claims = claims;
    this.reviewers = reviewers;
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/alerts", this::list);
    routes.get("/api/alerts/{tileId}", ctx -> ctx.json(json(alert(ctx))));
    routes.get("/api/alerts/{tileId}/image", ctx -> png(ctx, pictures.image(alert(ctx))));
    routes.get("/api/alerts/{tileId}/thumbnail", ctx -> png(ctx, pictures.thumbnail(alert(ctx))));
    routes.get("/api/alerts/{tileId}/mask", ctx -> png(ctx, pictures.mask(alert(ctx))));
    routes.get("/api/alerts/{tileId}/entropy", this::entropy);
    routes.get("/api/alerts/{tileId}/probabilities", this::probabilities);
    routes.post("/api/alerts/{tileId}" + CORRECTION, this::correct);
    routes.post("/api/alerts/{tileId}" + OPINION, this::opinion);
  }

  private void list(Context ctx) {
    AlertFilter filter = filter(ctx);
    int limit = limit(ctx.queryParam("limit"), DEFAULT_LIMIT);
    Optional<String> cursor = Optional.ofNullable(ctx.queryParam("cursor"));
    boolean bySlide = isBySlide(ctx.queryParam("order"));
    AlertPage page;
    try {
      page =
          bySlide
              ? queue.pageBySlide(filter, cursor.map(SlideOrder::ofCursor), limit)
              : queue.page(filter, cursor.map(AlertOrder::ofCursor), limit);
    } catch (IllegalArgumentException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, e.getMessage());
    }
    ctx.json(
        new PageJson(
            page.alerts().stream().map(this::json).toList(),
            page.total(),
            page.last()
                .map(a -> bySlide ? SlideOrder.of(a).toCursor() : a.order().toCursor())
                .orElse(null)));
  }

  private static boolean isBySlide(String order) {
    if (order == null || order.equals("uncertainty")) {
      return false;
    }
    if (order.equals("slide")) {
      return true;
    }
    throw new ApiException(HttpStatus.BAD_REQUEST, "The order must be uncertainty or slide.");
  }

  private AlertFilter filter(Context ctx) {
    Optional<String> claimedBy = Optional.ofNullable(ctx.queryParam("claimedBy"));
    Optional<Set<String>> tiles = claimedBy.map(claims::tilesOf);
    List<String> named = ctx.queryParams("tile");
    if (!named.isEmpty()) {
      Set<String> all = new HashSet<>(named);
      tiles.ifPresent(all::addAll);
      tiles = Optional.of(all);
    }
    return new AlertFilter(
        Optional.ofNullable(ctx.queryParam("organ")).map(OrganName::of),
        Optional.ofNullable(ctx.queryParam("slide")),
        Optional.ofNullable(ctx.queryParam("reason")).map(AlertsApi::reason),
        Optional.ofNullable(ctx.queryParam("raisedUntil")).map(AlertsApi::moment),
        tiles,
        reviewers.user(ctx).or(() -> Optional.ofNullable(ctx.queryParam("reader"))));
  }

  private static ReviewReason reason(String text) {
    try {
      return ReviewReason.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          "The reason must be one of "
              + Arrays.stream(ReviewReason.values())
                  .map(Enum::name)
                  .collect(Collectors.joining(", "))
              + ".");
    }
  }

  private static Instant moment(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          "The time raisedUntil must be like 2026-01-02T03:04:05Z, in UTC.");
    }
  }

  private void entropy(Context ctx) throws Exception {
    Alert alert = alert(ctx);
    png(ctx, carried(pictures.entropy(alert), "entropy map", alert));
  }

  private void probabilities(Context ctx) throws Exception {
    Alert alert = alert(ctx);
    png(ctx, carried(pictures.probabilities(alert), "probabilities", alert));
  }

  private static byte[] carried(Optional<byte[]> picture, String what, Alert alert) {
    return picture.orElseThrow(
        () ->
            new ApiException(
                HttpStatus.NOT_FOUND,
                "The alert of tile %s carries no %s.".formatted(alert.tileId(), what)));
  }

  private void correct(Context ctx) throws Exception {
    String tileId = ctx.pathParam("tileId");
    Submission submission = submission(ctx.bodyAsBytes(), work);
    answer(ctx, desk.submit(tileId, submission, reviewers.decider(ctx, submission.reviewer())));
  }

  private void opinion(Context ctx) throws Exception {
    Submission submission = submission(ctx.bodyAsBytes(), work);
    answer(
        ctx,
        desk.submitOpinion(alert(ctx), submission, reviewers.decider(ctx, submission.reviewer())));
  }

  /** Answers with what was published. */
  static void answer(Context ctx, MaskCorrected published) {
    ctx.status(HttpStatus.CREATED)
        .json(RecordFields.of(published, "tileId", "verdict", "reviewer", "correctedAt"));
  }

  private Map<String, Object> json(Alert alert) {
    return AlertJson.of(alert, claims.find(alert.tileId()), clock.instant());
  }

  /** Reads a verdict as it was sent. */
  static Submission submission(byte[] body, WorkBudget work) throws RefusedException {
    // The text in pieces and whole, and what it says in base64.
    WorkBudget.Share share = work.take(8L * body.length);
    try (share) {
      return Submission.ofJson(body);
    }
  }

  private Alert alert(Context ctx) throws Exception {
    return queue.get(ctx.pathParam("tileId"));
  }

  private static void png(Context ctx, byte[] picture) {
    ctx.contentType("image/png").result(picture);
  }

  /** Reads how many of something are asked for. */
  static int limit(String text, int byDefault) {
    if (text == null) {
      return byDefault;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below, as any other number that is not allowed.
    }
    throw new ApiException(
        HttpStatus.BAD_REQUEST, "The limit must be a whole number from 1 to " + MAX_LIMIT + ".");
  }

  /** {@code next} is the cursor of the next page, null on the last. */
  private record PageJson(List<Map<String, Object>> alerts, int total, String next) {}
}
