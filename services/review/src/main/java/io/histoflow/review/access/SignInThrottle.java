package io.histoflow.review.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after some wrong passwords for a name from one address, further ones are
 * refused for a while. Safe for use by several threads.
 */
public final class SignInThrottle {
  /** Wrong passwords that are let through within the window. */
  public static final int ALLOWED = 5;

  /** How long wrong passwords count. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int MOST = 10_000;

  private final Clock clock;
  private final Map<Source, Attempts> bySource =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Attempts> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Begins with no attempts.
   *
   * @param clock tells the time
   */
  public SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /**
   * Takes one of the attempts that a name has from an address. It counts as a wrong password until
   * {@link #succeeded}: a password that is being verified must not let others in beside it.
   *
   * @return whether one was left
   */
  public synchronized boolean begin(String name, String address) {
    return admits(name, address, false);
  }

  /**
   * Takes one of the attempts for a password of which is known whether it is right; a right one
   * takes none, and is refused all the same where none is left.
   *
   * @return whether one was left
   */
  public synchronized boolean admits(String name, String address, boolean right) {
    Source source = new Source(name, address);
    Attempts before = bySource.get(source);
    if (right) {
      return before == null || hasPassed(before) || before.count() < ALLOWED;
    }
    if (before == null || hasPassed(before)) {
      bySource.put(source, new Attempts(1, clock.instant()));
      return true;
    }
    if (before.count() >= ALLOWED) {
      return false;
    }
    bySource.put(source, new Attempts(before.count() + 1, before.since()));
    return true;
  }

  /** Notes a right password. */
  public synchronized void succeeded(String name, String address) {
    bySource.remove(new Source(name, address));
  }

  private boolean hasPassed(Attempts attempts) {
    return !clock.instant().isBefore(attempts.since().plus(WINDOW));
  }

  private record Source(String name, String address) {}

  private record Attempts(int count, Instant since) {}
}
