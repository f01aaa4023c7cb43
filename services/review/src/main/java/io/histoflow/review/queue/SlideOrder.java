package io.histoflow.review.queue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;

/**
 * An alert's place where the queue goes slide by slide: slides by their ids, and within one as
 * ever.
 *
 * @param slideId id of the slide
 * @param within the alert's place among those of its slide
 */
public record SlideOrder(String slideId, AlertOrder within) implements Comparable<SlideOrder> {
  private static final Comparator<SlideOrder> BY_SLIDE =
      Comparator.comparing(SlideOrder::slideId).thenComparing(SlideOrder::within);

  /** Between the two parts of a cursor; none of their alphabet. */
  private static final char END_OF_SLIDE = '.';

  public SlideOrder {
    Objects.requireNonNull(slideId, "slideId");
    Objects.requireNonNull(within, "within");
  }

  /** Returns an alert's place. */
  public static SlideOrder of(Alert alert) {
    return new SlideOrder(alert.segmentation().getSlideId(), alert.order());
  }

  /** Returns the place as text for an address, to be read by {@link #ofCursor}. */
  public String toCursor() {
    byte[] id = slideId.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id)
        + END_OF_SLIDE
        + within.toCursor();
  }

  /**
   * Reads a cursor.
   *
   * @param cursor what {@link #toCursor} gave
   * @throws IllegalArgumentException where it is not such a text
   */
  public static SlideOrder ofCursor(String cursor) {
    try {
      int end = cursor.indexOf(END_OF_SLIDE);
      if (end < 0) {
        throw new IllegalArgumentException("no slide");
      }
      byte[] id = Base64.getUrlDecoder().decode(cursor.substring(0, end));
      AlertOrder within = AlertOrder.ofCursor(cursor.substring(end + 1));
      return new SlideOrder(new String(id, StandardCharsets.UTF_8), within);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(AlertOrder.NOT_GIVEN_HERE, e);
    }
  }

  @Override
  public int compareTo(SlideOrder other) {
    return BY_SLIDE.compare(this, other);
  }
}
