package io.histoflow.weights.versions;

/** A change of the weights in force was refused or failed; the message is one clear sentence. */
public final class VersionException extends Exception {
  private static final long serialVersionUID = 1L;

  public VersionException(String message) {
    super(message);
  }

  public VersionException(String message, Throwable cause) {
    super(message, cause);
  }
}
