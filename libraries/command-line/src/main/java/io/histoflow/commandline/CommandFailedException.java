package io.histoflow.commandline;

/** A command could not do its work; the message is the one sentence that the user reads. */
public final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandFailedException(String sentence) {
    super(sentence);
  }

  public CommandFailedException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
