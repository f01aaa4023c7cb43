package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.tiff.TiffFile;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TiffFileTest {

  private static final int LONG = TestTiff.LONG;
  private static final int SHORT = TestTiff.SHORT;
  private static final int TILE = 32;
  private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.forTiles());

  @TempDir Path dir;

  /** How tiles are compressed in these tests. */
  enum Method {
    NONE(1),
    DEFLATE(8),
    PACK_BITS(32_773),
    JPEG(7);

    private final int number;

    /** What a tile is once it was encoded. */
    RgbImage read(RgbImage tile) throws ImageRejectedException {
      return this == JPEG ? DECODER.decode(encode(tile)) : tile;
    }

    Method(int number) {
      this.number = number;
    }

    byte[] encode(RgbImage tile) {
      return switch (this) {
        case NONE -> tile.rgb();
        case DEFLATE -> TestTiff.deflated(tile.rgb());
        case PACK_BITS -> TestTiff.packed(tile.rgb());
        case JPEG -> RgbJpeg.encode(tile, 1);
      };
    }
  }

  @Test
  void shouldRefuseStripsWithoutRows() {
    byte[] tiff = TestTiff.little().page(8, 8).strips(0, new byte[192]).bytes();
    assertThatThrownBy(() -> DECODER.decode(tiff)).hasMessageContaining("strips of 8 x 0 pixels");
  }

  @Test
  void shouldRefuseTilesLargerThanAnyImageBeforeAllocatingThem() {
    // Given: 152 bytes that declare a tile of 4 x 10^18 pixels
    byte[] tiff =
        TestTiff.little()
            .page(16, 16)
            .set(322, LONG, Integer.MAX_VALUE)
            .set(323, LONG, Integer.MAX_VALUE)
            .set(324, LONG, 8)
            .set(325, LONG, 100)
            .bytes();
    assertThat(tiff.length).isLessThan(200);

    // When
    long before = allocated();
    assertThatThrownBy(() -> DECODER.decode(tiff))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("tiles of 2147483647 x 2147483647 pixels")
        .hasMessageContaining("save it with tiles of 256 x 256");
    assertThatThrownBy(() -> TiffFile.open(file("bomb.tif", tiff)))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("bomb.tif: ")
        .hasMessageContaining("2147483647");

    // Then
    assertThat(allocated() - before).isLessThan(4 << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "256,0",
    "256,2147483647",
    "256,4294967295",
    "257,0",
    "257,4294967295",
    "258,0",
    "258,4",
    "258,65535",
    "259,0",
    "259,6",
    "259,50000",
    "262,9",
    "262,65535",
    "277,0",
    "277,2",
    "277,65535",
    "322,0",
    "322,1",
    "322,2147483647",
    "322,4294967295",
    "323,0",
    "323,4294967295",
    "284,2",
    "339,2",
    "339,3"
  })
  void shouldRefuseFieldsThatCannotBe(int tag, long value) throws Exception {
    // Given: a good image, but for one field
    RgbImage picture = TestTiff.picture(64, 48);
    TestTiff.Page page = tiled(TestTiff.little(), picture, Method.NONE);
    byte[] tiff = page.set(tag, LONG, value).bytes();

    // When
    long before = allocated();
    assertThatThrownBy(() -> DECODER.decode(tiff)).isInstanceOf(ImageRejectedException.class);
    assertThatThrownBy(() -> openAndRead(tiff)).isInstanceOf(ImageRejectedException.class);

    // Then
    assertThat(allocated() - before).isLessThan(8 << 20);
  }

  @Test
  void shouldRefuseCountsThatTheFileCannotHold() {
    RgbImage picture = TestTiff.picture(64, 64);
    for (int tag : new int[] {258, 270, 274, 282, 320, 324, 325, 347}) {
      for (long count : new long[] {0x7FFFFFFFL, 0xFFFFFFFFL, 1 << 24}) {
        byte[] tiff =
            tiled(TestTiff.little(), picture, Method.JPEG)
                .raw(tag, tag == 270 ? 2 : LONG, count, new byte[16])
                .bytes();
        long before = allocated();
        try {
          DECODER.decode(tiff);
        } catch (ImageRejectedException expected) {
          assertThat(expected).hasMessageStartingWith("the TIFF");
        }
        assertThat(allocated() - before).as("tag %d, count %d", tag, count).isLessThan(8 << 20);
      }
    }
  }

  @Test
  void shouldRefuseAChainOfImagesWithoutEnd() throws Exception {
    // Given: a directory whose next is itself, and one whose next lies outside
    byte[] tiff = tiled(TestTiff.little(), TestTiff.picture(32, 32), Method.NONE).bytes();
    int start = (tiff[4] & 0xFF) | ((tiff[5] & 0xFF) << 8);
    int next = start + 2 + 12 * (tiff[start] & 0xFF);
    byte[] circle = tiff.clone();
    System.arraycopy(tiff, 4, circle, next, 4);
    byte[] outside = tiff.clone();
    outside[next + 3] = 0x7F;

    // When, Then
    assertThatThrownBy(() -> DECODER.decode(circle)).hasMessageContaining("circle");
    assertThatThrownBy(() -> DECODER.decode(outside)).hasMessageContaining("outside the file");
  }

  @Test
  void shouldStopReadingATileThatInflatesWithoutEnd() throws Exception {
    // Given: 64 MB of zeros behind the pixels of one tile
    byte[] bomb = TestTiff.deflated(new byte[64 << 20]);
    byte[] tiff = TestTiff.little().page(32, 32).set(259, SHORT, 8).tiles(32, 32, bomb).bytes();

    // When
    long before = allocated();
    RgbImage image = DECODER.decode(tiff);

    // Then
    assertThat(image.rgb()).containsOnly(0);
    assertThat(allocated() - before).isLessThan(4 << 20);
  }

  @Test
  void shouldRefuseAJpegInATileThatHasAnotherSize() {
    // Given
    byte[] large = RgbJpeg.encode(TestTiff.picture(512, 512), 0.9);
    byte[] tiff =
        TestTiff.little()
            .page(32, 32)
            .set(259, SHORT, 7)
            .set(262, SHORT, 6)
            .tiles(32, 32, large)
            .bytes();

    // When, Then
    assertThatThrownBy(() -> DECODER.decode(tiff))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("512 x 512");
  }

  @ParameterizedTest
  @CsvSource({"LITTLE,false", "BIG,false", "LITTLE,true", "BIG,true"})
  void shouldReadBothByteOrdersAndBigTiff(String order, boolean big) throws Exception {
    // Given
    RgbImage picture = TestTiff.picture(70, 50);
    ByteOrder bytes = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;

    for (Method method : new Method[] {Method.NONE, Method.DEFLATE, Method.PACK_BITS}) {
      // When
      RgbImage image = DECODER.decode(tiled(new TestTiff(bytes, big), picture, method).bytes());

      // Then
      assertThat(image.rgb()).as("%s", method).isEqualTo(picture.rgb());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowTilesThatAreLeftOutAsEmptyGlassAndAllOthers(Method method) throws Exception {
    // Given: 3 x 2 tiles, the second and the last of which are left out
    RgbImage picture = TestTiff.picture(96, 64);
    TestTiff.Page page = kind(TestTiff.little().page(96, 64), method);
    byte[][] tiles = tiles(picture, method);
    tiles[1] = null;
    tiles[5] = null;
    byte[] tiff = page.tiles(TILE, TILE, tiles).bytes();

    // When
    RgbImage whole = DECODER.decode(tiff);

    // Then
    for (int i = 0; i < 6; i++) {
      byte[] tile = whole.crop(i % 3 * TILE, i / 3 * TILE, TILE, TILE).rgb();
      RgbImage expected = picture.crop(i % 3 * TILE, i / 3 * TILE, TILE, TILE);
      if (tiles[i] == null) {
        assertThat(tile).containsOnly(255);
      } else {
        assertThat(tile).isEqualTo(method.read(expected).rgb());
      }
    }
    assertThat(openAndRead(tiff).rgb()).isEqualTo(whole.rgb());
  }

  @Test
  void shouldTakeATileOfNoBytesAsLeftOutAlthoughItHasAnOffset() throws Exception {
    // Given
    byte[] tiff =
        TestTiff.little().page(32, 32).tiles(32, 32, new byte[0]).set(325, LONG, 0).bytes();

    // When, Then
    assertThat(DECODER.decode(tiff).rgb()).containsOnly(255);
  }

  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "PACK_BITS", "JPEG"})
  void shouldLoseADamagedTileAlone(Method method) throws Exception {
    // Given: 8 x 3 tiles, of which each in turn is damaged
    RgbImage picture = TestTiff.picture(256, 96);
    for (int damaged : new int[] {0, 7, 12, 23}) {
      byte[][] tiles = tiles(picture, method);
      Arrays.fill(tiles[damaged], (byte) 0x80);
      byte[] tiff = kind(TestTiff.little().page(256, 96), method).tiles(TILE, TILE, tiles).bytes();

      // When
      int lost = 0;
      try (TiffFile file = TiffFile.open(file("damaged.tif", tiff))) {
        for (int i = 0; i < 24; i++) {
          int x = i % 8 * TILE;
          int y = i / 8 * TILE;
          try {
            byte[] read = file.region(x, y, TILE, TILE).rgb();
            RgbImage expected = method.read(picture.crop(x, y, TILE, TILE));
            assertThat(read).isEqualTo(expected.rgb());
          } catch (ImageRejectedException e) {
            lost += i == damaged ? 1 : 100;
          }
        }
      }

      // Then
      assertThat(lost).as("tile %d of %s", damaged, method).isEqualTo(1);
    }
  }

  @Test
  void shouldReadChannelsInPlanesOfTheirOwn() throws Exception {
    // Given: PlanarConfiguration 2, two strips of each channel
    RgbImage picture = TestTiff.picture(40, 24);
    byte[][] strips = new byte[6][];
    for (int i = 0; i < 6; i++) {
      strips[i] = TestTiff.deflated(channel(picture.crop(0, i % 2 * 12, 40, 12), i / 2));
    }
    byte[] tiff =
        TestTiff.little()
            .page(40, 24)
            .set(259, SHORT, 8)
            .set(284, SHORT, 2)
            .strips(12, strips)
            .bytes();

    // When, Then
    assertThat(DECODER.decode(tiff).rgb()).isEqualTo(picture.rgb());
    assertThat(openAndRead(tiff).rgb()).isEqualTo(picture.rgb());
  }

  @Test
  void shouldRefuseAPlaneThatIsLeftOutWhereItsNeighboursAreNot() {
    RgbImage picture = TestTiff.picture(40, 24);
    byte[] tiff =
        TestTiff.little()
            .page(40, 24)
            .set(284, SHORT, 2)
            .strips(24, channel(picture, 0), null, channel(picture, 2))
            .bytes();
    assertThatThrownBy(() -> DECODER.decode(tiff)).hasMessageContaining("colour plane");
  }

  @Test
  void shouldMakeOnePictureOfChannelsThatAreCertainToBeRedGreenAndBlue() throws Exception {
    // Given
    RgbImage picture = TestTiff.picture(40, 24);
    String imageJ = "ImageJ=1.53k\nimages=3\nchannels=3\nhyperstack=true\nmode=composite\n";
    String named = ome(3, 1, "Name=\"Red\"", "Name=\"Green\"", "Name=\"Blue\"");
    String coloured = ome(3, 1, "Color=\"-16776961\"", "Color=\"16711935\"", "Color=\"65535\"");

    // When, Then
    for (String description : new String[] {imageJ, named, coloured}) {
      byte[] tiff = channels(picture, description).bytes();
      assertThat(DECODER.decode(tiff).rgb()).as(description).isEqualTo(picture.rgb());
      assertThat(openAndRead(tiff).rgb()).isEqualTo(picture.rgb());
    }
  }

  @Test
  void shouldRefuseChannelsThatMayBeAnything() {
    RgbImage picture = TestTiff.picture(40, 24);
    String[] descriptions = {
      "",
      ome(3, 1, "", "", ""),
      ome(3, 1, "Name=\"DAPI\"", "Name=\"FITC\"", "Name=\"Cy5\""),
      ome(3, 1, "Name=\"Blue\"", "Name=\"Green\"", "Name=\"Red\""),
      ome(1, 3, ""),
      "ImageJ=1.53k\nimages=3\nslices=3\nmode=grayscale\n",
      "ImageJ=1.53k\nimages=3\nchannels=3\nmode=grayscale\n",
    };
    for (String description : descriptions) {
      byte[] tiff = channels(picture, description).bytes();
      assertThatThrownBy(() -> DECODER.decode(tiff))
          .as(description)
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("40 x 24");
    }
  }

  @Test
  void shouldBelieveImageJsOwnColours() throws Exception {
    // Given: look-up tables of the three channels: red, green, blue, and red, blue, green
    RgbImage picture = TestTiff.picture(40, 24);
    String imageJ = "ImageJ=1.53k\nimages=3\nchannels=3\nmode=composite\n";

    // When, Then
    TestTiff right = channels(picture, imageJ);
    lookUpTables(right, 0, 1, 2);
    assertThat(DECODER.decode(right.bytes()).rgb()).isEqualTo(picture.rgb());
    TestTiff wrong = channels(picture, imageJ);
    lookUpTables(wrong, 0, 2, 1);
    assertThatThrownBy(() -> DECODER.decode(wrong.bytes()))
        .isInstanceOf(ImageRejectedException.class);
  }

  @Test
  void shouldRefuseAStackAlsoWhereTheOtherImagesAreElsewhere() {
    // Given: ImageJ keeps large stacks behind one directory, OME may keep them in other files
    RgbImage picture = TestTiff.picture(40, 24);
    byte[] grey = channel(picture, 0);
    for (String description :
        new String[] {
          "ImageJ=1.53k\nimages=12\nslices=12\n", ome(3, 1, "", "", ""), ome(1, 5, "")
        }) {
      byte[] tiff = greyPage(TestTiff.little(), 40, 24, grey).text(270, description).bytes();
      assertThatThrownBy(() -> DECODER.decode(tiff))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageContaining("40 x 24");
    }
    TestTiff two = TestTiff.little();
    two.page(40, 24).strips(24, picture.rgb());
    two.page(40, 24).strips(24, picture.rgb());
    assertThatThrownBy(() -> DECODER.decode(two.bytes()))
        .hasMessageContaining("2 images of 40 x 24")
        .hasMessageContaining("page=0");
  }

  @Test
  void shouldTakeTheLargestImageAndCountWhatIsLeftOut() throws Exception {
    // Given: a label, the slide, its half, a preview that is marked, and another picture
    RgbImage picture = TestTiff.picture(80, 40);
    TestTiff tiff = TestTiff.little();
    tiff.page(30, 30).strips(30, TestTiff.picture(30, 30).rgb()).text(270, "Label");
    tiff.page(80, 40).strips(40, picture.rgb());
    tiff.page(40, 20).strips(20, TestTiff.picture(40, 20).rgb());
    tiff.page(33, 20).strips(20, TestTiff.picture(33, 20).rgb()).set(254, LONG, 1);
    tiff.page(20, 30).strips(30, TestTiff.picture(20, 30).rgb());

    // When, Then
    try (TiffFile file = TiffFile.open(file("levels.tif", tiff.bytes()))) {
      assertThat(file.region(0, 0, 80, 40).rgb()).isEqualTo(picture.rgb());
      assertThat(file.imagesLeftOut()).isEqualTo(1);
    }
    assertThat(DECODER.decode(tiff.bytes()).rgb()).isEqualTo(picture.rgb());
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotApplyAColourProfile(Method method) throws Exception {
    // Given: Java's own linear profile, which would brighten every pixel
    RgbImage picture = TestTiff.picture(64, 64);
    byte[] profile =
        java.awt.color.ICC_Profile.getInstance(java.awt.color.ColorSpace.CS_LINEAR_RGB).getData();
    byte[] plain = tiled(TestTiff.little(), picture, method).bytes();
    byte[] profiled =
        tiled(TestTiff.little(), picture, method).raw(34_675, 7, profile.length, profile).bytes();

    // When, Then
    assertThat(DECODER.decode(profiled).rgb()).isEqualTo(DECODER.decode(plain).rgb());
    assertThat(openAndRead(profiled).rgb()).isEqualTo(DECODER.decode(plain).rgb());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void shouldTurnPixelsAsTheFileSays(int orientation) throws Exception {
    // Given
    RgbImage picture = TestTiff.picture(96, 64);
    RgbImage shown = turned(picture, orientation);
    byte[] tiff =
        tiled(TestTiff.little(), picture, Method.DEFLATE).set(274, SHORT, orientation).bytes();

    // When, Then
    EncodedImage header = EncodedImage.of(tiff, ImageLimits.forTiles());
    assertThat(header.width()).isEqualTo(shown.width());
    assertThat(DECODER.decode(tiff).rgb()).isEqualTo(shown.rgb());
    try (TiffFile file = TiffFile.open(file("turned.tif", tiff))) {
      assertThat(file.width()).isEqualTo(shown.width());
      for (int y = 0; y + 20 <= shown.height(); y += 11) {
        for (int x = 0; x + 17 <= shown.width(); x += 13) {
          assertThat(file.region(x, y, 17, 20).rgb()).isEqualTo(shown.crop(x, y, 17, 20).rgb());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldTurnJpegPngAndMasksAsTheirExifSays(int orientation) throws Exception {
    // Given
    RgbImage picture = TestTiff.picture(40, 24);
    byte[] exif = TestTiff.little().page(1, 1).set(274, SHORT, orientation).bytes();
    byte[] jpeg = Exif.inJpeg(RgbJpeg.encode(picture, 1), exif);
    byte[] png = Exif.inPng(RgbPng.encode(picture), exif);
    byte[] dots = new byte[40 * 24];
    dots[3 * 40 + 7] = 1;
    byte[] mask = Exif.inPng(MaskPng.encode(Mask.of(40, 24, dots)), exif);

    // When, Then
    RgbImage shown = turned(picture, orientation);
    assertThat(DECODER.decode(png, shown.width(), shown.height()).rgb()).isEqualTo(shown.rgb());
    if (shown.width() != picture.width()) {
      assertThatThrownBy(() -> DECODER.decode(png, picture.width(), picture.height()))
          .as("a size that fits before turning only")
          .isInstanceOf(ImageRejectedException.class);
    }
    RgbImage stored = DECODER.decode(RgbJpeg.encode(picture, 1));
    assertThat(DECODER.decode(jpeg).rgb()).isEqualTo(turned(stored, orientation).rgb());
    byte[] rgb = new byte[40 * 24 * 3];
    Arrays.fill(rgb, (3 * 40 + 7) * 3, (3 * 40 + 8) * 3, (byte) 1);
    byte[] truth = turned(RgbImage.of(40, 24, rgb), orientation).rgb();
    Mask read = MaskPng.decode(mask, ImageLimits.forTiles());
    assertThat(read.width()).isEqualTo(shown.width());
    for (int i = 0; i < read.values().length; i++) {
      assertThat(read.values()[i]).isEqualTo(truth[3 * i]);
    }
  }

  @Test
  void shouldReadBilevelGreyAndPaletteImages() throws Exception {
    // Given: 8 x 2 pixels; a white pixel at (1, 0) and one at (6, 1)
    byte[] bits = {0x40, 0x02};
    byte[] inverted = {(byte) 0xBF, (byte) 0xFD};
    byte[] nibbles = {0x0F, 0, 0, 0, 0, 0, 0, (byte) 0xF0};
    long[] map = new long[3 * 16];
    map[15] = map[31] = map[47] = 0xFFFF;
    byte[] expected = new byte[8 * 2 * 3];
    Arrays.fill(expected, 3, 6, (byte) 255);
    Arrays.fill(expected, 42, 45, (byte) 255);

    // When, Then
    assertThat(DECODER.decode(grey(1, 1, bits).bytes()).rgb()).isEqualTo(expected);
    assertThat(DECODER.decode(grey(1, 0, inverted).bytes()).rgb()).isEqualTo(expected);
    assertThat(DECODER.decode(grey(4, 1, nibbles).bytes()).rgb()).isEqualTo(expected);
    assertThat(DECODER.decode(grey(4, 3, nibbles).set(320, SHORT, map).bytes()).rgb())
        .isEqualTo(expected);
    assertThatThrownBy(() -> DECODER.decode(grey(4, 3, nibbles).set(320, SHORT, 1, 2, 3).bytes()))
        .as("a palette that is too short")
        .isInstanceOf(ImageRejectedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "50000,Zstandard",
    "50001,WebP",
    "33003,JPEG 2000",
    "6,old-style JPEG",
    "12345,method"
  })
  void shouldSayHowToConvertACompressionThatIsNotSupported(int compression, String name) {
    byte[] tiff =
        TestTiff.little()
            .page(32, 32)
            .set(259, SHORT, compression)
            .tiles(32, 32, new byte[100])
            .bytes();
    assertThatThrownBy(() -> DECODER.decode(tiff))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("" + compression)
        .hasMessageContaining("vips tiffsave");
  }

  @Test
  void shouldReadRegionsOfOneStripOfAllRows() throws Exception {
    // Given: what many programs write; more than a mebibyte, so that it is read in parts
    RgbImage picture = TestTiff.picture(700, 1200);
    byte[] tiff = TestTiff.little().page(700, 1200).strips(1200, picture.rgb()).bytes();
    byte[] withoutCounts =
        TestTiff.little().page(700, 1200).strips(1200, picture.rgb()).hide(278).hide(279).bytes();

    // When, Then
    try (TiffFile file = TiffFile.open(file("strip.tif", tiff))) {
      assertThat(file.region(100, 301, 55, 700).rgb())
          .isEqualTo(picture.crop(100, 301, 55, 700).rgb());
    }
    assertThat(DECODER.decode(tiff).rgb()).isEqualTo(picture.rgb());
    assertThat(DECODER.decode(withoutCounts).rgb()).isEqualTo(picture.rgb());
  }

  private RgbImage openAndRead(byte[] tiff) throws Exception {
    try (TiffFile file = TiffFile.open(file("any.tif", tiff))) {
      return file.region(0, 0, file.width(), file.height());
    }
  }

  private Path file(String name, byte[] tiff) throws Exception {
    return Files.write(dir.resolve(name), tiff);
  }

  static TestTiff.Page tiled(TestTiff tiff, RgbImage picture, Method method) {
    return kind(tiff.page(picture.width(), picture.height()), method)
        .tiles(TILE, TILE, tiles(picture, method));
  }

  private static TestTiff.Page kind(TestTiff.Page page, Method method) {
    return page.set(259, SHORT, method.number).set(262, SHORT, method == Method.JPEG ? 6 : 2);
  }

  static byte[][] tiles(RgbImage picture, Method method) {
    int across = (picture.width() + TILE - 1) / TILE;
    int down = (picture.height() + TILE - 1) / TILE;
    RgbImage padded =
        picture.reflectPad(across * TILE - picture.width(), down * TILE - picture.height());
    byte[][] tiles = new byte[across * down][];
    for (int i = 0; i < tiles.length; i++) {
      tiles[i] =
          method.encode(padded.crop(i % across * TILE, i / across * TILE, TILE, TILE)).clone();
    }
    return tiles;
  }

  static byte[] channel(RgbImage picture, int channel) {
    byte[] values = new byte[picture.width() * picture.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = picture.rgb()[3 * i + channel];
    }
    return values;
  }

  private static TestTiff channels(RgbImage picture, String description) {
    TestTiff tiff = TestTiff.little();
    for (int c = 0; c < 3; c++) {
      TestTiff.Page page = greyPage(tiff, picture.width(), picture.height(), channel(picture, c));
      if (c == 0 && !description.isEmpty()) {
        page.text(270, description);
      }
    }
    return tiff;
  }

  private static TestTiff.Page greyPage(TestTiff tiff, int width, int height, byte[] grey) {
    return tiff.page(width, height)
        .set(258, SHORT, 8)
        .set(262, SHORT, 1)
        .set(277, SHORT, 1)
        .strips(height, grey);
  }

  private static TestTiff.Page grey(int bits, int photometric, byte[] pixels) {
    return TestTiff.little()
        .page(8, 2)
        .set(258, SHORT, bits)
        .set(262, SHORT, photometric)
        .set(277, SHORT, 1)
        .strips(2, pixels);
  }

  private static void lookUpTables(TestTiff tiff, int... colours) {
    java.nio.ByteBuffer blocks =
        java.nio.ByteBuffer.allocate(12 + 3 * 768).order(ByteOrder.LITTLE_ENDIAN);
    blocks.putInt(0x494A494A).putInt(0x6C757473).putInt(3);
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 256; i++) {
        blocks.put(12 + c * 768 + colours[c] * 256 + i, (byte) i);
      }
    }
    tiff.first()
        .set(50_838, LONG, 12, 768, 768, 768)
        .raw(50_839, 1, blocks.capacity(), blocks.array());
  }

  private static String ome(int sizeC, int sizeZ, String... channels) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><OME><Image>");
    xml.append("<Pixels DimensionOrder=\"XYCZT\" SizeX=\"40\" SizeY=\"24\" SizeT=\"1\" SizeC=\"");
    xml.append(sizeC).append("\" SizeZ=\"").append(sizeZ).append("\">");
    for (String channel : channels) {
      xml.append("<Channel ").append(channel).append("/>");
    }
    return xml.append("</Pixels></Image></OME>").toString();
  }

  /** By the words of the standard: where the first stored row and column are seen. */
  private static RgbImage turned(RgbImage stored, int orientation) {
    boolean swap = orientation >= 5 && orientation <= 8;
    int width = swap ? stored.height() : stored.width();
    int height = swap ? stored.width() : stored.height();
    byte[] out = new byte[stored.rgb().length];
    for (int sy = 0; sy < stored.height(); sy++) {
      for (int sx = 0; sx < stored.width(); sx++) {
        int right = stored.width() - 1 - sx;
        int below = stored.height() - 1 - sy;
        int[] at =
            switch (orientation) {
              case 2 -> new int[] {right, sy};
              case 3 -> new int[] {right, below};
              case 4 -> new int[] {sx, below};
              case 5 -> new int[] {sy, sx};
              case 6 -> new int[] {below, sx};
              case 7 -> new int[] {below, right};
              case 8 -> new int[] {sy, right};
              default -> new int[] {sx, sy};
            };
        for (int c = 0; c < 3; c++) {
          out[(at[1] * width + at[0]) * 3 + c] = stored.rgb()[(sy * stored.width() + sx) * 3 + c];
        }
      }
    }
    return RgbImage.of(width, height, out);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** Puts EXIF data into images. */
  static final class Exif {

    private Exif() {}

    static byte[] inJpeg(byte[] jpeg, byte[] exif) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(jpeg, 0, 2);
      int length = 2 + 6 + exif.length;
      out.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, (byte) (length >> 8), (byte) length});
      out.writeBytes(new byte[] {'E', 'x', 'i', 'f', 0, 0});
      out.writeBytes(exif);
      out.write(jpeg, 2, jpeg.length - 2);
      return out.toByteArray();
    }

    static byte[] inPng(byte[] png, byte[] exif) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(png, 0, 33);
      ImageDecoderTest.chunk(out, "eXIf", exif);
      out.write(png, 33, png.length - 33);
      return out.toByteArray();
    }
  }
}
