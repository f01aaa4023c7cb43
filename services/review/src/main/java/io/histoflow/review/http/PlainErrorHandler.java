package io.histoflow.review.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests that are refused before they reach a route, such as a malformed address. */
final class PlainErrorHandler implements Request.Handler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    String reason = HttpStatus.getMessage(response.getStatus());
    Content.Sink.write(
        response, true, "{\"error\":\"The request was refused: " + reason + ".\"}", callback);
    return true;
  }
}
