package io.histoflow.review.http;

import io.histoflow.results.slide.SlideException;
import io.histoflow.review.refusal.RefusedException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what goes wrong with a status and {@code {"error": "one sentence"}}. */
final class Errors {
  private static final String FAILED =
      "Something went wrong in the review service; its log says what.";

  private final Logger log = LoggerFactory.getLogger(Errors.class);

  void addTo(RoutesConfig routes) {
    routes.exception(ApiException.class, (e, ctx) -> answer(ctx, e.status(), e.getMessage()));
    routes.exception(
        RefusedException.class, (e, ctx) -> answer(ctx, status(e.reason()), e.getMessage()));
    routes.exception(
        SlideException.class, (e, ctx) -> answer(ctx, status(e.reason()), e.getMessage()));
    routes.exception(HttpResponseException.class, (e, ctx) -> refuse(ctx, e.getStatus()));
    routes.exception(Exception.class, this::unexpected);
  }

  /** Javalin's and Jetty's own answers, of which there are few. */
  private static void refuse(Context ctx, int code) {
    HttpStatus status = HttpStatus.forStatus(code);
    answer(
        ctx,
        status,
        status == HttpStatus.NOT_FOUND
            ? "There is nothing at this address."
            : "The request was refused: " + status.getMessage() + ".");
  }

  static HttpStatus status(RefusedException.Reason reason) {
    return switch (reason) {
      case NO_SUCH_ALERT -> HttpStatus.NOT_FOUND;
      case ALERT_CONFLICT, CLAIMED -> HttpStatus.CONFLICT;
      case INVALID -> HttpStatus.BAD_REQUEST;
      case NOT_ADMITTED, SAME_READER -> HttpStatus.FORBIDDEN;
      case RECORD_GONE -> HttpStatus.GONE;
      case RECORD_UNREADABLE -> HttpStatus.BAD_GATEWAY;
      case UNREACHABLE, NOT_PUBLISHED, BUSY, REREADING -> HttpStatus.SERVICE_UNAVAILABLE;
    };
  }

  private static HttpStatus status(SlideException.Reason reason) {
    return switch (reason) {
      case UNKNOWN -> HttpStatus.NOT_FOUND;
      case UNUSABLE -> HttpStatus.CONFLICT;
      case UNREACHABLE -> HttpStatus.SERVICE_UNAVAILABLE;
    };
  }

  private void unexpected(Exception e, Context ctx) {
    if (e instanceof HttpException refused && isClients(refused.getCode())) {
      // Jetty reads parts of a request, such as its query, only when they are asked for.
      refuse(ctx, refused.getCode());
      return;
    }
    log.atError()
        .addKeyValue("method", ctx.method().name())
        .addKeyValue("path", ctx.path())
        .setCause(e)
        .log("A request failed unexpectedly");
    answer(ctx, HttpStatus.INTERNAL_SERVER_ERROR, FAILED);
  }

  /** Tells whether a status is the client's fault. */
  private static boolean isClients(int status) {
    return status >= 400 && status < 500;
  }

  /** An error of the machine in one request is that request's. */
  void failed(HttpServletResponse response, Error error) {
    log.atError().log("A request failed: {}", error.toString());
    if (response.isCommitted()) {
      return;
    }
    response.setStatus(HttpStatus.INTERNAL_SERVER_ERROR.getCode());
    response.setContentType("application/json");
    try {
      response.getOutputStream().print("{\"error\":\"" + FAILED + "\"}");
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static void answer(Context ctx, HttpStatus status, String sentence) {
    if (status == HttpStatus.SERVICE_UNAVAILABLE || status == HttpStatus.TOO_MANY_REQUESTS) {
      ctx.header(Header.RETRY_AFTER, Refusal.RETRY_SECONDS);
    }
    ctx.status(status).json(new ErrorJson(sentence.endsWith(".") ? sentence : sentence + "."));
  }

  private record ErrorJson(String error) {}
}
