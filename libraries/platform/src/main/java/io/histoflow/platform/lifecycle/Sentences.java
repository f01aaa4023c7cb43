package io.histoflow.platform.lifecycle;

/** Turns exceptions into what a person can read. */
public final class Sentences {
  private Sentences() {}

  /**
   * Says what went wrong: the message, else the nearest message among the causes, else the
   * exception's type. A wrapper that only repeats its cause is passed over.
   *
   * @param error the exception
   * @return one line, never empty
   */
  public static String of(Throwable error) {
    Throwable current = error;
    for (int depth = 0; current != null && depth < 16; depth++, current = current.getCause()) {
      String message = current.getMessage();
      if (message != null
          && !message.isBlank()
          && !message.equals(String.valueOf(current.getCause()))) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
      }
    }
    return error.getClass().getSimpleName();
  }
}
