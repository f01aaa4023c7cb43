package io.histoflow.review.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in, by an unguessable token; forgotten when the service stops. Safe for use by
 * several threads.
 */
public final class Sessions {
  private static final int TOKEN_BYTES = 32;
  private static final int MOST = 10_000;

  private final Duration duration;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byToken =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Begins with nobody signed in.
   *
   * @param duration how long a session lasts
   * @param clock tells the time
   */
  public Sessions(Duration duration, Clock clock) {
    this.duration = duration;
    this.clock = clock;
  }

  /** Signs a user in and returns the token of the session. */
  public synchronized String open(String user) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    byToken.put(token, new Session(user, clock.instant().plus(duration)));
    return token;
  }

  /** Returns whose session a token is; empty where it has ended or never was. */
  public synchronized Optional<String> user(String token) {
    Session session = byToken.get(token);
    if (session == null) {
      return Optional.empty();
    }
    if (!clock.instant().isBefore(session.ends())) {
      byToken.remove(token);
      return Optional.empty();
    }
    return Optional.of(session.user());
  }

  /** Ends a session. */
  public synchronized void close(String token) {
    byToken.remove(token);
  }

  private record Session(String user, Instant ends) {}
}
