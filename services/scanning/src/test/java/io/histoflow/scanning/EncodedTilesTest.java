package io.histoflow.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.scanning.image.SlideImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTilesTest {
  private static final long PLENTY = 1L << 30;

  @ParameterizedTest
  @ValueSource(strings = {"levels.tif", "subifd.tif", "j2k-rgb.svs", "sparse-jpeg.dcm"})
  void shouldHandOutWhatOneThreadReadsInTheOrderOfTheGrid(String name) throws Exception {
    // Given: 100 tiles and more of a slide, some of which share its own tiles
    try (OpenImage image = OpenImage.of(file(name), settings(), PixelChoice.DEFAULT)) {
      List<TileGrid.Tile> wanted = image.grid().tiles();

      // When
      List<EncodedTiles.Encoded> read = new ArrayList<>();
      try (EncodedTiles tiles = new EncodedTiles(image, wanted.iterator(), 4, PLENTY)) {
        tiles.forEachRemaining(read::add);
      }

      // Then
      assertThat(read).extracting(EncodedTiles.Encoded::at).containsExactlyElementsOf(wanted);
      for (EncodedTiles.Encoded tile : read) {
        assertThat(tile.image()).hasValueSatisfying(is(image, tile.at()));
      }
    }
  }

  @Test
  void shouldReadASlideOfTenGigapixelsPartByPart(@TempDir Path dir) throws Exception {
    // Given: 100,000 x 100,000 pixels and a quarter of that, of which the file holds none
    Path file = Files.write(dir.resolve("sparse.tif"), sparse(100_000, 25_000));
    ScanSettings settings =
        new ScanSettings(256, 0, TileEncoding.PNG, 0.9, "", true, 0.25, dir, Duration.ZERO, 4);
    try (OpenImage image = OpenImage.of(file, settings, PixelChoice.DEFAULT)) {
      assertThat(image.image().levels()).hasSize(2);
      assertThat(image.grid().count()).isEqualTo(152_881);

      // When: its last row, with room for 32 tiles
      Iterator<TileGrid.Tile> row =
          IntStream.range(0, 391).mapToObj(column -> image.grid().tile(column, 390)).iterator();
      byte[] glass = image.encoded(image.grid().tile(0, 0));
      int read = 0;
      try (EncodedTiles tiles = new EncodedTiles(image, row, 4, 32 * image.bytesInWork())) {
        while (tiles.hasNext()) {
          assertThat(tiles.next().image()).hasValue(glass);
          read++;
        }
      }

      // Then
      assertThat(read).isEqualTo(391);
    }
  }

  /** A TIFF of white tiles of 256 pixels that it leaves out, in two sizes. */
  private static byte[] sparse(int... edges) {
    ByteBuffer tiff = ByteBuffer.allocate(4 << 20).order(ByteOrder.LITTLE_ENDIAN);
    tiff.putShort((short) 0x4949).putShort((short) 42).putInt(8);
    for (int i = 0; i < edges.length; i++) {
      int tiles = (edges[i] + 255) / 256 * ((edges[i] + 255) / 256);
      int behind = tiff.position() + 2 + 12 * 11 + 4;
      int[][] tags = {
        {256, 1, edges[i]},
        {257, 1, edges[i]},
        {258, 1, 8},
        {259, 1, 1},
        {262, 1, 1},
        {277, 1, 1},
        {284, 1, 1},
        {322, 1, 256},
        {323, 1, 256},
        {324, tiles, behind},
        {325, tiles, behind + 4 * tiles}
      };
      tiff.putShort((short) tags.length);
      for (int[] tag : tags) {
        tiff.putShort((short) tag[0]).putShort((short) 4).putInt(tag[1]).putInt(tag[2]);
      }
      int next = behind + 8 * tiles;
      tiff.putInt(i + 1 == edges.length ? 0 : next).position(next);
    }
    return Arrays.copyOf(tiff.array(), tiff.position());
  }

  @Test
  void shouldTellOfATileThatCannotBeReadAndGoOn() {
    // Given: the third of 64 tiles is refused
    OpenImage image = open(new Watched(32));

    // When, Then
    try (EncodedTiles tiles = new EncodedTiles(image, image.grid().tiles().iterator(), 3, PLENTY)) {
      List<EncodedTiles.Encoded> read = new ArrayList<>();
      tiles.forEachRemaining(read::add);
      assertThat(read).hasSize(64);
      assertThat(read.stream().filter(tile -> tile.image().isEmpty()))
          .singleElement()
          .satisfies(tile -> assertThat(tile.at().x()).isEqualTo(32))
          .satisfies(tile -> assertThat(tile.fault().orElseThrow()).hasMessage("a hole"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void shouldReadNoFurtherAheadThanItsBytesAllow(int most) {
    // Given: nobody takes a tile
    Watched slide = new Watched(-1);
    OpenImage image = open(slide);
    long bytes = most * image.bytesInWork();

    // When
    try (EncodedTiles tiles = new EncodedTiles(image, image.grid().tiles().iterator(), 4, bytes)) {
      assertThat(tiles.hasNext()).isTrue();
    }

    // Then: and what was begun has ended
    assertThat(slide.regions.get()).isLessThanOrEqualTo(most);
    assertThat(slide.atWork.get()).isZero();
  }

  private static Consumer<byte[]> is(OpenImage image, TileGrid.Tile at) {
    return bytes -> {
      try {
        assertThat(bytes).isEqualTo(image.encoded(at));
      } catch (ImageRejectedException e) {
        throw new AssertionError(e);
      }
    };
  }

  private static Path file(String name) throws Exception {
    return Path.of(EncodedTilesTest.class.getResource("image/" + name).toURI());
  }

  private static ScanSettings settings() {
    return new ScanSettings(
        16, 0, TileEncoding.PNG, 0.9, "", true, 0.25, Path.of("unused"), Duration.ZERO, 4);
  }

  private static OpenImage open(SlideImage image) {
    return new OpenImage(
        settings(),
        image,
        0,
        1,
        new TileGrid(128, 128, 16, 0),
        OptionalDouble.empty(),
        Optional.empty());
  }

  /** Counts what is read of it, and refuses one place in its first row. */
  private static final class Watched implements SlideImage {
    private final AtomicInteger regions = new AtomicInteger();
    private final AtomicInteger atWork = new AtomicInteger();
    private final int hole;

    Watched(int hole) {
      this.hole = hole;
    }

    @Override
    public List<Level> levels() {
      return List.of(new Level(128, 128));
    }

    @Override
    public RgbImage region(int level, int x, int y, int width, int height)
        throws ImageRejectedException {
      atWork.incrementAndGet();
      regions.incrementAndGet();
      try {
        if (x == hole && y == 0) {
          throw new ImageRejectedException("a hole");
        }
        return RgbImage.of(width, height, new byte[3 * width * height]);
      } finally {
        atWork.decrementAndGet();
      }
    }

    @Override
    public void close() {}
  }
}
