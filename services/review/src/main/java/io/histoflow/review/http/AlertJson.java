package io.histoflow.review.http;

import io.histoflow.review.queue.Alert;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.TileClaim;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An alert as the API shows it; units and ranges are those of {@code ReviewRequested} and {@code
 * TileSegmented}, times are ISO 8601 in UTC.
 */
final class AlertJson {
  private AlertJson() {}

  /** An alert and who has its tile open, null where nobody has. */
  static Map<String, Object> of(Alert alert, Optional<TileClaim> claim, Instant now) {
    Map<String, Object> json = of(alert);
    json.put("claim", claim.map(present -> ClaimJson.of(present, now)).orElse(null));
    return json;
  }

  static Map<String, Object> of(Alert alert) {
    Map<String, Object> json =
        RecordFields.of(
            alert.segmentation(),
            "tileId",
            "slideId",
            "organ",
            "conditionedOn",
            "x",
            "y",
            "width",
            "height",
            "downsample",
            "micronsPerPixel",
            "modelMicronsPerPixel",
            "resampled");
    json.putAll(RecordFields.of(alert.request(), "reason", "score"));
    json.put("scoreName", alert.segmentation().getRoutingScoreName());
    json.putAll(RecordFields.of(alert.request(), "threshold", "budget"));
    json.putAll(
        RecordFields.of(
            alert.segmentation(),
            "meanEntropy",
            "tailEntropy",
            "positiveFraction",
            "maskThreshold",
            "modelId",
            "modelVersion",
            "scannedAt",
            "segmentedAt"));
    json.putAll(RecordFields.of(alert.request(), "requestedAt"));
    json.put("links", links(alert));
    return json;
  }

  /** Paths of the alert's parts; those of what it does not carry are null. */
  private static Map<String, String> links(Alert alert) {
    // URLEncoder writes a form's encoding, where a space is a plus.
    String id = URLEncoder.encode(alert.tileId(), StandardCharsets.UTF_8).replace("+", "%20");
    String self = "/api/alerts/" + id;
    Map<String, String> links = new LinkedHashMap<>();
    links.put("self", self);
    links.put("image", self + "/image");
    links.put("thumbnail", self + "/thumbnail");
    links.put("mask", self + "/mask");
    links.put("entropy", alert.hasEntropyMap() ? self + "/entropy" : null);
    links.put("probabilities", alert.hasProbabilities() ? self + "/probabilities" : null);
    links.put("surroundings", self + SurroundingsApi.SURROUNDINGS);
    links.put("correction", self + AlertsApi.CORRECTION);
    links.put("opinion", self + AlertsApi.OPINION);
    links.put("claim", self + ClaimsApi.CLAIM);
    return links;
  }
}
