package io.histoflow.review.http;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The addresses of the page: one document, which shows what its address says. */
final class PageAddresses {
  private static final String RESOURCE = "/review-page/index.html";
  private static final List<String> PATHS =
      List.of(
          "/queue",
          "/tile/{tileId}",
          "/slides",
          "/slides/{slideId}",
          "/models",
          "/quality",
          "/operations",
          "/people",
          "/audit");

  private final byte[] document;

  PageAddresses() {
    try (InputStream in = PageAddresses.class.getResourceAsStream(RESOURCE)) {
      this.document = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void addTo(RoutesConfig routes) {
    for (String path : PATHS) {
      routes.get(path, ctx -> ctx.html("").result(document));
    }
  }
}
