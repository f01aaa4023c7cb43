package io.histoflow.review.http;

import io.javalin.http.Context;
import java.util.Map;

/** Headers by which browsers keep the page to itself, on every answer. */
final class SecurityHeaders {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()");

  private SecurityHeaders() {}

  static void set(Context ctx) {
    HEADERS.forEach(ctx::header);
    // Tiles and verdicts are patients' data: no copy stays behind in a browser.
    ctx.header("Cache-Control", ctx.path().startsWith("/api/") ? "no-store" : "no-cache");
  }
}
