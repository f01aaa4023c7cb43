package io.histoflow.topology.routing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Draws the audit: which tiles go to review by chance, whatever their score, so that what nobody
 * sees can be measured without bias.
 *
 * <p>A tile is drawn where the first 53 bits of HMAC-SHA-256 (RFC 2104) of its id, as a fraction of
 * 1, lie below the probability of its kind: a Poisson sample (Saerndal, Swensson and Wretman,
 * "Model Assisted Survey Sampling", 1992, section 3.2), whose inclusion probabilities are known
 * exactly and whose draws are independent of each other. So it is a function of key, id and kind
 * alone. A replay draws the same tiles, order, partitions and crashes do not matter, and who does
 * not have the key cannot tell which they will be.
 *
 * <p>A fixed number of tiles, or whatever an organ's account has left, would fit the budget more
 * tightly, but make a draw depend on what came before. Instead the account takes each draw as it
 * takes the floor's tiles, and the share that scores may send is smaller by what chance sends on
 * average ({@link RoutingSettings#shareByScore()}).
 *
 * <p>Not safe for use by several threads.
 */
final class AuditDraw {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int UNUSED_BITS = Long.SIZE - 53;
  private static final int FIRST = 0;
  private static final int SECOND = Long.BYTES;

  private final double probability;
  private final double backgroundProbability;
  private final double secondShare;
  private final Mac mac;

  AuditDraw(RoutingSettings settings) {
    AuditSettings audit = settings.audit();
    probability = settings.auditProbability();
    // No budget, no review.
    backgroundProbability = settings.budget() > 0 ? audit.backgroundShare() : 0;
    secondShare = audit.secondShare();
    mac = audit.key().isEmpty() ? null : mac(audit.key());
  }

  /** Returns the probability with which a tile is drawn, 0..1. */
  double probability(boolean background) {
    return background ? backgroundProbability : probability;
  }

  /** Says whether a tile is drawn. */
  boolean draws(String tileId, boolean background) {
    return probability(background) > 0 && fraction(tileId, FIRST) < probability(background);
  }

  /**
   * Says whether a second person is to read a tile that is drawn: by the next 53 bits, which know
   * nothing of the first.
   */
  boolean drawsSecondReader(String tileId, boolean background) {
    return secondShare > 0 && draws(tileId, background) && fraction(tileId, SECOND) < secondShare;
  }

  private double fraction(String tileId, int at) {
    byte[] hash = mac.doFinal(tileId.getBytes(StandardCharsets.UTF_8));
    return (ByteBuffer.wrap(hash).getLong(at) >>> UNUSED_BITS) * 0x1.0p-53;
  }

  private static Mac mac(String key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }
}
