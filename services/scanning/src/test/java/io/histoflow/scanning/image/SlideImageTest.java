package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.codec.ImageDecoder;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlideImageTest {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"Deflate", "LZW", "none"})
  void shouldReadRegionsOfATiledTiff(String compression) throws Exception {
    // Given
    RgbImage picture = noise(300, 250);
    Path file = tiledTiff(picture, compression);

    // When, Then
    assertRegionsEqual(file, picture);
  }

  @Test
  void shouldReadRegionsOfATiffWithJpegTiles() throws Exception {
    // Given: synthetic tissue, 64 x 64 tiles that share their JPEG tables, 20,000 pixels/cm
    Path file = dir.resolve("jpeg-tiles.tif");
    try (InputStream in = SlideImageTest.class.getResourceAsStream("jpeg-tiles.tif")) {
      Files.copy(in, file);
    }
    RgbImage whole = new ImageDecoder(ImageLimits.forFiles()).decode(file);

    // When, Then
    assertRegionsEqual(file, whole);
    assertThat(microns(file)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CMU-1-Small-Region.svs",
        "derived_CMU-1-Small-Region_pyramid.tif",
        "derived_CMU-1-Small-Region_subifd.ome.tif",
        "kidney-48-5.tif",
        "openslide-py_boxes.tiff",
        "openslide-py_small.svs"
      })
  void shouldReadRealSlidesByRegionsAsTheyAreReadWhole(String name) throws Exception {
    // Given
    Path file = slide(name);
    RgbImage whole = new ImageDecoder(ImageLimits.forFiles()).decode(file);

    // When, Then
    assertRegionsEqual(file, whole);
  }

  @Test
  void shouldTellTheResolutionOfRealSlides() throws Exception {
    assertThat(microns(slide("CMU-1-Small-Region.svs"))).isEqualTo(0.499);
    assertThat(microns(slide("derived_CMU-1-Small-Region_pyramid.tif"))).isBetween(0.4985, 0.4995);
    assertThat(microns(slide("derived_TCGA-CR-7395_pyramid.tif")))
        .as("10 pixels a centimetre")
        .isNaN();
    assertThat(microns(slide("kidney-48-5.tif"))).isNaN();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "broken.svs",
        "openslide-py_unopenable.tiff",
        "openslide-py_boxes_1.dcm",
        "multi-channel-z-series.ome.tif"
      })
  void shouldRefuseSlidesThatCannotBeReadByName(String name) {
    Path file = slide(name);
    assertThatThrownBy(() -> SlideImage.open(file))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageStartingWith(file + ": ");
  }

  @Test
  void shouldRefuseATextFileCalledTif() throws Exception {
    // Given
    Path file = Files.writeString(dir.resolve("slide.tif"), "no slide");

    // When, Then
    assertThatThrownBy(() -> SlideImage.open(file))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("slide.tif: the image is not PNG, JPEG or TIFF");
  }

  @Test
  void shouldReportARegionThatIsCutOffAndReadTheOthers() throws Exception {
    // Given: a TIFF whose last tiles are missing
    RgbImage picture = noise(300, 250);
    Path file = tiledTiff(picture, "none");
    byte[] bytes = Files.readAllBytes(file);
    Path half = Files.write(dir.resolve("half.tif"), Arrays.copyOf(bytes, bytes.length - 20_000));

    // When, Then
    try (SlideImage image = SlideImage.open(half)) {
      assertThat(image.region(0, 0, 64, 64).rgb()).isEqualTo(picture.crop(0, 0, 64, 64).rgb());
      assertThatThrownBy(() -> image.region(236, 186, 64, 64))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("half.tif");
      assertThat(image.region(64, 0, 64, 64).rgb()).isEqualTo(picture.crop(64, 0, 64, 64).rgb());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deflate", "LZW", "none"})
  void shouldShowTilesThatTheFileLeavesOutAsEmptyGlass(String compression) throws Exception {
    // Given: 5 x 4 tiles, of which the first and the eighth have no offset
    RgbImage picture = noise(300, 250);
    Path file = tiledTiff(picture, compression);
    changeTile(file, 0, offset -> 0);
    changeTile(file, 7, offset -> 0);

    // When, Then
    try (SlideImage image = SlideImage.open(file)) {
      for (int i = 0; i < 20; i++) {
        int x = i % 5 * 64;
        int y = i / 5 * 64;
        int w = Math.min(64, 300 - x);
        int h = Math.min(64, 250 - y);
        byte[] read = image.region(x, y, w, h).rgb();
        if (i == 0 || i == 7) {
          assertThat(read).as("tile %d", i).containsOnly(255);
        } else {
          assertThat(read).as("tile %d", i).isEqualTo(picture.crop(x, y, w, h).rgb());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 19})
  void shouldLoseADamagedTileAloneAndNameTheFile(int damaged) throws Exception {
    // Given: a tile that begins in the middle of another
    RgbImage picture = noise(300, 250);
    Path file = tiledTiff(picture, "Deflate");
    changeTile(file, damaged, offset -> offset + 40);

    // When
    List<Integer> lost = new ArrayList<>();
    try (SlideImage image = SlideImage.open(file)) {
      for (int i = 0; i < 20; i++) {
        try {
          image.region(i % 5 * 64, i / 5 * 64, 32, 32);
        } catch (ImageRejectedException e) {
          assertThat(e).hasMessageStartingWith(file + ": the TIFF");
          lost.add(i);
        }
      }
    }

    // Then
    assertThat(lost).containsExactly(damaged);
  }

  @Test
  void shouldSayWhatIsLeftOut() throws Exception {
    // Given: a slide, and a picture of another shape behind it
    Path file = dir.resolve("two.tif");
    ImageWriter writer = jdkTiffWriter();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (RgbImage picture : List.of(noise(300, 250), noise(80, 240))) {
        writer.writeToSequence(new IIOImage(picture.toBufferedImage(), null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }

    // When, Then
    try (SlideImage image = SlideImage.open(file)) {
      assertThat(image.width()).isEqualTo(300);
      assertThat(image.notice().orElse(""))
          .startsWith(file + ": ")
          .contains("300 x 250")
          .contains("1 more");
    }
    try (SlideImage image = SlideImage.open(tiledTiff(noise(300, 250), "LZW"))) {
      assertThat(image.notice()).isEmpty();
    }
  }

  /** Changes where a tile lies, in the list of a classic TIFF with 32-bit offsets. */
  private static void changeTile(Path file, int tile, IntUnaryOperator change) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer tiff = ByteBuffer.wrap(bytes);
    tiff.order(bytes[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int directory = tiff.getInt(4);
    for (int i = 0; i < tiff.getShort(directory); i++) {
      int field = directory + 2 + 12 * i;
      if (tiff.getShort(field) == 324) {
        int at = tiff.getInt(field + 8) + 4 * tile;
        tiff.putInt(at, change.applyAsInt(tiff.getInt(at)));
      }
    }
    Files.write(file, bytes);
  }

  private static double microns(Path file) throws ImageRejectedException {
    try (SlideImage image = SlideImage.open(file)) {
      return image.micronsPerPixel().orElse(Double.NaN);
    }
  }

  private static void assertRegionsEqual(Path file, RgbImage expected)
      throws ImageRejectedException {
    try (SlideImage image = SlideImage.open(file)) {
      assertThat(image.width()).isEqualTo(expected.width());
      assertThat(image.height()).isEqualTo(expected.height());
      for (TileGrid.Tile t : new TileGrid(image.width(), image.height(), 97, 5).tiles()) {
        byte[] region = image.region(t.x(), t.y(), t.width(), t.height()).rgb();
        byte[] truth = expected.crop(t.x(), t.y(), t.width(), t.height()).rgb();
        assertThat(region).as("%s", t).isEqualTo(truth);
      }
    }
  }

  private Path tiledTiff(RgbImage picture, String compression) throws Exception {
    Path file = dir.resolve("tiled-" + compression + ".tif");
    ImageWriter writer = jdkTiffWriter();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
    param.setTiling(64, 64, 0, 0);
    if (!compression.equals("none")) {
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionType(compression);
    }
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture.toBufferedImage(), null, null), param);
    } finally {
      writer.dispose();
    }
    return file;
  }

  /** The other TIFF writer on the class path cannot write tiles. */
  private static ImageWriter jdkTiffWriter() {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("tiff");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new IllegalStateException("This Java runtime has no TIFF writer of its own");
  }

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(9).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  private static Path slide(String name) {
    Path data =
        System.getenv("HISTOFLOW_DATA") != null
            ? Path.of(System.getenv("HISTOFLOW_DATA"))
            : Path.of(System.getProperty("histoflow.root", "."), "../shared/data");
    Path file = data.resolve("wsi").resolve(name);
    assumeThat(Files.exists(file)).as("needs the slide %s", file).isTrue();
    return file;
  }
}
