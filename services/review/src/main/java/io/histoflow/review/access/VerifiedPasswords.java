package io.histoflow.review.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right a moment ago, one of each user, so that a program that sends one with
 * every request does not cost a hash each time. Only keyed digests are held, under a key that no
 * file holds. Safe for use by several threads.
 */
final class VerifiedPasswords {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration LASTING = Duration.ofMinutes(5);
  private static final int MOST = 1_000;

  private final Clock clock;
  private final SecretKeySpec key;
  private final Map<String, Verified> byName =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verified> eldest) {
          return size() > MOST;
        }
      };

  VerifiedPasswords(Clock clock) {
    this.clock = clock;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, ALGORITHM);
  }

  void add(String name, byte[] password) {
    byte[] digest = digest(password);
    synchronized (this) {
      byName.put(name, new Verified(digest, clock.instant().plus(LASTING)));
    }
  }

  /** Tells whether the password is the one that was right; empty where none was lately. */
  Optional<Boolean> isRight(String name, byte[] password) {
    byte[] digest = digest(password);
    synchronized (this) {
      Verified verified = byName.get(name);
      if (verified == null || !clock.instant().isBefore(verified.end)) {
        byName.remove(name);
        return Optional.empty();
      }
      boolean right = MessageDigest.isEqual(digest, verified.digest);
      if (right) {
        byName.put(name, new Verified(digest, clock.instant().plus(LASTING)));
      }
      return Optional.of(right);
    }
  }

  private byte[] digest(byte[] password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(password);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
    }
  }

  /** A digest, and until when it counts. */
  private static final class Verified {
    private final byte[] digest;
    private final Instant end;

    Verified(byte[] digest, Instant end) {
      this.digest = digest;
      this.end = end;
    }
  }
}
