package io.histoflow.review.http;

import io.histoflow.access.BasicCredentials;
import io.histoflow.access.ClientAddresses;
import io.histoflow.access.Role;
import io.histoflow.access.Sessions;
import io.histoflow.access.SignIn;
import io.histoflow.access.SignInLine;
import io.histoflow.access.SignInRefusedException;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.review.audit.AuditTrail;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.util.Collections;
import java.util.Locale;
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
  private final Optional<SignIn> signIn;
  private final ClientAddresses addresses;
  private final AuditTrail audit;

  /**
   * @param users who may review; empty = everybody
   */
  Reviewers(
      Optional<Users> users,
      Sessions sessions,
      SignInThrottle throttle,
      SignInLine line,
      ClientAddresses addresses,
      AuditTrail audit) {
    this.users = users;
    this.sessions = sessions;
    this.signIn = users.map(known -> new SignIn(known, throttle, line));
    this.addresses = addresses;
    this.audit = audit;
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
    Optional<String> user = known.or(() -> identify(ctx));
    user.ifPresent(name -> ctx.attribute(USER, name));
    return user;
  }

  /** Tells, of a request that lasts, whether its session has not ended meanwhile. */
  boolean stillSignedIn(Context ctx) {
    String token = ctx.cookie(COOKIE);
    return token == null || users.isEmpty() || sessions.user(token).isPresent();
  }

  private Optional<String> identify(Context ctx) {
    return Optional.ofNullable(ctx.cookie(COOKIE))
        .flatMap(sessions::user)
        .or(() -> credentials(ctx).map(given -> verified(ctx, given.name(), given.password())));
  }

  private static Optional<BasicCredentials> credentials(Context ctx) {
    try {
      return BasicCredentials.of(ctx.header(Header.AUTHORIZATION));
    } catch (SignInRefusedException e) {
      throw refused(e);
    }
  }

  /** Returns whose the request is, for what is shared out among clients: a user, or an address. */
  String client(Context ctx) {
    return user(ctx).orElseGet(() -> address(ctx));
  }

  /** Returns what a user may do; where nobody signs in everybody may do everything. */
  Optional<Role> roleOf(Optional<String> user) {
    return users.isEmpty() ? Optional.of(Role.LEAD) : user.map(users.get()::role);
  }

  /** Refuses who has not signed in, or may do less. */
  void require(Context ctx, Role least) {
    require(ctx);
    Role role = roleOf(user(ctx)).orElseThrow();
    if (role.compareTo(least) < 0) {
      throw new ApiException(
          HttpStatus.FORBIDDEN,
          "%s has the role %s, and this takes the role %s: the users file says who has which."
              .formatted(user(ctx).orElseThrow(), word(role), word(least)));
    }
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /** Who signed in is who decided, whatever else is stated; not everybody may. */
  String decider(Context ctx, Optional<String> stated) {
    require(ctx, Role.READER);
    Optional<String> user = user(ctx);
    if (user.isPresent() && stated.isPresent() && !user.equals(stated)) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST,
          "The reviewer is stated as another than %s, who signed in: leave it out."
              .formatted(user.get()));
    }
    return user.or(() -> stated)
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.BAD_REQUEST, "The field \"reviewer\" is missing: say who decided."));
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
    String user = verified(ctx, name, password);
    audit.signedIn(user, address(ctx));
    return sessions.open(user);
  }

  /** Ends the session of the request, if it has one. */
  void signOut(Context ctx) {
    Optional.ofNullable(ctx.cookie(COOKIE)).ifPresent(sessions::close);
  }

  private String verified(Context ctx, String name, String password) {
    SignIn known =
        signIn.orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.CONFLICT,
                    "Nobody signs in here: the service has no users file"
                        + " (histoflow.review.users)."));
    try {
      return known.verify(name, password, address(ctx));
    } catch (SignInRefusedException e) {
      throw refused(e);
    }
  }

  private String address(Context ctx) {
    return addresses.of(ctx.ip(), Collections.list(ctx.req().getHeaders(addresses.header())));
  }

  private static ApiException refused(SignInRefusedException why) {
    return new ApiException(
        why.isTooMany() ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNAUTHORIZED, why.getMessage());
  }
}
