package io.histoflow.access;

import com.github.benmanes.caffeine.cache.Cache;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
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

  private final SecretKeySpec key;
  private final Cache<String, byte[]> digestByName;

  VerifiedPasswords(Clock clock) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, ALGORITHM);
    this.digestByName = ShortMemory.of(MOST, clock).expireAfterWrite(LASTING).build();
  }

  void add(String name, byte[] password) {
    digestByName.put(name, digest(password));
  }

  /** Tells whether the password is the one that was right; empty where none was lately. */
  Optional<Boolean> isRight(String name, byte[] password) {
    byte[] digest = digest(password);
    byte[] verified = digestByName.getIfPresent(name);
    if (verified == null) {
      return Optional.empty();
    }
    boolean right = MessageDigest.isEqual(digest, verified);
    if (right) {
      digestByName.put(name, digest);
    }
    return Optional.of(right);
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
}
