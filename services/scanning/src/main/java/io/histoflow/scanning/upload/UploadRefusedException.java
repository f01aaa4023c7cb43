package io.histoflow.scanning.upload;

/** An upload that is not taken. The message is one sentence for who sent it. */
final class UploadRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status of HTTP
   */
  UploadRefusedException(int status, String message) {
    this(status, message, null);
  }

  UploadRefusedException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  int status() {
    return status;
  }
}
