package io.histoflow.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/**
 * An unguessable token that can be used once, and not for long; there is one at a time. Safe for
 * use by several threads.
 */
public final class OneTimeToken {
  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Duration life;
  private final InstantSource clock;
  private byte[] token = {};
  private Instant ends = Instant.MIN;

  /**
   * Begins without a token.
   *
   * @param life for how long one can be used
   */
  public OneTimeToken(Duration life, InstantSource clock) {
    this.life = life;
    this.clock = clock;
  }

  /** Returns a new token, which takes the place of the one before. */
  public synchronized String renew() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    token = fresh.getBytes(StandardCharsets.UTF_8);
    ends = clock.instant().plus(life);
    return fresh;
  }

  /** Tells whether there is a token that can still be used. */
  public synchronized boolean isUsable() {
    return clock.instant().isBefore(ends);
  }

  /**
   * Uses the token, where it is the one that is given; whoever comes next needs another. The time
   * that this takes says nothing of how much of it was right.
   */
  public synchronized boolean use(String given) {
    boolean same = MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    if (!same || !isUsable()) {
      return false;
    }
    token = new byte[0];
    ends = Instant.MIN;
    return true;
  }
}
