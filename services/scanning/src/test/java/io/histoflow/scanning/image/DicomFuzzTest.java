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
 * Damages DICOM slides by fixed seeds. Whatever comes of it, opening and reading answers with
 * pixels or a refusal that names the file, and costs memory in proportion to the region.
 */
class DicomFuzzTest {

  private static final int ROUNDS = 500;
  private static final long MOST_ALLOCATED = 512L << 20;
  private static final int[] EXTREMES = {0, 1, 2, 255, 4096, 65_535, Integer.MAX_VALUE, -2, -1};

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"sparse-jpeg.dcm", "rgb-pieces-jpeg.dcm"})
  void shouldAnswerEveryDamageWithPixelsOrARefusal(String name) throws Exception {
    // Given
    byte[] slide = Waves.bytes(name);
    Path file = dir.resolve("slide.dcm");
    Random random = new Random(11);
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

  private static boolean isReadable(Path file, int round) {
    try (SlideImage image = SlideImage.open(file)) {
      int width = Math.min(256, image.width());
      int height = Math.min(256, image.height());
      RgbImage region = image.region(image.width() - width, image.height() - height, width, height);
      image.micronsPerPixel();
      image.scanner();
      return region.width() == width;
    } catch (ImageRejectedException e) {
      assertThat(e.getMessage()).as("round %d", round).startsWith(file.toString());
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("round " + round + " let out " + e, e);
    }
  }

  /** Half of the damage is done to the header, whose end no fixed place marks. */
  private static byte[] damaged(byte[] slide, Random random) {
    ByteBuffer bytes = ByteBuffer.wrap(slide).order(ByteOrder.LITTLE_ENDIAN);
    int most = random.nextBoolean() ? 1600 : slide.length;
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at = 128 + random.nextInt(most - 132);
      int extreme = EXTREMES[random.nextInt(EXTREMES.length)];
      switch (random.nextInt(4)) {
        case 0 -> slide[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes.putShort(at, (short) extreme);
        case 2 -> bytes.putInt(at, extreme);
        default -> slide[at] = (byte) ('0' + random.nextInt(10));
      }
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(slide, 132 + random.nextInt(slide.length - 132))
        : slide;
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
