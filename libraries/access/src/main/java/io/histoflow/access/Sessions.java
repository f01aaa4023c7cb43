package io.histoflow.access;

import com.github.benmanes.caffeine.cache.Cache;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Who is signed in, by an unguessable token; forgotten when the service stops. Safe for use by
 * several threads.
 */
public final class Sessions {
  private static final int TOKEN_BYTES = 32;
  private static final int MOST = 10_000;

  private final SecureRandom random = new SecureRandom();
  private final Cache<String, Person> personByToken;

  /**
   * Begins with nobody signed in.
   *
   * @param duration how long a session lasts
   */
  public Sessions(Duration duration, Clock clock) {
    this.personByToken = ShortMemory.of(MOST, clock).expireAfterWrite(duration).build();
  }

  /** Signs somebody in and returns the token of the session. */
  public String open(Person person) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    personByToken.put(token, person);
    return token;
  }

  /** Returns whose session a token is; empty where it has ended or never was. */
  public Optional<Person> person(String token) {
    return Optional.ofNullable(personByToken.getIfPresent(token));
  }

  /** Ends a session. */
  public void close(String token) {
    personByToken.invalidate(token);
  }
}
