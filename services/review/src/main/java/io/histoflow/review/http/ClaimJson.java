package io.histoflow.review.http;

import io.histoflow.access.ReviewerName;
import io.histoflow.schemas.RecordFields;
import io.histoflow.schemas.TileClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Who has a tile open; times are ISO 8601 in UTC. */
final class ClaimJson {
  private ClaimJson() {}

  static Map<String, Object> of(TileClaim claim, Instant now) {
    Map<String, Object> json = RecordFields.of(claim, "tileId", "reviewer");
    json.put("initials", ReviewerName.initials(claim.getReviewer()));
    json.putAll(RecordFields.of(claim, "claimedAt", "expiresAt"));
    // For whose clock differs.
    json.put("secondsLeft", Math.max(0, Duration.between(now, claim.getExpiresAt()).toSeconds()));
    return json;
  }
}
