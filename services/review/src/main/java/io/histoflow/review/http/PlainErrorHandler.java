package io.histoflow.review.http;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests that are refused before they reach a route, such as a malformed address. */
final class PlainErrorHandler implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Refusal.write(
        response,
        callback,
        status,
        status == HttpStatus.SERVICE_UNAVAILABLE_503
            ? "Too many requests at once: try again in a moment."
            : "The request was refused: " + HttpStatus.getMessage(status) + ".");
    return true;
  }
}
