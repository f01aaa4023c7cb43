package io.histoflow.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Clock;
import java.time.Duration;

/**
 * Slows down guessing: after some wrong passwords for a name from one address, further ones are
 * refused for a while. Safe for use by several threads.
 */
public final class SignInThrottle {
  /** Wrong passwords that are let through within the window. */
  public static final int ALLOWED = 5;

  /** How long wrong passwords count, from the first on. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST = 10_000;

  private final Cache<Source, Integer> attempts;

  /** Begins with no attempts. */
  public SignInThrottle(Clock clock) {
    Expiry<Source, Integer> sinceTheFirst = Expiry.creating((source, count) -> WINDOW);
    this.attempts = ShortMemory.of(MOST, clock).expireAfter(sinceTheFirst).build();
  }

  /**
   * Takes one of the attempts that a name has from an address. It counts as a wrong password until
   * {@link #succeeded}: a password that is being verified must not let others in beside it.
   *
   * @return whether one was left
   */
  public boolean begin(String name, String address) {
    return admits(name, address, false);
  }

  /**
   * Takes one of the attempts for a password of which is known whether it is right; a right one
   * takes none, and is refused all the same where none is left.
   *
   * @return whether one was left
   */
  public boolean admits(String name, String address, boolean right) {
    Source source = new Source(name, address);
    if (right) {
      Integer taken = attempts.getIfPresent(source);
      return taken == null || taken < ALLOWED;
    }
    return attempts.asMap().merge(source, 1, (n, one) -> Math.min(n, ALLOWED) + 1) <= ALLOWED;
  }

  /** Notes a right password. */
  public void succeeded(String name, String address) {
    attempts.invalidate(new Source(name, address));
  }

  private record Source(String name, String address) {}
}
