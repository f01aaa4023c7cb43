package io.histoflow.results.slide;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.results.outlines.PixelSet;
import io.histoflow.results.outlines.RunList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the positive pixels of a slide row by row. Where tiles overlap, a pixel is positive
 * that one of them calls so; but where a reader has judged a tile, the latest verdict holds.
 *
 * <p>Of the tiles, those are in memory that the present row runs through.
 */
final class SlideRows {
  /** Sees a run of positive pixels; what it is told of them is changed afterwards. */
  interface Visitor {
    /** Sees the pixels of a row from a column to before another. */
    void visit(int row, int from, int to, NucleusTraits traits);
  }

  private final SlideResults slide;
  private final List<Loaded> open = new ArrayList<>();
  private final BitSet positive = new BitSet();
  private final NucleusTraits traits = new NucleusTraits();
  private int widest;

  SlideRows(SlideResults slide) {
    this.slide = slide;
  }

  /** Shows every run, from the top down and from the left. */
  void forEach(Visitor visitor) {
    List<ResultTile> tiles = slide.tiles();
    int next = 0;
    int row = 0;
    while (next < tiles.size() || !open.isEmpty()) {
      if (open.isEmpty()) {
        row = tiles.get(next).top();
      }
      int now = row;
      boolean changed = open.removeIf(tile -> tile.place.bottom() <= now);
      while (next < tiles.size() && tiles.get(next).top() <= row) {
        open.add(new Loaded(slide, tiles.get(next++)));
        changed = true;
      }
      if (changed) {
        open.sort(Comparator.comparingInt(tile -> tile.place.left()));
        widest = open.stream().mapToInt(tile -> tile.place.width()).max().orElse(0);
      }
      show(row, visitor);
      row++;
    }
  }

  private void show(int row, Visitor visitor) {
    positive.clear();
    paint(open, row, positive);
    for (int from = positive.nextSetBit(0); from >= 0; ) {
      int to = positive.nextClearBit(from);
      describe(row, from, to);
      visitor.visit(row, from, to, traits);
      from = positive.nextSetBit(to);
    }
  }

  /** Sets those of a row's pixels that are positive; tiles are asked row after row. */
  private static void paint(List<Loaded> tiles, int row, BitSet positive) {
    tiles.stream().filter(tile -> !tile.isJudged()).forEach(tile -> tile.paint(row, positive));
    tiles.stream()
        .filter(Loaded::isJudged)
        .sorted(Comparator.comparing(tile -> tile.place.judgedAt()))
        .forEach(
            tile -> {
              positive.clear(tile.place.left(), tile.place.right());
              tile.paint(row, positive);
            });
  }

  private void describe(int row, int from, int to) {
    traits.clear();
    int low = 0;
    int high = open.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((long) open.get(middle).place.left() + widest <= from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low; i < open.size() && open.get(i).place.left() < to; i++) {
      open.get(i).describe(row, from, to, traits);
    }
  }

  /** Returns what {@link #forEach} shows of a rectangle: the canvas under a tile. */
  static Mask under(SlideResults slide, ResultTile tile) {
    List<Loaded> tiles =
        slide.within(tile.left(), tile.top(), tile.right(), tile.bottom()).stream()
            .map(other -> new Loaded(slide, other))
            .toList();
    byte[] values = new byte[tile.width() * tile.height()];
    BitSet positive = new BitSet();
    for (int y = 0; y < tile.height(); y++) {
      int row = tile.top() + y;
      positive.clear();
      paint(
          tiles.stream()
              .filter(other -> other.place.top() <= row && row < other.place.bottom())
              .toList(),
          row,
          positive);
      for (int x = positive.nextSetBit(tile.left());
          x >= 0 && x < tile.right();
          x = positive.nextSetBit(x + 1)) {
        values[y * tile.width() + x - tile.left()] = 1;
      }
    }
    return Mask.of(tile.width(), tile.height(), values);
  }

  /** A tile in memory. */
  private static final class Loaded {
    private final ResultTile place;
    private final PixelSet pixels;
    private final Optional<GreyImage> entropy;
    private int run;

    Loaded(SlideResults slide, ResultTile place) {
      this.place = place;
      this.pixels = pixels(slide.mask(place));
      this.entropy = slide.entropy(place);
    }

    boolean isJudged() {
      return place.readersMask().isPresent();
    }

    void paint(int row, BitSet positive) {
      int y = row - place.top();
      while (run < pixels.size() && pixels.row(run) < y) {
        run++;
      }
      for (int i = run; i < pixels.size() && pixels.row(i) == y; i++) {
        positive.set(place.left() + pixels.from(i), place.left() + pixels.to(i));
      }
    }

    void describe(int row, int from, int to, NucleusTraits traits) {
      int first = Math.max(from, place.left());
      int end = Math.min(to, place.right());
      if (first >= end) {
        return;
      }
      traits.addOrigin(place.origin());
      if (entropy.isPresent()) {
        long sum = 0;
        int blockRow = (row - place.top()) / SlideResults.ENTROPY_BLOCK;
        for (int x = first; x < end; x++) {
          sum += entropy.get().at((x - place.left()) / SlideResults.ENTROPY_BLOCK, blockRow);
        }
        traits.addEntropy(sum, end - first);
      }
    }

    private static PixelSet pixels(Mask mask) {
      RunList runs = new RunList();
      byte[] values = mask.values();
      for (int y = 0; y < mask.height(); y++) {
        int row = y * mask.width();
        for (int x = 0; x < mask.width(); x++) {
          if (values[row + x] != 0) {
            int from = x;
            while (x < mask.width() && values[row + x] != 0) {
              x++;
            }
            runs.add(y, from, x);
          }
        }
      }
      return runs.pixels();
    }
  }
}
