package io.histoflow.loadtests.measuring;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.RgbJpeg;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Synthetic tiles, both decoded and as the JPEG that a scanner would publish. */
public final class BenchTiles {
  private static final double QUALITY = 0.9;

  private BenchTiles() {}

  /**
   * One tile.
   *
   * @param organ organ it looks like
   * @param image its pixels, as decoded
   * @param jpeg what they were decoded from
   */
  public record BenchTile(String organ, RgbImage image, ByteBuffer jpeg) {}

  /**
   * Draws tiles of all organs in turn.
   *
   * @param count how many
   * @param edge of each in pixels
   * @param seed of the synthetic tissue
   */
  public static List<BenchTile> draw(int count, int edge, long seed) {
    SyntheticTissue tissue = new SyntheticTissue(seed);
    List<String> organs = SyntheticTissue.organs();
    ImageDecoder decoder = new ImageDecoder(ImageLimits.forTiles());
    List<BenchTile> tiles = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String organ = organs.get(i % organs.size());
      LabelledTile tile = tissue.tile(organ, i / organs.size(), edge);
      tiles.add(encoded(organ, tile.image(), decoder));
    }
    return List.copyOf(tiles);
  }

  /** Returns so many tiles: the given ones, over and over. */
  public static List<BenchTile> repeat(List<BenchTile> drawn, int count) {
    return IntStream.range(0, count).mapToObj(i -> drawn.get(i % drawn.size())).toList();
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
