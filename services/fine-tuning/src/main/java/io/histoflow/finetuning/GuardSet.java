package io.histoflow.finetuning;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.Sample;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageRejectedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A fixed set of tiles with truth on which no candidate may get worse, whatever it was taught: the
 * corrections of a day say nothing of the organs that nobody corrected.
 *
 * @param about what it is, for people
 * @param tiles read when they are needed, one at a time
 */
record GuardSet(String about, List<TileSource> tiles) {

  private static final long SEED = 7;
  private static final int TILES_PER_ORGAN = 2;
  private static final int EDGE = 256;

  GuardSet {
    tiles = List.copyOf(tiles);
  }

  /**
   * Returns a data set of the site's own: labelled images that nobody trains on.
   *
   * @param micronsPerPixel of its images; empty = the model's
   * @throws io.histoflow.datasets.DatasetException where the folder holds none
   */
  static GuardSet of(Path folder, OptionalDouble micronsPerPixel) {
    List<TileSource> tiles = new ArrayList<>();
    for (Sample sample : Dataset.open(folder).at(micronsPerPixel).samples()) {
      tiles.add(sample::load);
    }
    return new GuardSet(tiles.size() + " images of " + folder.getFileName(), tiles);
  }

  /**
   * Returns the audited tiles among those that are held out: chance drew them of all that the site
   * scanned, and nobody trains on them. The one at hand where they are fewer than wanted.
   *
   * @param fewest wanted, 0 where they never are
   * @param audited ids of audited tiles that are held out
   * @param heldOut all tiles that are held out
   * @throws ImageRejectedException when a tile that was sound before cannot be decoded
   */
  GuardSet orAudited(int fewest, Set<String> audited, List<TileSource> heldOut)
      throws ImageRejectedException {
    if (fewest == 0) {
      return this;
    }
    List<TileSource> drawn = new ArrayList<>();
    for (TileSource tile : heldOut) {
      if (audited.contains(tile.decode().id())) {
        drawn.add(tile);
      }
    }
    return drawn.size() < fewest
        ? new GuardSet(
            "%s, since of %d audited tiles that are wanted %d are held out"
                .formatted(about, fewest, drawn.size()),
            tiles)
        : new GuardSet(drawn.size() + " audited tiles of the site", drawn);
  }

  /** Returns synthetic tiles, for want of real ones: they show a network that broke. */
  static GuardSet synthetic() {
    SyntheticTissue tissue = new SyntheticTissue(SEED);
    List<TileSource> tiles = new ArrayList<>();
    for (String organ : SyntheticTissue.organs()) {
      for (int i = 0; i < TILES_PER_ORGAN; i++) {
        int index = i;
        tiles.add(() -> tissue.tile(organ, index, EDGE));
      }
    }
    return new GuardSet(tiles.size() + " synthetic tiles", tiles);
  }
}
