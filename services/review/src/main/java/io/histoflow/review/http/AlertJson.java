package io.histoflow.review.http;

import io.histoflow.review.queue.Alert;
import io.histoflow.schemas.TileSegmented;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * An alert as the API shows it; units and ranges are those of {@code ReviewRequested} and {@code
 * TileSegmented}, times are ISO 8601 in UTC.
 */
record AlertJson(
    String tileId,
    String slideId,
    String organ,
    String conditionedOn,
    int x,
    int y,
    int width,
    int height,
    Double micronsPerPixel,
    String reason,
    double score,
    String scoreName,
    double threshold,
    double budget,
    double meanEntropy,
    double tailEntropy,
    double positiveFraction,
    double maskThreshold,
    String modelId,
    long modelVersion,
    String scannedAt,
    String segmentedAt,
    String requestedAt,
    Links links) {

  static AlertJson of(Alert alert) {
    TileSegmented s = alert.segmentation();
    return new AlertJson(
        s.getTileId(),
        s.getSlideId(),
        s.getOrgan(),
        s.getConditionedOn(),
        s.getX(),
        s.getY(),
        s.getWidth(),
        s.getHeight(),
        s.getMicronsPerPixel(),
        alert.request().getReason().name(),
        alert.score(),
        s.getRoutingScoreName(),
        alert.request().getThreshold(),
        alert.request().getBudget(),
        s.getMeanEntropy(),
        s.getTailEntropy(),
        s.getPositiveFraction(),
        s.getMaskThreshold(),
        s.getModelId(),
        s.getModelVersion(),
        s.getScannedAt().toString(),
        s.getSegmentedAt().toString(),
        alert.requestedAt().toString(),
        Links.of(alert));
  }

  /** Paths of the alert's parts; {@code entropy} is null where there is no entropy map. */
  record Links(
      String self, String image, String thumbnail, String mask, String entropy, String correction) {

    static Links of(Alert alert) {
      // URLEncoder writes a form's encoding, where a space is a plus.
      String id = URLEncoder.encode(alert.tileId(), StandardCharsets.UTF_8).replace("+", "%20");
      String self = "/api/alerts/" + id;
      return new Links(
          self,
          self + "/image",
          self + "/thumbnail",
          self + "/mask",
          alert.hasEntropyMap() ? self + "/entropy" : null,
          self + "/correction");
    }
  }
}
