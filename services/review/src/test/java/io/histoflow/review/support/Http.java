package io.histoflow.review.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of the API, as a script would be one. */
public final class Http {
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final String base;

  public Http(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** Returns a cookie that an answer sets, with its name. */
  public static String cookie(HttpResponse<byte[]> response, String name) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(set -> set.startsWith(name + "="))
        .map(set -> set.substring(0, set.indexOf(';')))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the path of an alert or of a part of it. */
  public static String alert(String tileId, String part) {
    return "/api/alerts/"
        + URLEncoder.encode(tileId, StandardCharsets.UTF_8).replace("+", "%20")
        + part;
  }

  public HttpResponse<byte[]> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  public HttpResponse<byte[]> post(String path, String body, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Sends whatever the caller puts together. */
  public HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Begins a request. */
  public HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  public HttpClient client() {
    return client;
  }

  public JsonNode json(HttpResponse<byte[]> response) {
    try {
      return json.readTree(new String(response.body(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + new String(response.body(), StandardCharsets.UTF_8));
    }
  }

  public JsonNode getJson(String path) {
    return json(get(path));
  }

  /** Returns the sentence of an error. */
  public String error(HttpResponse<byte[]> response) {
    return json(response).path("error").asText();
  }
}
