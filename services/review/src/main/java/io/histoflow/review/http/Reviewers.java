package io.histoflow.review.http;

import io.histoflow.review.access.Sessions;
import io.histoflow.review.access.SignInThrottle;
import io.histoflow.review.access.Users;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.security.BasicAuthCredentials;
import java.util.Optional;

/**
 * Says who sends a request: the user of a session's cookie or of HTTP Basic credentials. Without
 * users everybody may review and states a name.
 */
final class Reviewers {
  /** The cookie of a session. */
  static final String COOKIE = "histoflow_session";

  private static final String USER = "reviewer";

  private final Optional<Users> users;
  private final Sessions sessions;
  private final SignInThrottle throttle;

  Reviewers(Optional<Users> users, Sessions sessions, SignInThrottle throttle) {
    this.users = users;
    this.sessions = sessions;
    this.throttle = throttle;
  }

  boolean signInRequired() {
    return users.isPresent();
  }

  /** Returns the user; empty where nobody signed in or nobody need. */
  Optional<String> user(Context ctx) {
    if (users.isEmpty()) {
      return Optional.empty();
    }
    // Verifying a password takes time: once a request is enough.
    Optional<String> known = Optional.ofNullable(ctx.attribute(USER));
    Optional<String> user = known.isPresent() ? known : identify(ctx);
    user.ifPresent(name -> ctx.attribute(USER, name));
    return user;
  }

  /** Tells, of a request that lasts, whether its session has not ended meanwhile. */
  boolean stillSignedIn(Context ctx) {
    String token = ctx.cookie(COOKIE);
    return token == null || users.isEmpty() || sessions.user(token).isPresent();
  }

  private Optional<String> identify(Context ctx) {
    Optional<String> session = Optional.ofNullable(ctx.cookie(COOKIE)).flatMap(sessions::user);
    if (session.isPresent()) {
      return session;
    }
    BasicAuthCredentials credentials = ctx.basicAuthCredentials();
    if (credentials == null) {
      return Optional.empty();
    }
    verify(ctx, credentials.getUsername(), credentials.getPassword());
    return Optional.of(credentials.getUsername());
  }

  /** Refuses who has not signed in. */
  void require(Context ctx) {
    if (signInRequired() && user(ctx).isEmpty()) {
      throw new ApiException(
          HttpStatus.UNAUTHORIZED,
          "Sign in first: send HTTP Basic credentials, or POST name and password to"
              + " /api/session.");
    }
  }

  /** Signs a user in and returns the session's token. */
  String signIn(Context ctx, String name, String password) {
    verify(ctx, name, password);
    return sessions.open(name);
  }

  /** Ends the session of the request, if it has one. */
  void signOut(Context ctx) {
    Optional.ofNullable(ctx.cookie(COOKIE)).ifPresent(sessions::close);
  }

  private void verify(Context ctx, String name, String password) {
    if (users.isEmpty()) {
      throw new ApiException(
          HttpStatus.CONFLICT,
          "Nobody signs in here: the service has no users file (histoflow.review.users).");
    }
    if (!throttle.allows(name, ctx.ip())) {
      throw new ApiException(
          HttpStatus.TOO_MANY_REQUESTS,
          "Too many wrong passwords: wait "
              + SignInThrottle.WINDOW.toSeconds()
              + " seconds and try again.");
    }
    if (!users.get().matches(name, password)) {
      throttle.failed(name, ctx.ip());
      throw new ApiException(HttpStatus.UNAUTHORIZED, "The name or the password is wrong.");
    }
    throttle.succeeded(name, ctx.ip());
  }
}
