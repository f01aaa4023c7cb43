package io.histoflow.topology.ledger;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Refuses records that are good Avro and still no use, before they touch any state: every text is
 * bounded and can be seen, every number is one that can be compared and added up.
 *
 * <p>Each method throws {@link MalformedRecordException} with one sentence; the service's exception
 * handler sends such a record to the dead-letter topic. Sentences are made for records that are
 * refused only: every tile passes here.
 */
public final class InputCheck {
  /**
   * Bytes that an alert needs beside the images of its segmentation, and more: its texts are
   * bounded.
   */
  private static final int ALERT_BYTES = 64 << 10;

  /** Largest mask, entropy map and probabilities together, in bytes, that an alert can carry. */
  public static final int MOST_IMAGE_BYTES = Topics.TILES_REVIEW.maxMessageBytes() - ALERT_BYTES;

  private static final int LONGEST_EDGE = 65_535;
  private static final double SMALLEST_SCALE = 0.001;
  private static final double LARGEST_SCALE = 1_000;

  /** Sums of single precision may end a little above 1. */
  private static final double MOST_BITS = 1 + 1e-6;

  private static final TextRule SLIDE_ID = TextRule.id("slideId");
  private static final TextRule TILE_ID = TextRule.id("tileId");
  private static final TextRule SCAN_ID = TextRule.name("scanId");
  private static final TextRule ORGAN = TextRule.name("organ");
  private static final TextRule WRITTEN_ORGAN = new TextRule("organ", 0, ORGAN.most());
  private static final TextRule CONDITIONED_ON = TextRule.name("conditionedOn");
  private static final TextRule SCANNER = TextRule.name("scanner");
  private static final TextRule SCORE_NAME = TextRule.name("routingScoreName");
  private static final TextRule MODEL_ID = TextRule.name("modelId");
  private static final TextRule TILE_TOPIC = TextRule.id("tile.topic");

  private InputCheck() {}

  /**
   * Checks a segmentation and its key.
   *
   * @return the segmentation with its organ in the one spelling
   */
  public static TileSegmented check(String key, TileSegmented tile) {
    text(TILE_ID, tile.getTileId());
    slide(key, tile.getSlideId());
    optional(SCAN_ID, tile.getScanId());
    String organ = organ(tile.getOrgan());
    text(CONDITIONED_ON, tile.getConditionedOn());
    optional(SCANNER, tile.getScanner());
    text(SCORE_NAME, tile.getRoutingScoreName());
    text(MODEL_ID, tile.getModelId());
    text(TILE_TOPIC, tile.getTile().getTopic());
    require(
        Double.isFinite(tile.getRoutingScore()),
        () ->
            "%s has the routing score %s, which is no number to compare"
                .formatted(segmentation(tile), tile.getRoutingScore()));
    require(
        isShare(tile.getMeanEntropy(), MOST_BITS) && isShare(tile.getTailEntropy(), MOST_BITS),
        () ->
            "%s has the entropies %s and %s, must be 0..1"
                .formatted(segmentation(tile), tile.getMeanEntropy(), tile.getTailEntropy()));
    require(
        isEdge(tile.getWidth()) && isEdge(tile.getHeight()),
        () ->
            "%s is %d x %d pixels large, must be 1 to %d"
                .formatted(segmentation(tile), tile.getWidth(), tile.getHeight(), LONGEST_EDGE));
    require(
        isShare(tile.getPositiveFraction(), 1),
        () ->
            "%s has the positive fraction %s, must be 0..1"
                .formatted(segmentation(tile), tile.getPositiveFraction()));
    require(
        !tile.getBackground() || tile.getPositiveFraction() == 0,
        () ->
            "%s calls it background and has the positive fraction %s, must be 0 then"
                .formatted(segmentation(tile), tile.getPositiveFraction()));
    require(
        tile.getInkFraction() == null || isShare(tile.getInkFraction(), 1),
        () -> segmentation(tile) + " has the ink " + tile.getInkFraction() + ", must be 0..1");
    scale(() -> segmentation(tile), tile.getMicronsPerPixel());
    scale(() -> segmentation(tile) + "'s model", tile.getModelMicronsPerPixel());
    require(
        tile.getModelVersion() >= 0,
        () ->
            "%s has model version %d, must be 0 or more"
                .formatted(segmentation(tile), tile.getModelVersion()));
    require(
        tile.getMask().remaining() <= MOST_IMAGE_BYTES,
        () ->
            "%s has a mask of %d bytes, at most %d fit an alert"
                .formatted(segmentation(tile), tile.getMask().remaining(), MOST_IMAGE_BYTES));
    return organ.equals(tile.getOrgan()) ? tile : RecordCopy.with(tile, Map.of("organ", organ));
  }

  /**
   * Checks a manifest and its key.
   *
   * @return the manifest with its organ in the one spelling
   */
  public static SlideScanned check(String key, SlideScanned manifest) {
    slide(key, manifest.getSlideId());
    optional(SCAN_ID, manifest.getScanId());
    optional(SCANNER, manifest.getScanner());
    require(
        manifest.getTileCount() >= 0,
        () -> "The manifest of slide " + key + " has " + manifest.getTileCount() + " tiles");
    require(
        manifest.getTilesGlass() >= 0,
        () -> "The manifest of slide " + key + " has " + manifest.getTilesGlass() + " glass tiles");
    scale(() -> "The manifest of slide " + key, manifest.getMicronsPerPixel());
    String organ = organ(manifest.getOrgan());
    return organ.equals(manifest.getOrgan())
        ? manifest
        : RecordCopy.with(manifest, Map.of("organ", organ));
  }

  /** Checks the key by which a slide is taken out. */
  public static void checkRemoved(String key) {
    require(key != null, () -> "A record has no key; the key must be the slideId");
    text(SLIDE_ID, key);
  }

  /** Checks what is used of a correction, and its key; the rest is for who learns from it. */
  public static void check(String key, MaskCorrected correction) {
    text(TILE_ID, correction.getTileId());
    text(SLIDE_ID, correction.getSlideId());
    require(
        correction.getTileId().equals(key),
        () ->
            "A correction of tile %s has the key %s; the key must be the tileId"
                .formatted(correction.getTileId(), shown(key)));
  }

  private static void slide(String key, String slideId) {
    text(SLIDE_ID, slideId);
    require(
        slideId.equals(key),
        () ->
            "A record of slide %s has the key %s; the key must be the slideId"
                .formatted(slideId, shown(key)));
  }

  private static String organ(String written) {
    if (written.length() > WRITTEN_ORGAN.most()) {
      text(WRITTEN_ORGAN, written);
    }
    String organ = OrganName.of(written);
    text(ORGAN, organ);
    return organ;
  }

  private static String shown(String key) {
    return key == null || key.length() <= SLIDE_ID.most()
        ? key
        : key.substring(0, SLIDE_ID.most()) + "...";
  }

  private static String segmentation(TileSegmented tile) {
    return "The segmentation of tile " + tile.getTileId();
  }

  private static void optional(TextRule rule, String text) {
    if (text != null) {
      text(rule, text);
    }
  }

  private static void text(TextRule rule, String text) {
    rule.fault(text)
        .ifPresent(
            fault -> {
              throw new MalformedRecordException(fault);
            });
  }

  private static boolean isEdge(int pixels) {
    return pixels >= 1 && pixels <= LONGEST_EDGE;
  }

  private static boolean isShare(double value, double most) {
    return value >= 0 && value <= most;
  }

  private static void scale(Supplier<String> what, Double micronsPerPixel) {
    require(
        micronsPerPixel == null
            || (micronsPerPixel >= SMALLEST_SCALE && micronsPerPixel <= LARGEST_SCALE),
        () ->
            "%s has %s micrometres per pixel, must be %s to %s; leave out what is not known"
                .formatted(what.get(), micronsPerPixel, SMALLEST_SCALE, LARGEST_SCALE));
  }

  private static void require(boolean holds, Supplier<String> sentence) {
    if (!holds) {
      throw new MalformedRecordException(sentence.get());
    }
  }
}
