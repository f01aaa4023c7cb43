package io.histoflow.studies.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.tissue.TissueMap;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.scanning.image.Thumbnail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tiles a scan would leave out of real images, and what would be lost with them. */
class TissueOfSlidesTest {
  private static final int TILE = 256;
  private static final int MARGIN = 1024;

  @ParameterizedTest
  @ValueSource(strings = {"monuseg/train", "tnbc", "consep"})
  void shouldLeaveOutNoTileWithAPositivePixel(String set) throws Exception {
    // Given
    String home = Optional.ofNullable(System.getenv("HISTOFLOW_DATA")).orElse("../shared/data");
    Path data = Path.of(System.getProperty("histoflow.root", ".")).resolve(home).resolve(set);
    Assumptions.assumeTrue(Files.isDirectory(data), "no real images at " + data);
    long positive = 0;
    long lost = 0;
    long glassOfMargins = 0;

    for (Sample sample : Dataset.open(data).samples()) {
      // When: the image by itself, and as a piece of tissue on a slide
      LabelledTile image = sample.load();
      positive += image.mask().positivePixels();
      lost += lost(image, image.image(), 0);
      RgbImage slide = onGlass(image.image());
      lost += lost(image, slide, MARGIN);
      glassOfMargins += glass(slide);
    }

    // Then
    assertThat(positive).isPositive();
    assertThat(lost).isZero();
    assertThat(glassOfMargins).as("tiles of the margins that are left out").isPositive();
  }

  private static long lost(LabelledTile image, RgbImage slide, int margin) throws Exception {
    Thumbnail small = small(slide);
    TissueMap map = TissueMap.of(small.image());
    long lost = 0;
    for (TileGrid.Tile tile : grid(image.image()).tiles()) {
      TileGrid.Tile there =
          new TileGrid.Tile(tile.x() + margin, tile.y() + margin, tile.width(), tile.height());
      if (!map.hasTissue(there, small.scale())) {
        lost += image.mask().crop(tile.x(), tile.y(), tile.width(), tile.height()).positivePixels();
      }
    }
    return lost;
  }

  private static long glass(RgbImage slide) {
    Thumbnail small = small(slide);
    TissueMap map = TissueMap.of(small.image());
    return grid(slide).tiles().stream().filter(t -> !map.hasTissue(t, small.scale())).count();
  }

  private static TileGrid grid(RgbImage image) {
    return new TileGrid(image.width(), image.height(), TILE, 0);
  }

  private static Thumbnail small(RgbImage image) {
    return Thumbnail.of(new InMemory(image), OptionalDouble.of(0.25)).orElseThrow();
  }

  private static RgbImage onGlass(RgbImage image) {
    int width = image.width() + 2 * MARGIN;
    int height = image.height() + 2 * MARGIN;
    Random random = new Random(7);
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (238 + random.nextInt(5));
    }
    for (int y = 0; y < image.height(); y++) {
      int to = 3 * ((y + MARGIN) * width + MARGIN);
      System.arraycopy(image.rgb(), 3 * y * image.width(), rgb, to, 3 * image.width());
    }
    return RgbImage.of(width, height, rgb);
  }

  private record InMemory(RgbImage image) implements SlideImage {
    @Override
    public List<Level> levels() {
      return List.of(new Level(image.width(), image.height()));
    }

    @Override
    public RgbImage region(int level, int x, int y, int width, int height) {
      return image.crop(x, y, width, height);
    }

    @Override
    public void close() {}
  }
}
