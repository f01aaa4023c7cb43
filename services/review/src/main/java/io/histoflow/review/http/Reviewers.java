package io.histoflow.review.http;

import io.histoflow.access.BasicCredentials;
import io.histoflow.access.ClientAddresses;
import io.histoflow.access.OneTimeToken;
import io.histoflow.access.Person;
import io.histoflow.access.Role;
import io.histoflow.access.Sessions;
import io.histoflow.access.SignIn;
import io.histoflow.access.SignInLine;
import io.histoflow.access.SignInRefusedException;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.review.audit.AuditTrail;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;

/**
 * Says who sends a request: the person of a session's cookie or of HTTP Basic credentials. Where
 * nobody can sign in everybody may review and states a name.
 */
final class Reviewers {
  /** The cookie of a session. */
  static final String COOKIE = "histoflow_session";

  private static final String PERSON = "reviewer";

  /** Whoever opened the link; the name that stands with verdicts is stated. */
  private static final Person OWNER = new Person("owner", Role.LEAD);

  private static final int UNTIL_BROWSER_CLOSES = -1;
  private static final int AT_ONCE = 0;

  private final Sessions sessions;
  private final Optional<SignIn> signIn;
  private final ClientAddresses addresses;
  private final AuditTrail audit;
  private final boolean provider;
  private final Optional<OneTimeToken> link;
  private final boolean https;

  /**
   * @param users who signs in by a password; empty = nobody does
   * @param provider whether one signs in at a provider
   * @param link by which the page is opened where nobody signs in; empty = it is open
   * @param https whether browsers reach the service over HTTPS only
   */
  Reviewers(
      Optional<Users> users,
      boolean provider,
      Optional<OneTimeToken> link,
      boolean https,
      Sessions sessions,
      SignInThrottle throttle,
      SignInLine line,
      ClientAddresses addresses,
      AuditTrail audit) {
    this.sessions = sessions;
    this.signIn = users.map(known -> new SignIn(known, throttle, line));
    this.addresses = addresses;
    this.audit = audit;
    this.provider = provider;
    this.link = link;
    this.https = https;
  }

  boolean signInRequired() {
    return passwords() || provider;
  }

  /** Tells whether one signs in by a name and a password. */
  boolean passwords() {
    return signIn.isPresent();
  }

  /** Tells whether one signs in at a provider. */
  boolean provider() {
    return provider;
  }

  /** Tells whether the page is opened by a link. */
  boolean hasLink() {
    return link.isPresent();
  }

  /** Tells whether a link is to be opened first. */
  boolean linkRequired(Context ctx) {
    return hasLink() && session(ctx).isEmpty();
  }

  /** Opens a session by the token of a link; false where that is not, or no more, the right one. */
  boolean open(Context ctx, String token) {
    if (!link.orElseThrow().use(token)) {
      return false;
    }
    cookie(ctx, sessions.open(OWNER), UNTIL_BROWSER_CLOSES);
    return true;
  }

  /** Returns who signed in; empty where nobody did or nobody need. */
  Optional<Person> person(Context ctx) {
    if (!signInRequired()) {
      return Optional.empty();
    }
    // Verifying a password takes time: once a request is enough.
    Optional<Person> known = Optional.ofNullable(ctx.attribute(PERSON));
    Optional<Person> person = known.or(() -> identify(ctx));
    person.ifPresent(identified -> ctx.attribute(PERSON, identified));
    return person;
  }

  /** Returns the name of who signed in, as {@link #person}. */
  Optional<String> user(Context ctx) {
    return person(ctx).map(Person::name);
  }

  /** Tells, of a request that lasts, whether its session has not ended meanwhile. */
  boolean stillSignedIn(Context ctx) {
    String token = ctx.cookie(COOKIE);
    boolean free = !signInRequired() && !hasLink();
    return token == null || free || sessions.person(token).isPresent();
  }

  private Optional<Person> session(Context ctx) {
    return Optional.ofNullable(ctx.cookie(COOKIE)).flatMap(sessions::person);
  }

  private Optional<Person> identify(Context ctx) {
    return session(ctx)
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

  /** Returns what one may do; where nobody signs in everybody may do everything. */
  Optional<Role> role(Context ctx) {
    return signInRequired() ? person(ctx).map(Person::role) : Optional.of(Role.LEAD);
  }

  /** Refuses who has not signed in, or may do less. */
  void require(Context ctx, Role least) {
    require(ctx);
    Role role = role(ctx).orElseThrow();
    if (role.compareTo(least) < 0) {
      throw new ApiException(
          HttpStatus.FORBIDDEN,
          "%s has the role %s, and this takes the role %s: whoever runs the service says who has which."
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
    if (linkRequired(ctx)) {
      throw new ApiException(
          HttpStatus.UNAUTHORIZED,
          "Open the link first that stands in the file histoflow.review.link.file names, and that"
              + " 'up' printed: this page is for who can read it.");
    }
    if (signInRequired() && user(ctx).isEmpty()) {
      throw new ApiException(
          HttpStatus.UNAUTHORIZED,
          "Sign in first: send HTTP Basic credentials, or POST name and password to"
              + " /api/session.");
    }
  }

  /** Signs a user in by a password. */
  void signIn(Context ctx, String name, String password) {
    begin(ctx, verified(ctx, name, password));
  }

  /** Opens a session, whose cookie the browser gets. */
  void begin(Context ctx, Person person) {
    audit.signedIn(person.name(), address(ctx));
    cookie(ctx, sessions.open(person), UNTIL_BROWSER_CLOSES);
    ctx.attribute(PERSON, person);
  }

  /** Ends the session of the request, if it has one. */
  void signOut(Context ctx) {
    Optional.ofNullable(ctx.cookie(COOKIE)).ifPresent(sessions::close);
    cookie(ctx, "", AT_ONCE);
  }

  private void cookie(Context ctx, String value, int maxAge) {
    ctx.cookie(new Cookie(COOKIE, value, "/", maxAge, https, true, null, SameSite.STRICT));
  }

  private Person verified(Context ctx, String name, String password) {
    SignIn known =
        signIn.orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.CONFLICT,
                    "Nobody signs in by a password here: the service has no users file"
                        + " (histoflow.review.users)."));
    try {
      return known.verify(name, password, address(ctx));
    } catch (SignInRefusedException e) {
      throw refused(e);
    }
  }

  String address(Context ctx) {
    return addresses.of(ctx.ip(), Collections.list(ctx.req().getHeaders(addresses.header())));
  }

  private static ApiException refused(SignInRefusedException why) {
    return new ApiException(
        why.isTooMany() ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.UNAUTHORIZED, why.getMessage());
  }
}
