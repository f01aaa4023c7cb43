package io.histoflow.review.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers a request that is refused before it reaches a route. */
final class Refusal {
  /** When a request that was refused for want of room may come again. */
  static final String RETRY_SECONDS = "1";

  private Refusal() {}

  /** Answers with a status and {@code {"error": "one sentence"}}. */
  static void write(Response response, Callback callback, int status, String sentence) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
    }
    String text = new String(JsonStringEncoder.getInstance().quoteAsString(sentence));
    Content.Sink.write(response, true, "{\"error\":\"" + text + "\"}", callback);
  }
}
