package io.histoflow.review.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;

/** Reads request bodies within bounds. */
final class Bodies {
  private Bodies() {}

  /**
   * Reads the whole body.
   *
   * @param most most bytes that are read
   * @throws ApiException where the body is longer, or the client went away
   */
  static byte[] read(Context ctx, int most) {
    byte[] body;
    try {
      body = ctx.req().getInputStream().readNBytes(most + 1);
    } catch (IOException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The request's body ended too early.");
    }
    if (body.length > most) {
      throw new ApiException(
          HttpStatus.CONTENT_TOO_LARGE, "The request's body is longer than " + most + " bytes.");
    }
    return body;
  }
}
