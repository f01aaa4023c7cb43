package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Damages good images of every kind by fixed seeds. Whatever comes of it is an image within the
 * limits or a refusal, and costs memory and work in proportion to the limits.
 */
class DecodingFuzzTest {

  private static final int ROUNDS = 800;
  private static final ImageLimits LIMITS = new ImageLimits(512, 512, 512 * 512, 1 << 20);

  /** All that one decoding may allocate, one after the other: 256 bytes for each allowed pixel. */
  private static final long MOST_ALLOCATED = 256L * 512 * 512;

  /** Of the time of one processor; a good image takes a few milliseconds. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    15,
    16,
    255,
    256,
    4095,
    4096,
    32_767,
    65_535,
    1 << 20,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFEL,
    0xFFFFFFFFL,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final ImageDecoder decoder = new ImageDecoder(LIMITS);

  @Test
  void shouldAnswerEveryDamageWithAnImageWithinTheLimitsOrARefusal() throws Exception {
    // Given
    List<byte[]> seeds = seeds();
    for (byte[] seed : seeds) {
      assertThat(decoder.decode(seed)).isNotNull();
    }

    // When, Then
    int decoded = 0;
    for (int s = 0; s < seeds.size(); s++) {
      Random random = new Random(41L * s + 7);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] input = damaged(seeds, s, random);
        decoded += answers(input, s, round) ? 1 : 0;
      }
    }
    assertThat(decoded).as("damage that leaves an image").isBetween(400, seeds.size() * ROUNDS);
  }

  private boolean answers(byte[] input, int seed, int round) {
    String what = "seed %d, round %d".formatted(seed, round);
    long before = allocated();
    long start = processorTime();
    boolean decoded = false;
    try {
      EncodedImage header = EncodedImage.of(input, LIMITS);
      RgbImage image = decoder.decode(input);
      assertThat(image.width()).as(what).isEqualTo(header.width()).isLessThanOrEqualTo(512);
      assertThat(image.height()).as(what).isEqualTo(header.height()).isLessThanOrEqualTo(512);
      decoded = true;
    } catch (ImageRejectedException e) {
      assertThat(e.getMessage()).as(what).isNotBlank();
      assertThat(e.getCause() instanceof Error).as("%s: %s", what, e.getCause()).isFalse();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + " let out " + e, e);
    }
    try {
      MaskPng.decode(input, LIMITS, 40, 24);
      GreyPng.decode(input, LIMITS, 40, 24);
    } catch (ImageRejectedException expected) {
      assertThat(expected).as(what).hasMessageNotContaining("null");
    }
    assertThat(allocated() - before).as(what + ": bytes").isLessThan(MOST_ALLOCATED);
    assertThat(processorTime() - start).as(what + ": nanoseconds").isLessThan(MOST_NANOS);
    return decoded;
  }

  private static byte[] damaged(List<byte[]> seeds, int s, Random random) {
    byte[] bytes = seeds.get(s).clone();
    int wounds = 1 + random.nextInt(3);
    for (int i = 0; i < wounds; i++) {
      bytes =
          switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, random);
            case 1 -> bytes.length > 20 ? cut(bytes, random) : bytes;
            case 2 -> spliced(bytes, seeds.get(random.nextInt(seeds.size())), random);
            case 3, 4 -> extreme(bytes, random.nextInt(bytes.length), random);
            default -> extremeField(bytes, random);
          };
    }
    // Checksums would refuse nearly every damaged PNG before anything else looks at it.
    return random.nextInt(8) == 0 ? bytes : withChecksums(bytes);
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    for (int i = 0; i < 4; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] cut(byte[] bytes, Random random) {
    return Arrays.copyOf(bytes, 8 + random.nextInt(bytes.length - 8));
  }

  private static byte[] spliced(byte[] bytes, byte[] other, Random random) {
    int length = 1 + random.nextInt(Math.min(200, Math.min(bytes.length, other.length)));
    int to = random.nextInt(bytes.length - length + 1);
    int from = random.nextInt(other.length - length + 1);
    System.arraycopy(other, from, bytes, to, length);
    return bytes;
  }

  private static byte[] extreme(byte[] bytes, int at, Random random) {
    int size = 1 << random.nextInt(4);
    if (at + size > bytes.length) {
      return bytes;
    }
    ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    put(ByteBuffer.wrap(bytes).order(order), at, size, EXTREMES[random.nextInt(EXTREMES.length)]);
    return bytes;
  }

  private static void put(ByteBuffer buffer, int at, int size, long value) {
    switch (size) {
      case 1 -> buffer.put(at, (byte) value);
      case 2 -> buffer.putShort(at, (short) value);
      case 4 -> buffer.putInt(at, (int) value);
      default -> buffer.putLong(at, value);
    }
  }

  /** Sets a size where the format keeps them. */
  private static byte[] extremeField(byte[] bytes, Random random) {
    ImageFileFormat format = ImageFileFormat.sniff(bytes).orElse(ImageFileFormat.PNG);
    return switch (format) {
      case PNG -> extreme(bytes, 16 + random.nextInt(13), random);
      case JPEG -> extreme(bytes, frame(bytes) + random.nextInt(12), random);
      case TIFF -> extremeTag(bytes, random);
    };
  }

  private static int frame(byte[] jpeg) {
    for (int i = 2; i + 12 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xFF && (jpeg[i + 1] & 0xFF) >= 0xC0 && (jpeg[i + 1] & 0xFF) <= 0xC2) {
        return i;
      }
    }
    return 0;
  }

  private static byte[] extremeTag(byte[] bytes, Random random) {
    ByteBuffer tiff = ByteBuffer.wrap(bytes);
    tiff.order(bytes[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 24) {
      return bytes;
    }
    boolean big = tiff.getShort(2) == 43;
    long start = big ? tiff.getLong(8) : tiff.getInt(4);
    int head = big ? 8 : 2;
    int size = big ? 20 : 12;
    if (start < 8 || start + head + 5L * size > bytes.length) {
      return bytes;
    }
    int fields =
        Math.max(1, tiff.get((int) start + (tiff.order() == ByteOrder.BIG_ENDIAN ? head - 1 : 0)));
    long field = start + head + (long) random.nextInt(fields) * size;
    if (field + size > bytes.length) {
      return bytes;
    }
    int width = big ? 8 : 4;
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    switch (random.nextInt(4)) {
      case 0 -> put(tiff, (int) field + 2, 2, random.nextInt(20));
      case 1 -> put(tiff, (int) field + 4, width, value);
      default -> put(tiff, (int) field + 4 + width, random.nextBoolean() ? width : 2, value);
    }
    return bytes;
  }

  private static byte[] withChecksums(byte[] bytes) {
    if (ImageFileFormat.sniff(bytes).orElse(null) != ImageFileFormat.PNG) {
      return bytes;
    }
    ByteBuffer png = ByteBuffer.wrap(bytes);
    int at = 8;
    while (at + 12 <= bytes.length) {
      int length = png.getInt(at);
      if (length < 0 || length > bytes.length - at - 12) {
        return bytes;
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, length + 4);
      png.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
    return bytes;
  }

  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (String fixture :
        List.of(
            "palette.png",
            "progressive.jpg",
            "grey.jpg",
            "cmyk.jpg",
            "profile.jpg",
            "lzw.tif",
            "jpeg.tif",
            "rgb16.tif",
            "cmyk.tif")) {
      seeds.add(ImageDecoderTest.fixture(fixture));
    }
    RgbImage picture = TestTiff.picture(40, 24);
    byte[] exif = TestTiff.little().page(1, 1).set(274, TestTiff.SHORT, 6).bytes();
    seeds.add(TiffFileTest.Exif.inPng(RgbPng.encode(picture), exif));
    seeds.add(TiffFileTest.Exif.inJpeg(RgbJpeg.encode(picture, 0.9), exif));
    seeds.add(GreyPng.encode(GreyImage.of(40, 24, TiffFileTest.channel(picture, 1))));
    seeds.add(MaskPng.encode(Mask.of(40, 24, new byte[40 * 24])));
    seeds.add(png(BufferedImage.TYPE_INT_ARGB, false));
    seeds.add(png(BufferedImage.TYPE_USHORT_GRAY, false));
    seeds.add(png(BufferedImage.TYPE_3BYTE_BGR, true));
    for (TiffFileTest.Method method : TiffFileTest.Method.values()) {
      seeds.add(TiffFileTest.tiled(TestTiff.little(), picture, method).bytes());
    }
    TestTiff big = new TestTiff(ByteOrder.BIG_ENDIAN, true);
    seeds.add(TiffFileTest.tiled(big, picture, TiffFileTest.Method.DEFLATE).bytes());
    seeds.add(planar(picture));
    seeds.add(composite(picture));
    return seeds;
  }

  private static byte[] planar(RgbImage picture) {
    byte[][] planes = new byte[3][];
    for (int c = 0; c < 3; c++) {
      planes[c] = TestTiff.packed(TiffFileTest.channel(picture, c));
    }
    return new TestTiff(ByteOrder.BIG_ENDIAN, false)
        .page(40, 24)
        .set(259, TestTiff.SHORT, 32_773)
        .set(274, TestTiff.SHORT, 8)
        .set(284, TestTiff.SHORT, 2)
        .strips(24, planes)
        .bytes();
  }

  private static byte[] composite(RgbImage picture) {
    TestTiff tiff = TestTiff.little();
    for (int c = 0; c < 3; c++) {
      tiff.page(40, 24)
          .set(258, TestTiff.SHORT, 8)
          .set(262, TestTiff.SHORT, 1)
          .set(277, TestTiff.SHORT, 1)
          .text(270, "ImageJ=1.53k\nimages=3\nchannels=3\nmode=composite\n")
          .strips(24, TiffFileTest.channel(picture, c));
    }
    return tiff.bytes();
  }

  private static byte[] png(int type, boolean interlaced) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(new BufferedImage(40, 24, type), null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
