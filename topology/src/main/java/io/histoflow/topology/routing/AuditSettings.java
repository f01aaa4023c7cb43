package io.histoflow.topology.routing;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What an operator decides about the audit: which tiles chance sends to review.
 *
 * @param share share of the review budget that chance spends, 0..1; 0 where there is no audit
 * @param backgroundShare share of the background tiles that are drawn, 0..1
 * @param secondShare share of the drawn tiles that a second person reads as well, 0..1
 * @param key key of the draw, {@value #LEAST_KEY_BYTES} bytes or more in UTF-8, the same for all
 *     instances; who knows it knows which tiles will be drawn. Empty where nothing is drawn
 */
public record AuditSettings(double share, double backgroundShare, double secondShare, String key) {
  /** No audit. */
  public static final AuditSettings NONE = new AuditSettings(0, 0, 0, "");

  private static final int LEAST_KEY_BYTES = 16;

  /** Checks the ranges. */
  public AuditSettings {
    Objects.requireNonNull(key, "key");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the audit's share is " + share + ", must be 0..1");
    }
    if (!(backgroundShare >= 0 && backgroundShare <= 1)) {
      throw new IllegalArgumentException(
          "the audit's share of background is " + backgroundShare + ", must be 0..1");
    }
    if (!(secondShare >= 0 && secondShare <= 1)) {
      throw new IllegalArgumentException(
          "the audit's share for second readers is " + secondShare + ", must be 0..1");
    }
    boolean draws = share > 0 || backgroundShare > 0;
    if (draws && key.getBytes(StandardCharsets.UTF_8).length < LEAST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the audit's key is shorter than " + LEAST_KEY_BYTES + " bytes");
    }
  }

  /** An audit of which nobody reads a tile twice. */
  public AuditSettings(double share, double backgroundShare, String key) {
    this(share, backgroundShare, 0, key);
  }

  /** Keeps the key out of logs. */
  @Override
  public String toString() {
    return "AuditSettings[share=%s, backgroundShare=%s, secondShare=%s]"
        .formatted(share, backgroundShare, secondShare);
  }
}
