package io.histoflow.topology.ledger;

import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileSegmented;
import java.util.function.Supplier;

/**
 * Refuses records that are good Avro and still no use, before they touch any state.
 *
 * <p>Each method throws {@link MalformedRecordException} with one sentence; the service's exception
 * handler sends such a record to the dead-letter topic. Sentences are made for records that are
 * refused only: every tile passes here.
 */
public final class InputCheck {
  private static final int LONGEST_ID = 256;
  private static final int LONGEST_NAME = 128;

  private InputCheck() {}

  /** Checks a segmentation and its key. */
  public static void check(String key, TileSegmented tile) {
    id("tileId", tile.getTileId());
    slide(key, tile.getSlideId());
    require(
        tile.getOrgan().length() <= LONGEST_ID,
        () ->
            "a segmentation's organ is "
                + tile.getOrgan().length()
                + " characters long, at most "
                + LONGEST_ID
                + " are allowed");
    require(
        tile.getOrgan().indexOf(SlideTiles.SEPARATOR) < 0,
        () -> "the segmentation of tile " + tile.getTileId() + " has an organ with a NUL");
    require(
        tile.getScanner() == null || tile.getScanner().indexOf(SlideTiles.SEPARATOR) < 0,
        () -> "the segmentation of tile " + tile.getTileId() + " names a scanner with a NUL");
    require(
        tile.getRoutingScoreName().length() <= LONGEST_NAME,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has a routingScoreName of more than "
                + LONGEST_NAME
                + " characters");
    require(
        Double.isFinite(tile.getRoutingScore()),
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has the routing score "
                + tile.getRoutingScore()
                + ", which is no number to compare");
    require(
        tile.getScanner() == null || tile.getScanner().length() <= LONGEST_ID,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " names a scanner of more than "
                + LONGEST_ID
                + " characters");
    require(
        Double.isFinite(tile.getMeanEntropy()),
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has the mean entropy "
                + tile.getMeanEntropy()
                + ", which is no number to compare");
    require(
        tile.getWidth() > 0 && tile.getHeight() > 0,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " is "
                + tile.getWidth()
                + " x "
                + tile.getHeight()
                + " pixels large");
    require(
        tile.getPositiveFraction() >= 0 && tile.getPositiveFraction() <= 1,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has the positive fraction "
                + tile.getPositiveFraction()
                + ", must be 0..1");
    require(
        !tile.getBackground() || tile.getPositiveFraction() == 0,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " calls it background and has the positive fraction "
                + tile.getPositiveFraction()
                + ", must be 0 then");
    require(
        Double.isFinite(tile.getMeanEntropy()) && Double.isFinite(tile.getTailEntropy()),
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has the entropies "
                + tile.getMeanEntropy()
                + " and "
                + tile.getTailEntropy()
                + ", which are no numbers to add up");
    scale(() -> "the segmentation of tile " + tile.getTileId(), tile.getMicronsPerPixel());
    require(
        tile.getModelVersion() >= 0,
        () ->
            "the segmentation of tile "
                + tile.getTileId()
                + " has model version "
                + tile.getModelVersion()
                + ", must be 0 or more");
  }

  /** Checks a manifest and its key. */
  public static void check(String key, SlideScanned manifest) {
    slide(key, manifest.getSlideId());
    require(
        manifest.getOrgan().length() <= LONGEST_ID,
        () ->
            "the manifest of slide "
                + key
                + " has an organ of more than "
                + LONGEST_ID
                + " characters");
    require(
        manifest.getTileCount() >= 0,
        () -> "the manifest of slide " + key + " has " + manifest.getTileCount() + " tiles");
    scale(() -> "the manifest of slide " + key, manifest.getMicronsPerPixel());
  }

  /** Checks what is used of a correction. */
  public static void check(MaskCorrected correction) {
    id("tileId", correction.getTileId());
    id("slideId", correction.getSlideId());
  }

  private static void slide(String key, String slideId) {
    id("slideId", slideId);
    require(
        slideId.equals(key),
        () ->
            "a record of slide "
                + slideId
                + " has the key "
                + key
                + "; the key must be the slideId");
  }

  private static void id(String what, String id) {
    require(
        !id.isEmpty() && id.length() <= LONGEST_ID && id.indexOf(SlideTiles.SEPARATOR) < 0,
        () -> "a " + what + " must have 1 to " + LONGEST_ID + " characters and no NUL");
  }

  private static void scale(Supplier<String> what, Double micronsPerPixel) {
    require(
        micronsPerPixel == null || (micronsPerPixel > 0 && Double.isFinite(micronsPerPixel)),
        () ->
            what.get()
                + " has "
                + micronsPerPixel
                + " micrometres per pixel; leave out what is not known");
  }

  private static void require(boolean holds, Supplier<String> words) {
    if (!holds) {
      String sentence = words.get();
      throw new MalformedRecordException(
          Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1));
    }
  }
}
