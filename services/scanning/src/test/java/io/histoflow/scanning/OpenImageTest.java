package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.scanning.image.SlideImage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenImageTest {
  private static final ScanSettings SETTINGS =
      new ScanSettings(16, 0, TileEncoding.PNG, 0.9, "", true);

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

  private static OpenImage open(SlideImage image) {
    return new OpenImage(
        SETTINGS, image, new TileGrid(16, 16, 16, 0), OptionalDouble.empty(), Optional.empty());
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
