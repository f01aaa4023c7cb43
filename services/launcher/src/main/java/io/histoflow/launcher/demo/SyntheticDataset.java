package io.histoflow.launcher.demo;

import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes synthetic H&amp;E images with exact masks in the layout of a data set, so that the demo
 * treats them as it treats real ones.
 */
final class SyntheticDataset {
  /** Edge of an image: four tiles of 256 pixels. */
  static final int IMAGE_EDGE = 512;

  private static final int TILES_PER_IMAGE = 4;

  private final SyntheticTissue tissue;

  SyntheticDataset(long seed) {
    tissue = new SyntheticTissue(seed);
  }

  /**
   * Writes images until their tiles reach a number, organ after organ in turn.
   *
   * @param root folder to write to
   * @param tiles number of tiles wanted, 1 or more; rounded up to whole images, at least two images
   *     of each organ so that one can be held out
   */
  void write(Path root, int tiles) {
    DatasetWriter writer = new DatasetWriter(root);
    List<String> organs = SyntheticTissue.organs();
    int images = Math.max(2 * organs.size(), (tiles + TILES_PER_IMAGE - 1) / TILES_PER_IMAGE);
    for (int i = 0; i < images; i++) {
      String organ = organs.get(i % organs.size());
      writer.write(tissue.image(organ, i / organs.size(), IMAGE_EDGE, IMAGE_EDGE));
    }
  }
}
