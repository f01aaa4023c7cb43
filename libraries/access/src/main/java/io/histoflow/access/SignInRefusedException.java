package io.histoflow.access;

/** Somebody is not signed in. The message is one sentence for who tried. */
public final class SignInRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean tooMany;

  private SignInRefusedException(boolean tooMany, String message) {
    super(message);
    this.tooMany = tooMany;
  }

  static SignInRefusedException wrong() {
    return new SignInRefusedException(false, "The name or the password is wrong.");
  }

  static SignInRefusedException tooMany(String message) {
    return new SignInRefusedException(true, message);
  }

  static SignInRefusedException malformed(String message) {
    return new SignInRefusedException(false, message);
  }

  /** Whether too many tried: a later one may succeed. */
  public boolean isTooMany() {
    return tooMany;
  }
}
