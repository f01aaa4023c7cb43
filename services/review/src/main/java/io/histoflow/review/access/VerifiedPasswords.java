package io.histoflow.review.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were right a moment ago, so that a program that sends one with every request does
 * not cost a hash each time. Only keyed digests are held, under a key that no file holds. Safe for
 * use by several threads.
 */
final class VerifiedPasswords {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration LASTING = Duration.ofMinutes(5);
  private static final int MOST = 1_000;

  private final Clock clock;
  private final SecretKeySpec key;
  private final Map<ByteBuffer, Instant> ends =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Instant> eldest) {
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
    ByteBuffer digest = digest(name, password);
    synchronized (this) {
      ends.put(digest, clock.instant().plus(LASTING));
    }
  }

  boolean holds(String name, byte[] password) {
    ByteBuffer digest = digest(name, password);
    synchronized (this) {
      Instant end = ends.get(digest);
      if (end != null && !clock.instant().isBefore(end)) {
        ends.remove(digest);
        return false;
      }
      return end != null;
    }
  }

  private ByteBuffer digest(String name, byte[] password) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      mac.update(bytes);
      return ByteBuffer.wrap(mac.doFinal(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
    }
  }
}
