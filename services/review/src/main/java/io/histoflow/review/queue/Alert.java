package io.histoflow.review.queue;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open alert, light enough to keep many: what was requested without mask, entropy map and
 * probabilities, which are read again from the alert's own record when somebody looks at the tile.
 *
 * @param request the alert; its mask is empty, its entropy map and probabilities are null
 * @param position where the whole alert lies
 * @param hasEntropyMap whether the whole alert carries an entropy map
 * @param hasProbabilities whether the whole alert carries probabilities
 */
public record Alert(
    ReviewRequested request,
    RecordPosition position,
    boolean hasEntropyMap,
    boolean hasProbabilities) {
  /** Longest id and organ that is accepted, in UTF-16 units. */
  public static final int MAX_NAME = 256;

  private static final List<String> FURTHER_NAMES =
      List.of("organ", "conditionedOn", "routingScoreName", "scanner", "scanId");
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /**
   * Checks an alert as it came from Kafka and takes what is to be kept.
   *
   * @param key key of the record
   * @param request value of the record
   * @param position where the record lies
   * @throws IllegalArgumentException with a sentence, where the alert cannot be reviewed
   */
  public static Alert of(String key, ReviewRequested request, RecordPosition position) {
    TileSegmented segmentation = request.getSegmentation();
    requireName("tileId", segmentation.getTileId());
    if (!segmentation.getTileId().equals(key)) {
      throw new IllegalArgumentException(
          "The alert's key is not its tileId, %s: a tombstone could never close it"
              .formatted(quoted(segmentation.getTileId())));
    }
    requireName("slideId", segmentation.getSlideId());
    requireName("modelId", segmentation.getModelId());
    for (String field : FURTHER_NAMES) {
      requireAtMost(field, (String) segmentation.get(field));
    }
    requireSize(segmentation.getWidth(), segmentation.getHeight());
    if (!Double.isFinite(request.getScore())) {
      throw new IllegalArgumentException(
          "The alert's score is " + request.getScore() + ": it cannot be put in order");
    }
    TileLocation tile = segmentation.getTile();
    if (!tile.getTopic().equals(Topics.TILES_SCANNED.name())) {
      throw new IllegalArgumentException(
          "The alert's tile lies in topic %s: tiles are read from %s only"
              .formatted(quoted(tile.getTopic()), Topics.TILES_SCANNED.name()));
    }
    Alert alert =
        new Alert(
            light(request),
            position,
            segmentation.getEntropyMap() != null,
            segmentation.getProbabilities() != null);
    // The position checks partition and offset.
    var unused = alert.tile();
    return alert;
  }

  /** Returns the tile's id. */
  public String tileId() {
    return segmentation().getTileId();
  }

  /** Returns the organ, as {@link OrganName} spells it. */
  public String organ() {
    return segmentation().getOrgan();
  }

  /** Returns the routing score: the higher, the more uncertain. */
  public double score() {
    return request.getScore();
  }

  /** Returns when the alert was raised. */
  public Instant requestedAt() {
    return request.getRequestedAt();
  }

  /** Returns the alert's place in the queue. */
  public AlertOrder order() {
    return new AlertOrder(score(), requestedAt(), tileId());
  }

  /** Returns who gave the verdict where a second person is asked; empty on all other alerts. */
  public Optional<String> firstReader() {
    return Optional.ofNullable(request.getFirstReader());
  }

  /** Returns the segmentation, without mask, entropy map and probabilities. */
  public TileSegmented segmentation() {
    return request.getSegmentation();
  }

  /** Returns where the scanned tile lies. */
  public RecordPosition tile() {
    TileLocation tile = segmentation().getTile();
    return new RecordPosition(tile.getTopic(), tile.getPartition(), tile.getOffset());
  }

  private static ReviewRequested light(ReviewRequested request) {
    TileSegmented whole = request.getSegmentation();
    TileSegmented light =
        RecordCopy.with(whole, Map.of("organ", OrganName.of(whole.getOrgan()), "mask", NOTHING));
    light.put("entropyMap", null);
    light.put("probabilities", null);
    return RecordCopy.with(request, Map.of("segmentation", light));
  }

  private static void requireName(String field, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("The alert's " + field + " is empty");
    }
    requireAtMost(field, value);
  }

  private static void requireAtMost(String field, String value) {
    if (value != null && value.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "The alert's %s is %s characters long where %s are allowed"
              .formatted(field, value.length(), MAX_NAME));
    }
  }

  private static void requireSize(int width, int height) {
    ImageLimits limits = ImageLimits.forTiles();
    if (width < 1
        || height < 1
        || width > limits.maxWidth()
        || height > limits.maxHeight()
        || (long) width * height > limits.maxPixels()) {
      throw new IllegalArgumentException(
          "The alert's tile is %s x %s pixels where 1 x 1 to %s x %s can be shown"
              .formatted(width, height, limits.maxWidth(), limits.maxHeight()));
    }
  }

  private static String quoted(String text) {
    return '"' + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + '"';
  }
}
