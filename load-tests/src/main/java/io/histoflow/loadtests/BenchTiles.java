package io.histoflow.loadtests;

import io.histoflow.imaging.ImageDecoder;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.RgbJpeg;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Synthetic tiles, both decoded and as the JPEG that a scanner would publish. */
final class BenchTiles {
  private static final double QUALITY = 0.9;

  private BenchTiles() {}

  /**
   * One tile.
   *
   * @param organ organ it looks like
   * @param image its pixels, as decoded
   * @param jpeg what they were decoded from
   */
  record BenchTile(String organ, RgbImage image, ByteBuffer jpeg) {}

  /** Draws tiles of all organs in turn. */
  static List<BenchTile> draw(PipelineBenchSettings settings) {
    SyntheticTissue tissue = new SyntheticTissue(settings.seed());
    List<String> organs = SyntheticTissue.organs();
    ImageDecoder decoder = new ImageDecoder(ImageLimits.forTiles());
    List<BenchTile> tiles = new ArrayList<>(settings.tiles());
    for (int i = 0; i < settings.tiles(); i++) {
      String organ = organs.get(i % organs.size());
      LabelledTile tile = tissue.tile(organ, i / organs.size(), settings.tileSize());
      tiles.add(encoded(organ, tile.image(), decoder));
    }
    return List.copyOf(tiles);
  }

  private static BenchTile encoded(String organ, RgbImage image, ImageDecoder decoder) {
    byte[] jpeg = RgbJpeg.encode(image, QUALITY);
    try {
      return new BenchTile(organ, decoder.decode(jpeg), ByteBuffer.wrap(jpeg));
    } catch (ImageRejectedException e) {
      throw new BenchException("A tile that was encoded here cannot be decoded.", e);
    }
  }
}
