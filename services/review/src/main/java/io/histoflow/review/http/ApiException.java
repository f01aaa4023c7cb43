package io.histoflow.review.http;

import io.javalin.http.HttpStatus;

/** A request that is refused. The message is the sentence that the client gets. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpStatus status;

  ApiException(HttpStatus status, String message) {
    super(message);
    this.status = status;
  }

  HttpStatus status() {
    return status;
  }
}
