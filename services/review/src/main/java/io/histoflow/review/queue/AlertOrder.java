package io.histoflow.review.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Objects;

/**
 * An alert's place in the queue: most uncertain first, then the oldest, then by id. It does not
 * move while other alerts come and go, so it serves as the cursor of a page.
 *
 * @param score routing score, finite
 * @param requestedAt when the alert was raised, to the millisecond
 * @param tileId id of the tile
 */
public record AlertOrder(double score, Instant requestedAt, String tileId)
    implements Comparable<AlertOrder> {
  static final String NOT_GIVEN_HERE =
      "The cursor is not one that this service gave: begin again without it";

  private static final Comparator<AlertOrder> MOST_UNCERTAIN_FIRST =
      Comparator.comparingDouble(AlertOrder::score)
          .reversed()
          .thenComparing(AlertOrder::requestedAt)
          .thenComparing(AlertOrder::tileId);
  private static final int FIXED_BYTES = 2 * Long.BYTES;

  public AlertOrder {
    Objects.requireNonNull(requestedAt, "requestedAt");
    Objects.requireNonNull(tileId, "tileId");
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("A score of " + score + " has no place in the queue");
    }
  }

  /** Returns the place as text for an address, to be read by {@link #ofCursor}. */
  public String toCursor() {
    byte[] id = tileId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + id.length);
    bytes.putDouble(score).putLong(requestedAt.toEpochMilli()).put(id);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * Reads a cursor.
   *
   * @param cursor what {@link #toCursor} gave
   * @throws IllegalArgumentException where it is not such a text
   */
  public static AlertOrder ofCursor(String cursor) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
      if (bytes.remaining() < FIXED_BYTES) {
        throw new IllegalArgumentException("too short");
      }
      double score = bytes.getDouble();
      Instant requestedAt = Instant.ofEpochMilli(bytes.getLong());
      return new AlertOrder(
          score, requestedAt, StandardCharsets.UTF_8.decode(bytes.slice()).toString());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(NOT_GIVEN_HERE, e);
    }
  }

  @Override
  public int compareTo(AlertOrder other) {
    return MOST_UNCERTAIN_FIRST.compare(this, other);
  }
}
