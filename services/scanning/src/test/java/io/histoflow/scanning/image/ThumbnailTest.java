package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThumbnailTest {

  @Test
  void shouldAverageTheSmallestLevelThatIsFineEnough() throws Exception {
    // Given: 200 x 150 pixels of 1 micrometre, and half of that
    RgbImage half = Waves.half(Waves.image());
    Levels slide = new Levels(List.of(Waves.image(), half), false);

    // When: 8 micrometres are 4 x 4 pixels of the second level
    Thumbnail small = Thumbnail.of(slide, OptionalDouble.of(1)).orElseThrow();

    // Then
    assertThat(small.scale()).isEqualTo(8);
    RgbImage eighth = Waves.half(Waves.half(half));
    assertThat(small.image().width()).isEqualTo(25);
    assertThat(small.image().height()).as("18 whole ones and a part").isEqualTo(19);
    assertThat(Waves.difference(small.image().crop(0, 0, 25, 18), eighth)).isLessThanOrEqualTo(1);
  }

  @Test
  void shouldShowBlackWhatCannotBeRead() {
    Levels slide = new Levels(List.of(Waves.image()), true);
    Thumbnail small = Thumbnail.of(slide, OptionalDouble.of(1)).orElseThrow();
    assertThat(small.image().rgb()).containsOnly(0);
  }

  @Test
  void shouldNotReadAHugeImageWithoutSmallerLevels() {
    SlideImage huge =
        new SlideImage() {
          @Override
          public List<Level> levels() {
            return List.of(new Level(100_000, 100_000));
          }

          @Override
          public RgbImage region(int level, int x, int y, int width, int height) {
            throw new AssertionError("it is read");
          }

          @Override
          public void close() {}
        };
    assertThat(Thumbnail.of(huge, OptionalDouble.of(0.25))).isEmpty();
  }

  private record Levels(List<RgbImage> images, boolean damaged) implements SlideImage {
    @Override
    public List<Level> levels() {
      return images.stream().map(image -> new Level(image.width(), image.height())).toList();
    }

    @Override
    public RgbImage region(int level, int x, int y, int width, int height)
        throws ImageRejectedException {
      if (damaged) {
        throw new ImageRejectedException("damaged");
      }
      return images.get(level).crop(x, y, width, height);
    }

    @Override
    public void close() {}
  }
}
