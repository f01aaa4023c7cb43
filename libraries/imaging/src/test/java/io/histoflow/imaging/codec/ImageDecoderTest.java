package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.PngStructure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  private static final int[] PINK = {230, 150, 190};
  private static final int[] VIOLET = {90, 60, 140};

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.forTiles());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.tif",
        "rgb16.tif",
        "deflate.tif",
        "lzw.tif",
        "jpeg.tif",
        "progressive.jpg",
        "profile.jpg",
        "palette.png",
        "cmyk.jpg",
        "cmyk.tif"
      })
  void shouldDecodeTheSamePictureFromEveryEncoding(String fixture) throws Exception {
    // Given
    byte[] bytes = fixture(fixture);

    // When
    RgbImage image = decoder.decode(bytes);

    // Then
    assertThat(image.width()).isEqualTo(16);
    assertThat(image.height()).isEqualTo(8);
    assertPixel(image, 2, 3, PINK, 4);
    assertPixel(image, 13, 6, VIOLET, 4);
  }

  @Test
  void shouldKeepGreyValuesAsTheyAreStored() throws Exception {
    // Given: Java would brighten grey to 188 on the way to RGB
    BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(1, 1, 0, 128);
    BufferedImage grey16 = new BufferedImage(3, 2, BufferedImage.TYPE_USHORT_GRAY);
    grey16.getRaster().setSample(1, 1, 0, 128 << 8);

    // When
    RgbImage from8 = decoder.decode(png(grey));
    RgbImage from16 = decoder.decode(png(grey16));

    // Then
    assertPixel(from8, 1, 1, new int[] {128, 128, 128}, 0);
    assertPixel(from16, 1, 1, new int[] {128, 128, 128}, 0);
  }

  @Test
  void shouldShowTransparentPixelsAsEmptyGlass() throws Exception {
    // Given
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0x80FF0000);

    // When
    RgbImage decoded = decoder.decode(png(image));

    // Then
    assertPixel(decoded, 0, 0, new int[] {255, 255, 255}, 0);
    assertPixel(decoded, 1, 0, new int[] {255, 127, 127}, 0);
  }

  @Test
  void shouldDecodeOnePixel() throws Exception {
    // Given
    byte[] png = RgbPng.encode(RgbImage.of(1, 1, new byte[] {1, 2, 3}));

    // When
    RgbImage decoded = decoder.decode(png);

    // Then
    assertThat(decoded.rgb()).containsExactly(1, 2, 3);
  }

  @Test
  void shouldReturnWhatWasEncodedAsPng() throws Exception {
    // Given
    RgbImage image = noise(37, 21);

    // When
    RgbImage decoded = decoder.decode(RgbPng.encode(image));

    // Then
    assertThat(decoded.rgb()).isEqualTo(image.rgb());
  }

  @Test
  void shouldRefuseAPngBombByItsHeader() throws Exception {
    // Given: 400 million pixels, 1.2 GB once decoded, in a file of some hundred kilobytes
    byte[] bomb = zeroPng(20_000, 20_000);

    // When, Then
    assertThatThrownBy(() -> decoder.decode(bomb))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("20000 x 20000")
        .hasMessageContaining("4096 x 4096");
    assertThatThrownBy(() -> new ImageDecoder(ImageLimits.forFiles()).decode(bomb))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("20000 x 20000");
  }

  @Test
  void shouldRefuseAJpegBombByItsHeader() throws Exception {
    // Given: the frame header of a real JPEG, changed to 65000 x 65000 pixels
    byte[] jpeg = fixture("progressive.jpg");
    int frame = indexOf(jpeg, 0xFF, 0xC2);
    jpeg[frame + 5] = (byte) (65_000 >> 8);
    jpeg[frame + 6] = (byte) 65_000;
    jpeg[frame + 7] = (byte) (65_000 >> 8);
    jpeg[frame + 8] = (byte) 65_000;

    // When, Then
    assertThatThrownBy(() -> decoder.decode(jpeg))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("65000 x 65000");
  }

  @Test
  void shouldRefuseATiffBombByItsHeader() throws Exception {
    // Given: ImageWidth of a real little-endian TIFF, a SHORT, changed to 60000
    byte[] tiff = fixture("rgb.tif");
    int entry = indexOf(tiff, 0x00, 0x01, 0x04, 0x00, 0x01, 0x00, 0x00, 0x00, 0x10);
    int shortEntry = indexOf(tiff, 0x00, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x10);
    int value = Math.max(entry, shortEntry) + 8;
    tiff[value] = (byte) 60_000;
    tiff[value + 1] = (byte) (60_000 >> 8);

    // When, Then
    assertThatThrownBy(() -> decoder.decode(tiff))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("60000 x 8");
  }

  @Test
  void shouldRefuseAJpegWithThousandsOfScans() throws Exception {
    // Given: its first scan a thousand times
    byte[] jpeg = fixture("profile.jpg");
    int scan = indexOf(jpeg, 0xFF, 0xDA);
    byte[] once = Arrays.copyOfRange(jpeg, scan, jpeg.length - 2);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(jpeg, 0, scan);
    for (int i = 0; i < 1000; i++) {
      many.write(once);
    }
    many.write(0xFF);
    many.write(0xD9);

    // When, Then
    assertThatThrownBy(() -> decoder.decode(many.toByteArray()))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("scans");
  }

  @ParameterizedTest
  @ValueSource(strings = {"progressive.jpg", "profile.jpg", "grey.jpg", "cmyk.jpg", "palette.png"})
  void shouldRefuseEveryTruncationOfAJpegOrPng(String fixture) throws Exception {
    // Given
    byte[] whole = fixture(fixture);

    for (int length = 0; length < whole.length; length++) {
      // When
      byte[] part = Arrays.copyOf(whole, length);

      // Then
      assertThatThrownBy(() -> decoder.decode(part))
          .as("first %d bytes of %s", length, fixture)
          .isInstanceOf(ImageRejectedException.class);
    }
  }

  @Test
  void shouldRefuseAJpegWhoseDataStopInTheMiddleAlthoughItIsClosed() throws Exception {
    // Given: half of the image data, then the end-of-image marker
    byte[] whole = RgbJpeg.encode(noise(64, 64), 0.9);
    int scan = indexOf(whole, 0xFF, 0xDA);
    byte[] half = Arrays.copyOf(whole, (scan + whole.length) / 2);
    half[half.length - 2] = (byte) 0xFF;
    half[half.length - 1] = (byte) 0xD9;

    // When, Then
    assertThatThrownBy(() -> decoder.decode(half))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("JPEG");
  }

  @Test
  void shouldRefuseEveryTruncationOfATiffOrDecodeAllOfIt() throws Exception {
    // Given: what lies behind the pixels of a TIFF may be missing without harm
    byte[] whole = fixture("lzw.tif");
    byte[] pixels = decoder.decode(whole).rgb();

    for (int length = 0; length < whole.length; length++) {
      // When
      RgbImage image = null;
      try {
        image = decoder.decode(Arrays.copyOf(whole, length));
      } catch (ImageRejectedException expected) {
        continue;
      }

      // Then
      assertThat(image.rgb()).as("first %d bytes", length).isEqualTo(pixels);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"palette.png", "progressive.jpg", "cmyk.jpg", "lzw.tif", "jpeg.tif"})
  void shouldAnswerAnyDamageWithAnImageOrARefusal(String fixture) throws Exception {
    // Given
    byte[] whole = fixture(fixture);
    Random random = new Random(5);

    for (int i = 0; i < 600; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k <= i % 4; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }

      // When, Then: nothing but a refusal is thrown
      try {
        RgbImage image = decoder.decode(damaged);
        assertThat((long) image.width() * image.height()).isLessThanOrEqualTo(4096L * 4096);
      } catch (ImageRejectedException expected) {
        assertThat(expected).hasMessageMatching("(?s)the .+");
      }
    }
  }

  @Test
  void shouldRefuseAFlippedBitInAPng() throws Exception {
    // Given
    byte[] png = RgbPng.encode(noise(32, 32));
    png[png.length / 2] ^= 1;

    // When, Then
    assertThatThrownBy(() -> decoder.decode(png))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("checksum of chunk 'IDAT'");
  }

  @Test
  void shouldRefuseATextFileByItsName(@TempDir Path dir) throws Exception {
    // Given
    Path file = dir.resolve("tile.png");
    Files.writeString(file, "Patient: see attached\n");

    // When, Then
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessage(file + ": the image is not PNG, JPEG or TIFF; its first bytes look like text");
  }

  @Test
  void shouldSayWhatAnotherKindOfFileIs() {
    assertThatThrownBy(() -> decoder.decode("GIF89a......".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("a GIF image");
    assertThatThrownBy(() -> decoder.decode("%PDF-1.7 ...".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("a PDF document");
    assertThatThrownBy(() -> decoder.decode(new byte[64])).hasMessageContaining("unknown binary");
  }

  @Test
  void shouldRefuseEmptyMissingAndOversizedFiles(@TempDir Path dir) throws Exception {
    // Given
    Path empty = Files.createFile(dir.resolve("empty.png"));
    Path large = dir.resolve("large.png");
    Files.write(large, new byte[2000]);
    ImageDecoder strict = new ImageDecoder(new ImageLimits(100, 100, 10_000, 1000));

    // When, Then
    assertThatThrownBy(() -> strict.decode(empty)).hasMessageContaining("empty (0 bytes)");
    assertThatThrownBy(() -> strict.decode(dir.resolve("none.png")))
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> strict.decode(large)).hasMessageContaining("2000 bytes");
    assertThatThrownBy(() -> strict.decode(dir)).hasMessageContaining("directory");
  }

  @Test
  void shouldDecodeOnManyThreadsAtATime() throws Exception {
    // Given
    RgbImage picture = noise(64, 48);
    byte[] png = RgbPng.encode(picture);
    byte[] jpeg = fixture("progressive.jpg");
    byte[] expected = decoder.decode(jpeg).rgb();
    ExecutorService threads = Executors.newFixedThreadPool(8);

    // When
    List<Future<byte[]>> results = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] bytes = i % 2 == 0 ? png : jpeg;
      results.add(threads.submit(() -> decoder.decode(bytes).rgb()));
    }
    threads.shutdown();

    // Then
    for (int i = 0; i < 400; i++) {
      assertThat(results.get(i).get()).isEqualTo(i % 2 == 0 ? picture.rgb() : expected);
    }
  }

  @Test
  void shouldRefuseFloatingPointSamples() throws Exception {
    // Given
    byte[] tiff = fixture("float.tif");

    // When, Then
    assertThatThrownBy(() -> decoder.decode(tiff))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("8 or 16 bits");
  }

  @Test
  void shouldNotInflateTextOfAPng() throws Exception {
    // Given: a palette PNG, whose metadata ImageIO always reads, with 64 MB of compressed text
    byte[] png = fixture("palette.png");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.write("Comment\0\0".getBytes(StandardCharsets.US_ASCII));
    text.write(deflated(64 << 20));
    int palette = indexOf(png, 'P', 'L', 'T', 'E') - 4;
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(png, 0, palette);
    chunk(bomb, "zTXt", text.toByteArray());
    bomb.write(png, palette, png.length - palette);

    // When
    byte[] essentials = PngStructure.of(bomb.toByteArray(), ImageLimits.forTiles()).essentials();
    RgbImage image = decoder.decode(bomb.toByteArray());

    // Then
    assertThat(essentials).isEqualTo(png);
    assertPixel(image, 2, 3, PINK, 4);
  }

  private static void assertPixel(RgbImage image, int x, int y, int[] expected, int tolerance) {
    for (int c = 0; c < 3; c++) {
      int value = image.rgb()[(y * image.width() + x) * 3 + c] & 0xFF;
      assertThat(Math.abs(value - expected[c]))
          .as("channel %d at (%d, %d) is %d", c, x, y, value)
          .isLessThanOrEqualTo(tolerance);
    }
  }

  static byte[] fixture(String name) throws IOException {
    try (var in = ImageDecoderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    new Random(3).nextBytes(rgb);
    return RgbImage.of(width, height, rgb);
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static byte[] zeroPng(int width, int height) throws IOException {
    return zeroPng(width, height, 8, 2);
  }

  /** The beginning of an image of zeros; its header is whole. */
  static byte[] zeroPng(int width, int height, int depth, int colourType) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(header);
    out.writeInt(width);
    out.writeInt(height);
    out.write(new byte[] {(byte) depth, (byte) colourType, 0, 0, 0});
    chunk(png, "IHDR", header.toByteArray());
    chunk(png, "IDAT", deflated((3L * width + 1) * height / 16));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static byte[] deflated(long zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 16];
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(1))) {
      for (long left = zeros; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
    return bytes.toByteArray();
  }

  static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    try {
      DataOutputStream out = new DataOutputStream(png);
      byte[] name = type.getBytes(StandardCharsets.US_ASCII);
      out.writeInt(data.length);
      out.write(name);
      out.write(data);
      CRC32 crc = new CRC32();
      crc.update(name);
      crc.update(data);
      out.writeInt((int) crc.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int indexOf(byte[] bytes, int... pattern) {
    for (int i = 0; i + pattern.length <= bytes.length; i++) {
      boolean match = true;
      for (int k = 0; k < pattern.length; k++) {
        match &= (bytes[i + k] & 0xFF) == pattern[k];
      }
      if (match) {
        return i;
      }
    }
    return -1;
  }
}
