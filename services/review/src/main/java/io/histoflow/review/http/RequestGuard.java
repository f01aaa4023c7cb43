package io.histoflow.review.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps other web sites out of a service on this machine or inside a network.
 *
 * <ul>
 *   <li>A name that is not ours in the Host header is DNS rebinding: somebody's site resolved to
 *       this address so that its scripts may read from here.
 *   <li>A change asked for by another origin, or in a form's content type, is request forgery.
 * </ul>
 */
final class RequestGuard {
  private static final Set<HandlerType> READING =
      Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> hosts;

  /**
   * Makes the guard.
   *
   * @param hosts further names under which the service is reached, without port
   */
  RequestGuard(Set<String> hosts) {
    this.hosts =
        Stream.concat(LOOPBACK.stream(), hosts.stream())
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  void check(Context ctx) {
    String authority = ctx.header(Header.HOST);
    if (authority == null || !hosts.contains(hostOf(authority))) {
      throw new ApiException(
          HttpStatus.MISDIRECTED_REQUEST,
          "This service is not reached under that host name: set histoflow.review.public.url.");
    }
    requireEncoded(ctx.queryString());
    if ("cross-site".equals(ctx.header("Sec-Fetch-Site")) && ctx.path().startsWith("/api/")) {
      throw new ApiException(HttpStatus.FORBIDDEN, "Requests of other web sites are refused.");
    }
    if (!READING.contains(ctx.method())) {
      requireOwnOrigin(ctx, authority);
      requireJson(ctx);
    }
  }

  /** What is no text would be read as something else that was not sent. */
  private static void requireEncoded(String query) {
    if (query == null) {
      return;
    }
    try {
      // Decoded as single bytes, to see whether they are UTF-8.
      byte[] bytes =
          URLDecoder.decode(query, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ApiException(
          HttpStatus.BAD_REQUEST, "The address's query is not text in UTF-8 and URL encoding.");
    }
  }

  /** Programs other than browsers send no Origin; browsers always do with a change. */
  private static void requireOwnOrigin(Context ctx, String authority) {
    String origin = ctx.header(Header.ORIGIN);
    if (origin == null) {
      return;
    }
    try {
      if (authority.equalsIgnoreCase(new URI(origin).getAuthority())) {
        return;
      }
    } catch (URISyntaxException e) {
      // An Origin that is no address is not ours.
    }
    throw new ApiException(HttpStatus.FORBIDDEN, "Requests of other web sites are refused.");
  }

  private static void requireJson(Context ctx) {
    String type = ctx.contentType();
    String mediaType = type == null ? "" : type.split(";", 2)[0].strip();
    if (!mediaType.equalsIgnoreCase("application/json")) {
      throw new ApiException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "The request must have the header Content-Type: application/json.");
    }
  }

  private static String hostOf(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean port = colon > authority.lastIndexOf(']');
    return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
  }
}
