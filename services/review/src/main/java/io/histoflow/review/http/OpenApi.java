package io.histoflow.review.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of this API, written by hand and held against it by tests. */
final class OpenApi {
  private static final String RESOURCE = "/review-api/openapi.json";

  private final byte[] document;

  OpenApi() {
    try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      this.document = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void addTo(RoutesConfig routes) {
    routes.get(
        "/api/openapi.json", ctx -> ctx.contentType(ContentType.APPLICATION_JSON).result(document));
  }
}
