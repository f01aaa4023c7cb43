package io.histoflow.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.TileGrid.Tile;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TileGridTest {

  @Test
  void shouldShiftTheLastTilesInwards() {
    // Given
    TileGrid grid = new TileGrid(600, 256, 256, 0);

    // When
    List<Tile> tiles = grid.tiles();

    // Then
    assertThat(tiles)
        .containsExactly(
            new Tile(0, 0, 256, 256), new Tile(256, 0, 256, 256), new Tile(344, 0, 256, 256));
  }

  @Test
  void shouldGiveAnImageSmallerThanATileOneTileOfItsSize() {
    assertThat(new TileGrid(100, 30, 256, 64).tiles()).containsExactly(new Tile(0, 0, 100, 30));
  }

  @Test
  void shouldGiveEvenTilesOfADivisibleImage() {
    assertThat(new TileGrid(512, 512, 256, 0).tiles())
        .containsExactly(
            new Tile(0, 0, 256, 256),
            new Tile(256, 0, 256, 256),
            new Tile(0, 256, 256, 256),
            new Tile(256, 256, 256, 256));
  }

  @Test
  void shouldCoverEveryPixelWithDistinctTilesThatOverlapEnough() {
    // Given
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      int width = 1 + random.nextInt(70);
      int height = 1 + random.nextInt(70);
      int size = 1 + random.nextInt(40);
      int overlap = random.nextInt(size);
      TileGrid grid = new TileGrid(width, height, size, overlap);

      // When
      boolean[] covered = new boolean[width * height];
      for (Tile tile : grid.tiles()) {
        for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
          for (int x = tile.x(); x < tile.x() + tile.width(); x++) {
            covered[y * width + x] = true;
          }
        }
      }

      // Then
      assertThat(covered).as("%s", grid).doesNotContain(false);
      assertThat(new HashSet<>(grid.tiles())).hasSize((int) grid.count());
      for (int c = 1; c < grid.columns(); c++) {
        assertThat(grid.tile(c - 1, 0).x() + size - grid.tile(c, 0).x())
            .isGreaterThanOrEqualTo(overlap);
      }
    }
  }

  @Test
  void shouldCountTilesOfTheLargestSlides() {
    assertThat(new TileGrid(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, 0).count())
        .isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
    assertThat(new TileGrid(200_000, 100_000, 256, 0).count()).isEqualTo(782L * 391);
  }

  @Test
  void shouldRefuseOverlapOfAWholeTile() {
    assertThatThrownBy(() -> new TileGrid(10, 10, 4, 4))
        .hasMessage("The overlap must be 0 to 3 pixels for tiles of 4, not 4");
  }
}
