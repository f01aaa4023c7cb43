package io.histoflow.access;

import java.util.Optional;

/**
 * Verifies names and passwords against a users file, and slows down guessing. Safe for use by
 * several threads.
 */
public final class SignIn {
  private final Users users;
  private final SignInThrottle throttle;
  private final SignInLine line;

  /**
   * @param users who may sign in
   * @param throttle counts wrong passwords
   * @param line where passwords wait to be verified
   */
  public SignIn(Users users, SignInThrottle throttle, SignInLine line) {
    this.users = users;
    this.throttle = throttle;
    this.line = line;
  }

  /**
   * Returns the user of that name, and their role, where the password is right.
   *
   * @param spelt the name, however it is spelt
   * @param password as it was sent
   * @param address from where
   * @throws SignInRefusedException where it is wrong, or too many were tried
   */
  public Person verify(String spelt, String password, String address)
      throws SignInRefusedException {
    String name = ReviewerName.of(spelt);
    if (ReviewerName.fault(name).isPresent()) {
      throw SignInRefusedException.wrong();
    }
    Person person = new Person(name, users.role(name));
    Optional<Boolean> lately = users.matchedLately(name, password);
    if (lately.isPresent()) {
      requireLeft(throttle.admits(name, address, lately.get()));
      if (lately.get()) {
        return person;
      }
    }
    SignInLine.Turn turn =
        line.enter(address)
            .orElseThrow(
                () ->
                    SignInRefusedException.tooMany(
                        "Too many sign in from this address at once: wait a second and try"
                            + " again."));
    try (turn) {
      // The same password may have been found right while this one waited.
      if (users.matchedLately(name, password).orElse(false)) {
        requireLeft(throttle.admits(name, address, true));
        return person;
      }
      requireLeft(lately.isPresent() || throttle.begin(name, address));
      // Known to be wrong or not, it takes the same time.
      if (!users.matches(name, password)) {
        throw SignInRefusedException.wrong();
      }
      throttle.succeeded(name, address);
      return person;
    }
  }

  private static void requireLeft(boolean attemptLeft) throws SignInRefusedException {
    if (!attemptLeft) {
      throw SignInRefusedException.tooMany(
          "Too many wrong passwords: wait %s seconds and try again."
              .formatted(SignInThrottle.WINDOW.toSeconds()));
    }
  }
}
