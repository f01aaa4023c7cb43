package io.histoflow.scanning.natives;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.jpeg2000.Jpeg2000Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damages a codestream by fixed seeds, header and body. Whatever comes of it, the answer is samples
 * or a sentence; the process goes on, and its memory stays bounded.
 */
class Jpeg2000FuzzTest {

  private static final int ROUNDS = 1000;
  private static final int HEADER = 120;
  private static final int[] EXTREMES = {0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF};
  private static final long MOST_KIB = 1 << 20;

  @Test
  void shouldAnswerEveryDamageWithSamplesOrASentence() throws Exception {
    // Given
    byte[] sound = Codestreams.first();
    Random random = new Random(2000);
    int read = 0;

    try (NativeProcess process = new NativeProcess()) {
      for (int round = 0; round < ROUNDS; round++) {
        // When, Then
        read += isDecoded(process, damaged(sound.clone(), random), round) ? 1 : 0;
      }
      assertThat(peak()).as("peak memory of the process, KiB").isLessThan(MOST_KIB);
    }
    assertThat(read).as("damage that leaves an image").isBetween(50, ROUNDS - 50);
  }

  private static boolean isDecoded(NativeProcess process, byte[] codestream, int round) {
    try {
      Jpeg2000Header header = Jpeg2000Header.of(codestream, ImageLimits.forTiles());
      byte[] samples = new Jpeg2000Process(process).decode(codestream, header);
      assertThat(samples).hasSize(header.width() * header.height() * header.components());
      return true;
    } catch (ImageRejectedException e) {
      assertThat(e.getMessage()).as("round %d", round).startsWith("the ").doesNotContain("ended");
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("round " + round + " let out " + e, e);
    }
  }

  private static byte[] damaged(byte[] codestream, Random random) {
    boolean inHeader = random.nextBoolean();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(inHeader ? HEADER : codestream.length);
      if (random.nextBoolean()) {
        codestream[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        codestream[at] = (byte) EXTREMES[random.nextInt(EXTREMES.length)];
      }
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(codestream, 1 + random.nextInt(codestream.length - 1))
        : codestream;
  }

  /** Of the children of this process, which is known on Linux only; 0 elsewhere. */
  private static long peak() {
    return ProcessHandle.current().children().mapToLong(Jpeg2000FuzzTest::peak).max().orElse(0);
  }

  private static long peak(ProcessHandle child) {
    Path status = Path.of("/proc", Long.toString(child.pid()), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
