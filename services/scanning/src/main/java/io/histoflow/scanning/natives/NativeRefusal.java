package io.histoflow.scanning.natives;

/** What a native decoder would not do; the message is one sentence, for a person. */
final class NativeRefusal extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence
   */
  NativeRefusal(String message) {
    super(message);
  }
}
