package io.histoflow.review.http;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.correction.CorrectionDesk;
import io.histoflow.review.correction.PublishedVerdicts;
import io.histoflow.review.correction.Submission;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.ClosedAlert;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordFields;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Alerts that were closed lately: the verdict that closed each, by whichever service, and second
 * opinions beside it.
 */
final class ClosedApi {
  /** What the paths of these calls begin with. */
  static final String PATH = "/api/closed/";

  // Of a pixel: as decoded (4 at most), as mask, and as it is encoded.
  private static final int MASK_BYTES_PER_PIXEL = 6;

  private final AlertQueue queue;
  private final TilePictures pictures;
  private final PublishedVerdicts verdicts;
  private final CorrectionDesk desk;
  private final WorkBudget work;
  private final Reviewers reviewers;

  ClosedApi(
      AlertQueue queue,
      TilePictures pictures,
      PublishedVerdicts verdicts,
      CorrectionDesk desk,
      WorkBudget work,
      Reviewers reviewers) {
    this.queue = queue;
    this.pictures = pictures;
    this.verdicts = verdicts;
    this.desk = desk;
    this.work = work;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get(PATH + "{tileId}", this::show);
    routes.get(PATH + "{tileId}/image", ctx -> png(ctx, pictures.image(alert(ctx))));
    routes.get(PATH + "{tileId}/mask", this::mask);
    routes.post(PATH + "{tileId}" + AlertsApi.OPINION, this::opinion);
  }

  private void show(Context ctx) throws Exception {
    String tileId = ctx.pathParam("tileId");
    ClosedAlert closed = queue.closed(tileId);
    Optional<MaskCorrected> verdict = verdict(tileId, closed);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tileId", tileId);
    json.put("closedAt", closed.at().toString());
    json.put("verdict", null);
    json.put("reviewer", null);
    json.put("comment", null);
    json.put("unusableReason", null);
    json.put("correctedAt", null);
    verdict.ifPresent(
        given ->
            json.putAll(
                RecordFields.of(
                    given, "verdict", "reviewer", "comment", "unusableReason", "correctedAt")));
    String self = PATH + URLEncoder.encode(tileId, StandardCharsets.UTF_8).replace("+", "%20");
    Map<String, String> links = new LinkedHashMap<>();
    links.put("self", self);
    links.put("image", closed.alert().isPresent() ? self + "/image" : null);
    links.put("mask", verdict.filter(ClosedApi::hasMask).isPresent() ? self + "/mask" : null);
    links.put("opinion", closed.alert().isPresent() ? self + AlertsApi.OPINION : null);
    json.put("links", links);
    ctx.json(json);
  }

  private void mask(Context ctx) throws Exception {
    String tileId = ctx.pathParam("tileId");
    MaskCorrected verdict =
        verdict(tileId, queue.closed(tileId))
            .filter(ClosedApi::hasMask)
            .orElseThrow(
                () ->
                    new ApiException(
                        HttpStatus.NOT_FOUND, "No mask is known that closed tile " + tileId + "."));
    WorkBudget.Share share =
        work.take((long) verdict.getWidth() * verdict.getHeight() * MASK_BYTES_PER_PIXEL);
    try (share) {
      png(
          ctx,
          MaskPng.encode(
              MaskPng.decode(
                  ContractData.bytes(verdict.getMask()),
                  ImageLimits.forTiles(),
                  verdict.getWidth(),
                  verdict.getHeight())));
    } catch (ImageRejectedException e) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "The mask that closed tile " + tileId + " cannot be shown: " + e.getMessage(),
          e);
    }
  }

  private void opinion(Context ctx) throws Exception {
    Submission submission = AlertsApi.submission(ctx.bodyAsBytes(), work);
    AlertsApi.answer(
        ctx,
        desk.submitOpinion(alert(ctx), submission, reviewers.decider(ctx, submission.reviewer())));
  }

  private Optional<MaskCorrected> verdict(String tileId, ClosedAlert closed)
      throws RefusedException {
    // A verdict is read whole, with its image.
    WorkBudget.Share share = work.take(TileReader.BYTES_OF_WORK);
    try (share) {
      return verdicts.find(tileId, closed.at());
    }
  }

  private Alert alert(Context ctx) throws Exception {
    String tileId = ctx.pathParam("tileId");
    return queue
        .closed(tileId)
        .alert()
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.NOT_FOUND, "Of tile " + tileId + " only its end is known here."));
  }

  private static boolean hasMask(MaskCorrected verdict) {
    return verdict.getMask().hasRemaining();
  }

  private static void png(Context ctx, byte[] picture) {
    ctx.contentType("image/png").result(picture);
  }
}
