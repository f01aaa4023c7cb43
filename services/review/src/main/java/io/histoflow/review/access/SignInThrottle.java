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
  private final Map<Source, Failures> bySource =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Source, Failures> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Begins with no failures.
   *
   * @param clock tells the time
   */
  public SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Tells whether a password for the name from the address may be tried now. */
  public synchronized boolean allows(String name, String address) {
    Failures failures = bySource.get(new Source(name, address));
    return failures == null || failures.count() < ALLOWED || hasPassed(failures);
  }

  /** Notes a wrong password. */
  public synchronized void failed(String name, String address) {
    Source source = new Source(name, address);
    Failures failures = bySource.get(source);
    boolean counts = failures != null && !hasPassed(failures);
    bySource.put(
        source,
        counts
            ? new Failures(failures.count() + 1, failures.since())
            : new Failures(1, clock.instant()));
  }

  /** Notes a right password. */
  public synchronized void succeeded(String name, String address) {
    bySource.remove(new Source(name, address));
  }

  private boolean hasPassed(Failures failures) {
    return !clock.instant().isBefore(failures.since().plus(WINDOW));
  }

  private record Source(String name, String address) {}

  private record Failures(int count, Instant since) {}
}
