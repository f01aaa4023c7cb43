package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.scanning.image.SlideImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenImageTest {
  private static final ScanSettings SETTINGS =
      new ScanSettings(
          16, 0, TileEncoding.PNG, 0.9, "", true, 0.25, Path.of("unused"), Duration.ZERO, 1);

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "memory, asks for more memory than the",
    "stack, nested too deeply",
    "reader, its reader fails on it",
  })
  void shouldMakeWhateverAReaderDoesTheRejectionOfItsFile(String fault, String sentence) {
    // Given
    OpenImage image = open(new Broken(fault));

    // When, Then
    assertThatThrownBy(() -> image.encoded(image.grid().tile(0, 0)))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining(sentence);
    image.close();
  }

  @Test
  void shouldReadATileOfAnImageThatCanBeRead() throws Exception {
    OpenImage image = open(new Broken("none"));
    assertThat(image.encoded(image.grid().tile(0, 0))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.25, 0.25, 0, 1",
    "0.25, 0.5, 1, 2",
    "0.25, 0.49, 1, 2",
    "0.25, 0.45, 0, 1",
    "0.25, 20, 1, 2",
    "0.5, 0.25, 0, 1",
  })
  void shouldReadTheSmallestLevelThatIsFineEnough(
      double mpp, double wanted, int level, double downsample) throws Exception {
    // Given: 200 x 150 and 100 x 75 pixels, tiles of 16 pixels of the level
    PixelChoice pixels =
        new PixelChoice(OptionalDouble.of(mpp), OptionalDouble.of(wanted), false, Optional.empty());
    Path file = Files.copy(Path.of(getClass().getResource("image/levels.tif").toURI()), copy());

    // When
    try (OpenImage image = OpenImage.of(file, SETTINGS, pixels)) {
      // Then: places are of level 0, and the last one ends with it
      assertThat(image.level()).isEqualTo(level);
      assertThat(image.grid().tileSize()).isEqualTo((int) (16 * downsample));
      assertThat(image.micronsOfTiles()).hasValue(mpp * downsample);
      TileGrid grid = image.grid();
      TileGrid.Tile last = grid.tile(grid.columns() - 1, grid.rows() - 1);
      assertThat(last.x() + last.width()).isEqualTo(200);
      assertThat(image.onLevel(last))
          .isEqualTo(
              new TileGrid.Tile(
                  (int) (last.x() / downsample), (int) (last.y() / downsample), 16, 16));
    }
  }

  @Test
  void shouldReadLevelZeroWhereTheResolutionIsNotKnown() throws Exception {
    Path file = Files.copy(Path.of(getClass().getResource("image/levels.tif").toURI()), copy());
    PixelChoice coarse =
        new PixelChoice(OptionalDouble.empty(), OptionalDouble.of(20), false, Optional.empty());
    try (OpenImage image = OpenImage.of(file, SETTINGS, coarse)) {
      assertThat(image.level()).isZero();
      assertThat(image.micronsOfTiles()).isEmpty();
    }
  }

  private Path copy() {
    return dir.resolve("levels.tif");
  }

  private static OpenImage open(SlideImage image) {
    return new OpenImage(
        SETTINGS,
        image,
        0,
        1,
        new TileGrid(16, 16, 16, 0),
        OptionalDouble.empty(),
        Optional.empty());
  }

  /** A reader that really runs out of memory or stack. */
  private record Broken(String fault) implements SlideImage {
    @Override
    public List<Level> levels() {
      return List.of(new Level(16, 16));
    }

    @Override
    public OptionalDouble micronsPerPixel() {
      return OptionalDouble.empty();
    }

    @Override
    public Optional<String> scanner() {
      return Optional.empty();
    }

    @Override
    public RgbImage region(int level, int x, int y, int width, int height) {
      return switch (fault) {
        case "memory" -> RgbImage.of(1, new long[Integer.MAX_VALUE].length, new byte[3]);
        case "stack" -> region(level, x + 1, y, width, height);
        case "reader" -> throw new IllegalStateException("no colour model");
        default -> RgbImage.of(16, 16, new byte[16 * 16 * 3]);
      };
    }

    @Override
    public void close() {
      throw new IllegalStateException("it does not even close");
    }
  }
}
