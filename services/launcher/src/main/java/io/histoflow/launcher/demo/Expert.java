package io.histoflow.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays the pathologist: answers every open alert that it knows the truth of, through the review
 * service's HTTP API, with the ground-truth mask.
 */
final class Expert {
  private static final String NAME = "ground truth (demo)";
  private static final int PAGE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ObjectMapper json = new ObjectMapper();
  private final URI service;
  private final GroundTruth truth;

  Expert(URI service, GroundTruth truth) {
    this.service = service;
    this.truth = truth;
  }

  /** Number of alerts that are open, of slides known or not. */
  int openAlerts() throws InterruptedException {
    return get("/api/alerts?limit=1").path("total").asInt();
  }

  /**
   * Answers the open alerts.
   *
   * @return the tiles whose masks were corrected
   */
  List<String> correctOpenAlerts(Task task) throws InterruptedException {
    List<JsonNode> mine =
        alerts().stream().filter(a -> truth.knows(a.path("slideId").asText())).toList();
    List<String> corrected = new ArrayList<>();
    for (JsonNode alert : mine) {
      correct(alert);
      corrected.add(alert.path("tileId").asText());
      task.update(corrected.size(), mine.size(), "ground truth plays the expert");
    }
    return corrected;
  }

  private List<JsonNode> alerts() throws InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      String at = cursor.get();
      String after = at.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(at, StandardCharsets.UTF_8);
      JsonNode page = get("/api/alerts?limit=" + PAGE + after);
      page.path("alerts").forEach(all::add);
      cursor = Optional.ofNullable(page.path("next").textValue());
    }
    return all;
  }

  private void correct(JsonNode alert) throws InterruptedException {
    Mask mask =
        truth.mask(
            alert.path("slideId").asText(),
            alert.path("x").asInt(),
            alert.path("y").asInt(),
            alert.path("width").asInt(),
            alert.path("height").asInt());
    String png = Base64.getEncoder().encodeToString(MaskPng.encode(mask));
    try {
      byte[] body =
          json.writeValueAsBytes(Map.of("verdict", "CORRECTED", "reviewer", NAME, "mask", png));
      send(
          HttpRequest.newBuilder(service.resolve(alert.path("links").path("correction").asText()))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(body))
              .build());
    } catch (IOException e) {
      throw new CommandFailedException("A correction cannot be written as JSON: " + e, e);
    }
  }

  private JsonNode get(String path) throws InterruptedException {
    return send(HttpRequest.newBuilder(service.resolve(path)).GET().build());
  }

  private JsonNode send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      JsonNode body = json.readTree(response.body());
      if (response.statusCode() / 100 != 2) {
        throw new CommandFailedException(
            "The review service answered "
                + response.statusCode()
                + " to "
                + request.uri().getPath()
                + ": "
                + body.path("error").asText());
      }
      return body;
    } catch (IOException e) {
      throw new CommandFailedException(
          "The review service at " + service + " does not answer: " + e.getMessage(), e);
    }
  }
}
