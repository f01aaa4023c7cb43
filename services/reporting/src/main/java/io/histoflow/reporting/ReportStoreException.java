package io.histoflow.reporting;

/** The report database cannot be used; the message says which one, why, and what to do. */
public final class ReportStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReportStoreException(String message) {
    super(message);
  }

  ReportStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
