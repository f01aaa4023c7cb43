package io.histoflow.commandline;

/** Somebody asked the command to stop, and it did, between two steps of its work. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SIGNAL_BASE = 128;

  private final int signal;

  StoppedException(String message, int signal, Throwable cause) {
    super(message, cause);
    this.signal = signal;
  }

  /** Returns the same with a sentence that says what became of the work. */
  public StoppedException saying(String sentence) {
    return new StoppedException(sentence, signal, this);
  }

  /** Returns the exit code as shells have it: 130 for Ctrl-C, 143 for SIGTERM. */
  public int exitCode() {
    return SIGNAL_BASE + signal;
  }
}
