package io.histoflow.review.correction;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.access.ReviewerName;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.UnusableReason;
import io.histoflow.schemas.Verdict;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A verdict as somebody sent it, well-formed but not yet held against its alert.
 *
 * @param verdict CONFIRMED, CORRECTED or UNUSABLE
 * @param reviewer who decided, 1 to 128 characters; empty where not said
 * @param comment free text of 1 to 2,000 characters; empty where none
 * @param mask the corrected mask as PNG; present exactly where the verdict is CORRECTED
 * @param unusableReason why the tile cannot be judged; where the verdict is UNUSABLE only
 * @param blind whether the model's mask was hidden from the reviewer; it cannot be CONFIRMED then
 * @param viewedMillis for how long the tile was looked at, 0 or more; empty where not said
 */
public record Submission(
    Verdict verdict,
    Optional<String> reviewer,
    Optional<String> comment,
    Optional<byte[]> mask,
    Optional<UnusableReason> unusableReason,
    boolean blind,
    Optional<Long> viewedMillis) {
  private static final TextRule COMMENT = new TextRule("comment", 0, 2_000);
  private static final Set<String> FIELDS =
      Set.of("verdict", "reviewer", "comment", "mask", "unusableReason", "blind", "viewedMillis");
  private static final String REASONS =
      Arrays.stream(UnusableReason.values())
          .filter(reason -> reason != UnusableReason.UNKNOWN)
          .map(Enum::name)
          .collect(Collectors.joining(", "));
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public Submission {
    Objects.requireNonNull(verdict, "verdict");
    if (mask.isPresent() != (verdict == Verdict.CORRECTED)) {
      throw new IllegalArgumentException("A mask belongs to CORRECTED and to no other verdict");
    }
    if (unusableReason.isPresent() && verdict != Verdict.UNUSABLE) {
      throw new IllegalArgumentException("A reason belongs to UNUSABLE and to no other verdict");
    }
    if (blind && verdict == Verdict.CONFIRMED) {
      throw new IllegalArgumentException("A mask that was hidden cannot be confirmed");
    }
    if (viewedMillis.filter(millis -> millis < 0).isPresent()) {
      throw new IllegalArgumentException("Nothing is looked at for less than no time");
    }
  }

  /**
   * Reads {@code {"verdict": ..., "reviewer": ..., "comment": ..., "mask": base64 of a PNG,
   * "unusableReason": ..., "blind": true or false, "viewedMillis": ...}}.
   *
   * @param body JSON in UTF-8
   * @throws RefusedException where it is anything else
   */
  public static Submission ofJson(byte[] body) throws RefusedException {
    JsonNode json = object(body);
    Verdict verdict = verdict(text(json, "verdict").orElse(""));
    Optional<String> mask = text(json, "mask");
    if (verdict == Verdict.CORRECTED && mask.isEmpty()) {
      throw new RefusedException(
          Reason.INVALID,
          "The verdict is CORRECTED and \"mask\" is missing: send the mask as PNG in base64.");
    }
    if (verdict != Verdict.CORRECTED && mask.isPresent()) {
      throw new RefusedException(
          Reason.INVALID,
          "The verdict is " + verdict + " and takes no \"mask\": send one with CORRECTED only.");
    }
    Optional<String> reason = text(json, "unusableReason");
    if (verdict != Verdict.UNUSABLE && reason.isPresent()) {
      throw new RefusedException(
          Reason.INVALID,
          "The verdict is "
              + verdict
              + " and takes no \"unusableReason\": send one with UNUSABLE only.");
    }
    boolean blind = flag(json, "blind");
    if (blind && verdict == Verdict.CONFIRMED) {
      throw new RefusedException(
          Reason.INVALID,
          "A mask that was hidden cannot be CONFIRMED: send CORRECTED with what was drawn, an"
              + " empty mask where nothing is there.");
    }
    return new Submission(
        verdict,
        reviewer(text(json, "reviewer")),
        comment(text(json, "comment")),
        mask.isPresent() ? Optional.of(png(mask.get())) : Optional.empty(),
        reason.isPresent() ? Optional.of(unusableReason(reason.get())) : Optional.empty(),
        blind,
        millis(json, "viewedMillis"));
  }

  /** Makes the verdict CORRECTED of a mask. */
  public static Submission ofMask(Mask mask, Optional<String> reviewer, Optional<String> comment) {
    return new Submission(
        Verdict.CORRECTED,
        reviewer,
        comment,
        Optional.of(MaskPng.encode(mask)),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static JsonNode object(byte[] body) throws RefusedException {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new RefusedException(
          Reason.INVALID, "The body is not JSON: " + e.getOriginalMessage() + ".", e);
    } catch (IOException e) {
      throw new RefusedException(Reason.INVALID, "The body is not JSON in UTF-8.", e);
    }
    if (json == null || !json.isObject()) {
      throw new RefusedException(
          Reason.INVALID,
          "The body is no JSON object: send {\"verdict\": \"CONFIRMED\"} for example.");
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!FIELDS.contains(name)) {
        throw new RefusedException(
            Reason.INVALID,
            "The field \""
                + shortened(name)
                + "\" is not known: a correction has verdict, reviewer, comment, mask,"
                + " unusableReason, blind and viewedMillis.");
      }
    }
    return json;
  }

  private static Verdict verdict(String text) throws RefusedException {
    try {
      Verdict verdict = Verdict.valueOf(text.toUpperCase(Locale.ROOT));
      if (verdict != Verdict.UNKNOWN) {
        return verdict;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the answer for UNKNOWN.
    }
    throw new RefusedException(
        Reason.INVALID,
        "The verdict is \"" + shortened(text) + "\" but must be CONFIRMED, CORRECTED or UNUSABLE.");
  }

  private static UnusableReason unusableReason(String text) throws RefusedException {
    try {
      UnusableReason reason = UnusableReason.valueOf(text.toUpperCase(Locale.ROOT));
      if (reason != UnusableReason.UNKNOWN) {
        return reason;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the answer for UNKNOWN.
    }
    throw new RefusedException(
        Reason.INVALID,
        "The unusableReason is \"" + shortened(text) + "\" but must be one of " + REASONS + ".");
  }

  private static Optional<String> text(JsonNode json, String field) throws RefusedException {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new RefusedException(Reason.INVALID, "The field \"" + field + "\" must be text.");
    }
    return Optional.of(value.textValue());
  }

  private static boolean flag(JsonNode json, String field) throws RefusedException {
    JsonNode value = json.get(field);
    if (value != null && !value.isNull() && !value.isBoolean()) {
      throw new RefusedException(
          Reason.INVALID, "The field \"" + field + "\" must be true or false.");
    }
    return value != null && value.booleanValue();
  }

  private static Optional<Long> millis(JsonNode json, String field) throws RefusedException {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
      throw new RefusedException(
          Reason.INVALID,
          "The field \"" + field + "\" must be a whole number of milliseconds, 0 or more.");
    }
    return Optional.of(value.longValue());
  }

  private static Optional<String> reviewer(Optional<String> text) throws RefusedException {
    Optional<String> name = text.map(ReviewerName::of).filter(value -> !value.isEmpty());
    refuse(name.flatMap(ReviewerName::fault));
    return name;
  }

  private static Optional<String> comment(Optional<String> text) throws RefusedException {
    Optional<String> comment = text.map(String::strip).filter(value -> !value.isEmpty());
    // Free text has lines; each is a line that can be seen.
    refuse(comment.map(value -> value.replaceAll("[\\n\\r\\t]", " ")).flatMap(COMMENT::fault));
    return comment;
  }

  private static void refuse(Optional<String> fault) throws RefusedException {
    if (fault.isPresent()) {
      throw new RefusedException(Reason.INVALID, fault.get());
    }
  }

  private static byte[] png(String base64) throws RefusedException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Reason.INVALID, "The field \"mask\" is not base64: " + e.getMessage() + ".", e);
    }
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
