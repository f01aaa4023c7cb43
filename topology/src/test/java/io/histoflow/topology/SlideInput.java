package io.histoflow.topology;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TilePosition;
import io.histoflow.schemas.TileSegmented;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** One record of the input log of slide reports. */
sealed interface SlideInput {
  /** Hands the record to the topology. */
  void into(RoutingHarness harness);

  /**
   * A manifest.
   *
   * @param slide the manifest
   */
  record Manifest(SlideScanned slide) implements SlideInput {
    @Override
    public void into(RoutingHarness harness) {
      harness.scan(slide);
    }
  }

  /**
   * A result.
   *
   * @param tile the result
   */
  record Tile(TileSegmented tile) implements SlideInput {
    @Override
    public void into(RoutingHarness harness) {
      harness.segment(tile);
    }
  }

  /**
   * A verdict.
   *
   * @param slideId the slide
   * @param tileId the tile
   */
  record Judged(String slideId, String tileId) implements SlideInput {
    @Override
    public void into(RoutingHarness harness) {
      harness.correct(slideId, tileId);
    }
  }

  /** Where tiles of 100 pixels lie on a slide of 250 x 180, worked out by hand. */
  List<TilePosition> PLACES =
      List.of(
          new TilePosition(0, 0),
          new TilePosition(100, 0),
          new TilePosition(150, 0),
          new TilePosition(0, 80),
          new TilePosition(100, 80),
          new TilePosition(150, 80));

  /** Makes the records of a few slides, in random order. */
  static List<SlideInput> shuffled(Random random) {
    List<SlideInput> log = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      String slide = "slide-" + s;
      int manifests = random.nextInt(3);
      for (int m = 0; m < manifests; m++) {
        log.add(new Manifest(manifest(slide, random)));
      }
      for (int t = 0; t < PLACES.size(); t++) {
        if (random.nextInt(5) > 0) {
          addTile(log, slide, t, random);
        }
      }
    }
    Collections.shuffle(log, random);
    return log;
  }

  private static SlideScanned manifest(String slide, Random random) {
    int tiles = random.nextInt(3) > 0 ? PLACES.size() : random.nextInt(PLACES.size() + 2);
    SlideScanned manifest = TestRecords.manifest(slide, "kidney", tiles);
    if (random.nextInt(3) > 0) {
      manifest.put("width", 250);
      manifest.put("height", 180);
      manifest.put("tileSize", 100);
      manifest.put("overlap", random.nextBoolean() ? 0 : null);
    }
    manifest.put("micronsPerPixel", random.nextBoolean() ? 0.25 : null);
    return manifest;
  }

  private static void addTile(List<SlideInput> log, String slide, int number, Random random) {
    String id = slide + "/" + number;
    int results = 1 + random.nextInt(3);
    for (int r = 0; r < results; r++) {
      TileSegmented tile =
          TestRecords.tile(slide, id, "kidney", random.nextDouble(), random.nextInt(4));
      tile.put("x", PLACES.get(number).getX());
      tile.put("y", PLACES.get(number).getY());
      tile.put("positiveFraction", random.nextInt(101) / 100.0);
      if (random.nextInt(4) == 0) {
        TestRecords.asBackground(tile);
      }
      tile.put("micronsPerPixel", random.nextInt(4) > 0 ? 0.5 : null);
      Instant at = TestRecords.START.plusMillis(random.nextInt(1_000_000));
      tile.put("segmentedAt", at);
      tile.put("replayed", r > 0);
      int copies = 1 + random.nextInt(2);
      for (int c = 0; c < copies; c++) {
        log.add(new Tile(tile));
      }
    }
    if (random.nextInt(3) == 0) {
      log.add(new Judged(slide, id));
    }
  }
}
