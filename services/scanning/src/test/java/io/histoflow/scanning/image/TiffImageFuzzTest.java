package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damages a good slide by fixed seeds. Whatever comes of it, opening and reading a region answers
 * with pixels or a refusal that names the file, and costs memory in proportion to the region.
 */
class TiffImageFuzzTest {

  private static final int ROUNDS = 500;
  private static final long MOST_ALLOCATED = 512L << 20;
  private static final long[] EXTREMES = {
    0, 1, 2, 255, 4096, 65_535, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL
  };

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"jpeg-tiles.tif", "subifd.tif"})
  void shouldAnswerEveryDamageWithPixelsOrARefusal(String name) throws Exception {
    // Given
    byte[] slide = Waves.bytes(name);
    Path file = dir.resolve("slide.tif");
    Random random = new Random(23);
    int read = 0;

    for (int round = 0; round < ROUNDS; round++) {
      // When
      Files.write(file, damaged(slide.clone(), random));
      long before = allocated();
      boolean pixels = isReadable(file, round);

      // Then
      assertThat(allocated() - before).as("round %d", round).isLessThan(MOST_ALLOCATED);
      read += pixels ? 1 : 0;
    }
    assertThat(read).as("damage that leaves the region").isBetween(50, ROUNDS - 50);
  }

  @ParameterizedTest
  @ValueSource(ints = {322, 323, 256, 257, 258, 277, 324, 325})
  void shouldRefuseASizeThatCannotBeByTheNameOfTheFile(int tag) throws Exception {
    // Given: one field, set to the largest number of 32 bits
    byte[] slide = Waves.bytes("jpeg-tiles.tif");
    ByteBuffer tiff = ByteBuffer.wrap(slide);
    int field = field(tiff, tag);
    tiff.putShort(field + 2, (short) 4).putInt(field + 4, 1).putInt(field + 8, -1);
    Path file = Files.write(dir.resolve("bomb.tif"), slide);

    // When
    long before = allocated();
    String refusal = "";
    try (SlideImage image = SlideImage.open(file)) {
      image.region(0, 0, 64, 64);
    } catch (ImageRejectedException e) {
      refusal = e.getMessage();
    }

    // Then
    assertThat(refusal).startsWith(file + ": the TIFF");
    assertThat(allocated() - before).isLessThan(16 << 20);
  }

  private static boolean isReadable(Path file, int round) {
    try (SlideImage image = SlideImage.open(file)) {
      int width = Math.min(256, image.width());
      int height = Math.min(256, image.height());
      RgbImage region = image.region(image.width() - width, image.height() - height, width, height);
      for (int level = 1; level < image.levels().size(); level++) {
        image.region(level, 0, 0, 1, 1);
      }
      image.micronsPerPixel();
      return region.width() == width && image.scanner().map(String::length).orElse(0) < 200;
    } catch (ImageRejectedException e) {
      assertThat(e.getMessage()).as("round %d", round).startsWith(file.toString());
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("round " + round + " let out " + e, e);
    }
  }

  private static byte[] damaged(byte[] slide, Random random) {
    ByteBuffer tiff = ByteBuffer.wrap(slide);
    int directory = directory(tiff);
    int fields = tiff.getShort(directory);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int field = directory + 2 + 12 * random.nextInt(fields);
      int extreme = (int) EXTREMES[random.nextInt(EXTREMES.length)];
      switch (random.nextInt(6)) {
        case 0 -> slide[random.nextInt(slide.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> tiff.putShort(field + 2, (short) random.nextInt(20));
        case 2 -> tiff.putInt(field + 4, extreme);
        case 3 -> tiff.putShort(field + 8, (short) extreme);
        case 4 -> tiff.putInt(random.nextInt(slide.length - 4), extreme);
        default -> tiff.putInt(field + 8, extreme);
      }
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(slide, 16 + random.nextInt(slide.length - 16))
        : slide;
  }

  private static int field(ByteBuffer tiff, int tag) {
    int directory = directory(tiff);
    for (int i = 0; i < tiff.getShort(directory); i++) {
      int field = directory + 2 + 12 * i;
      if ((tiff.getShort(field) & 0xFFFF) == tag) {
        return field;
      }
    }
    throw new IllegalArgumentException("The slide has no field " + tag);
  }

  private static int directory(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return tiff.getInt(4);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
