package io.histoflow.review.queue;

import io.histoflow.schemas.ReviewReason;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which open alerts are meant; an empty condition lets all through.
 *
 * @param organ their organ
 * @param slideId their slide
 * @param reason why they were raised
 * @param raisedUntil the latest time at which they were raised
 * @param tiles their tiles
 * @param reader who asks: a tile that this person read first is not shown to be read again
 */
public record AlertFilter(
    Optional<String> organ,
    Optional<String> slideId,
    Optional<ReviewReason> reason,
    Optional<Instant> raisedUntil,
    Optional<Set<String>> tiles,
    Optional<String> reader) {
  /** Every alert. */
  public static final AlertFilter ALL =
      new AlertFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Returns the alerts of a slide. */
  public static AlertFilter ofSlide(String slideId) {
    return new AlertFilter(
        Optional.empty(),
        Optional.of(slideId),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the alerts of an organ. */
  public static AlertFilter ofOrgan(String organ) {
    return new AlertFilter(
        Optional.of(organ),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  boolean includes(Alert alert) {
    return organ.map(alert.organ()::equals).orElse(true)
        && slideId.map(alert.segmentation().getSlideId()::equals).orElse(true)
        && reason.map(alert.request().getReason()::equals).orElse(true)
        && raisedUntil.map(time -> !alert.requestedAt().isAfter(time)).orElse(true)
        && tiles.map(ids -> ids.contains(alert.tileId())).orElse(true)
        && (reader.isEmpty() || !alert.firstReader().equals(reader));
  }
}
