package io.histoflow.review.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.access.Role;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.review.letters.LetterDesk;
import io.histoflow.review.letters.LetterPictures;
import io.histoflow.review.letters.LetterReader;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.Topics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What was refused: the newest dead letters, the tiles that they hold, and publishing again. */
final class LettersApi {
  /** What the paths of a letter begin with. */
  static final String PATH = "/api/dead-letters/";

  private static final int DEFAULT_LIMIT = 50;

  private final LetterReader letters;
  private final LetterPictures pictures;
  private final LetterDesk desk;
  private final Reviewers reviewers;
  private final ObjectMapper json = new ObjectMapper();

  LettersApi(LetterReader letters, LetterPictures pictures, LetterDesk desk, Reviewers reviewers) {
    this.letters = letters;
    this.pictures = pictures;
    this.desk = desk;
    this.reviewers = reviewers;
  }

  void addTo(RoutesConfig routes) {
    routes.get("/api/dead-letters", this::list);
    routes.get(
        PATH + "{letter}/picture",
        ctx -> ctx.contentType("image/png").result(pictures.draw(letter(ctx))));
    routes.post(PATH + "{letter}/retry", this::retry);
  }

  private void list(Context ctx) throws RefusedException {
    LetterReader.Page page =
        letters.newest(AlertsApi.limit(ctx.queryParam("limit"), DEFAULT_LIMIT));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "letters", page.letters().stream().map(letter -> LettersApi.json(letter, page)).toList());
    answer.put("atMost", page.atMost());
    answer.put("isWhole", page.isWhole());
    ctx.json(answer);
  }

  private void retry(Context ctx) throws RefusedException {
    reviewers.require(ctx, Role.LEAD);
    LetterId letter = letter(ctx);
    JsonNode asked;
    try {
      asked = json.readTree(ctx.bodyAsBytes());
    } catch (IOException e) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The body is not JSON.");
    }
    JsonNode again = asked.path("again");
    if (!again.isMissingNode() && !again.isBoolean()) {
      throw new ApiException(HttpStatus.BAD_REQUEST, "The field \"again\" must be true or false.");
    }
    String by = reviewers.decider(ctx, Optional.ofNullable(asked.path("reviewer").textValue()));
    String topic = desk.retry(letter, by, again.asBoolean());
    ctx.json(Map.of("letter", letter.toString(), "topic", topic));
  }

  private static LetterId letter(Context ctx) {
    return LetterId.parse(ctx.pathParam("letter"))
        .orElseThrow(
            () ->
                new ApiException(
                    HttpStatus.NOT_FOUND, "A letter is named by its place, such as 0@17."));
  }

  private static Map<String, Object> json(LetterReader.Letter letter, LetterReader.Page page) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("letter", letter.id().toString());
    json.put("reason", letter.reason());
    json.put("service", letter.service());
    json.put("topic", letter.topic());
    json.put("source", letter.source());
    json.put("key", letter.key());
    json.put("at", letter.at().toString());
    json.put("bytes", letter.bytes());
    json.put("obstacle", letter.obstacle().orElse(null));
    json.put("retried", retried(letter.id(), page));
    json.put("tile", letter.topic().equals(Topics.TILES_SCANNED.name()) && letter.bytes() > 0);
    return json;
  }

  /** Where not all notes could be read, nobody knows of a letter that there is none of it. */
  private static Boolean retried(LetterId id, LetterReader.Page page) {
    boolean noted = page.retried().contains(id);
    return (noted || page.isWhole()) ? Boolean.valueOf(noted) : null;
  }
}
