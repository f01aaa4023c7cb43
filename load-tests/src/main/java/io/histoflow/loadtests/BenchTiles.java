package io.histoflow.loadtests;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.RgbPng;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Synthetic tiles, both decoded and as the PNG that a scanner would publish. */
final class BenchTiles {
  private BenchTiles() {}

  /**
   * One tile.
   *
   * @param organ organ it looks like
   * @param image its pixels
   * @param png the same pixels, encoded
   */
  record BenchTile(String organ, RgbImage image, ByteBuffer png) {}

  /** Draws tiles of all organs in turn. */
  static List<BenchTile> draw(PipelineBenchSettings settings) {
    SyntheticTissue tissue = new SyntheticTissue(settings.seed());
    List<String> organs = SyntheticTissue.organs();
    List<BenchTile> tiles = new ArrayList<>(settings.tiles());
    for (int i = 0; i < settings.tiles(); i++) {
      String organ = organs.get(i % organs.size());
      LabelledTile tile = tissue.tile(organ, i / organs.size(), settings.tileSize());
      tiles.add(new BenchTile(organ, tile.image(), ByteBuffer.wrap(RgbPng.encode(tile.image()))));
    }
    return List.copyOf(tiles);
  }
}
