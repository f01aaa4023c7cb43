package io.histoflow.topology.reports;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.TilePosition;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class SlideGridTest {
  private static final int ALL = Integer.MAX_VALUE;

  @Test
  void shouldLayTilesAsTheManifestSays() {
    // Given: every 80 pixels; the last of a row ends with the slide, here without being shifted
    SlideGrid grid = new SlideGrid(260, 150, 100, 20);

    // When
    List<TilePosition> all = grid.missing(Set.of(), GlassPlaces.NONE, 6, 6, ALL);

    // Then
    assertThat(grid.count()).isEqualTo(6);
    assertThat(all)
        .containsExactly(at(0, 0), at(80, 0), at(160, 0), at(0, 50), at(80, 50), at(160, 50));
  }

  @Test
  void shouldCoverEveryPixelAndEndWithTheSlide() {
    for (int width = 100; width < 420; width += 7) {
      for (int overlap : new int[] {0, 1, 30, 99}) {
        // When
        SlideGrid grid = new SlideGrid(width, 100, 100, overlap);
        List<TilePosition> all =
            grid.missing(Set.of(), GlassPlaces.NONE, (int) grid.count(), (int) grid.count(), ALL);

        // Then
        assertThat(all).hasSize((int) grid.count());
        assertThat(all.get(0).getX()).isZero();
        assertThat(all.get(all.size() - 1).getX()).isEqualTo(width - 100);
        for (int i = 1; i < all.size(); i++) {
          assertThat(all.get(i).getX() - all.get(i - 1).getX()).isBetween(1, 100 - overlap);
        }
        assertThat(grid.missing(positions(all), GlassPlaces.NONE, all.size(), 0, ALL)).isEmpty();
        for (TilePosition one : all) {
          Set<Long> others = all.stream().filter(other -> !other.equals(one)).collect(packed());
          assertThat(grid.missing(others, GlassPlaces.NONE, all.size(), 1, ALL))
              .containsExactly(one);
        }
      }
    }
  }

  @Test
  void shouldNameNoMoreThanAskedForThoughTheSlideIsHuge() {
    // Given: a billion tiles and more
    SlideGrid grid = new SlideGrid(40_000, 40_000, 1, 0);

    // When / Then
    assertThat(
            grid.missing(
                Set.of(SlideGrid.position(0, 0)),
                GlassPlaces.NONE,
                1_600_000_000,
                1_599_999_999,
                2))
        .containsExactly(at(1, 0), at(2, 0));
  }

  @Test
  void shouldNameNothingWhereTilesAndGridDoNotAddUp() {
    // Given: three places
    SlideGrid grid = new SlideGrid(250, 100, 100, 0);
    Set<Long> first = Set.of(SlideGrid.position(0, 0));

    // When / Then
    assertThat(grid.missing(first, GlassPlaces.NONE, 4, 3, ALL))
        .as("another number of tiles")
        .isEmpty();
    assertThat(grid.missing(first, GlassPlaces.NONE, 3, 1, ALL))
        .as("two tiles in one place")
        .isEmpty();
    assertThat(grid.missing(Set.of(SlideGrid.position(5, 0)), GlassPlaces.NONE, 3, 2, ALL))
        .as("a tile beside the grid")
        .isEmpty();
    assertThat(SlideGrid.NONE.missing(first, GlassPlaces.NONE, 3, 2, ALL)).as("no grid").isEmpty();
  }

  @Test
  void shouldNotNameGlassThatTheScannerLeftOut() {
    // Given: 3 x 2 places of which the second and the last are glass, and the third is lost
    SlideGrid grid = new SlideGrid(300, 200, 100, 0);
    BitSet left = new BitSet();
    left.set(1);
    left.set(5);
    GlassPlaces glass = new GlassPlaces(2, deflated(left));
    Set<Long> found = positions(List.of(at(0, 0), at(0, 100), at(100, 100)));

    // When / Then
    assertThat(grid.missing(found, glass, 4, 1, ALL)).containsExactly(at(200, 0));
    assertThat(grid.missing(found, new GlassPlaces(2, new byte[0]), 4, 1, ALL))
        .as("nobody says which")
        .isEmpty();
    assertThat(grid.missing(found, new GlassPlaces(2, new byte[] {1, 2, 3}), 4, 1, ALL))
        .as("damaged")
        .isEmpty();
  }

  private static byte[] deflated(BitSet bits) {
    Deflater deflater = new Deflater();
    deflater.setInput(bits.toByteArray());
    deflater.finish();
    byte[] out = new byte[100];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static TilePosition at(int x, int y) {
    return new TilePosition(x, y);
  }

  private static Set<Long> positions(List<TilePosition> tiles) {
    return tiles.stream().collect(packed());
  }

  private static Collector<TilePosition, ?, Set<Long>> packed() {
    return Collectors.mapping(
        tile -> SlideGrid.position(tile.getX(), tile.getY()), Collectors.toSet());
  }
}
