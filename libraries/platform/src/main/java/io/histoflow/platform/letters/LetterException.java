package io.histoflow.platform.letters;

/** Dead letters could not be read or published again; the message is one sentence. */
public final class LetterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LetterException(String sentence) {
    super(sentence);
  }

  LetterException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
