package io.histoflow.scanning.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.scanning.natives.SlideProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With and without OpenSlide on the machine: each test says which it needs. */
class OpenSlideImageTest {

  private static final int ROUNDS = 200;

  @TempDir Path dir;

  @Test
  void shouldSayWhatToInstallWhereOpenSlideIsNotThere() throws Exception {
    assumeThat(isInstalled()).as("OpenSlide").isFalse();
    Path mirax = Files.write(dir.resolve("slide.mrxs"), new byte[] {1, 2, 3});
    for (Path file : new Path[] {mirax, Waves.file("trestle.tif")}) {
      assertThatThrownBy(() -> SlideImage.open(file))
          .isInstanceOf(ImageRejectedException.class)
          .hasMessageStartingWith(file + ": slides of this kind are read through OpenSlide")
          .hasMessageContaining("apt install libopenslide0");
    }
  }

  @Test
  void shouldReadAMakersSlideThroughOpenSlide() throws Exception {
    assumeThat(isInstalled()).as("OpenSlide").isTrue();
    try (SlideImage slide = SlideImage.open(Waves.file("trestle.tif"))) {
      assertThat(slide).isInstanceOf(OpenSlideImage.class);
      assertThat(slide.levels())
          .containsExactly(new SlideImage.Level(200, 150), new SlideImage.Level(100, 75));
      assertThat(slide.scanner()).contains("trestle");
      assertThat(slide.region(0, 0, 200, 150).rgb()).isEqualTo(Waves.image().rgb());
      RgbImage half = slide.region(1, 0, 0, 100, 75);
      assertThat(Waves.difference(half, Waves.half(Waves.image()))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void shouldReadJpeg2000AsOpenSlideDoes() throws Exception {
    assumeThat(isInstalled()).as("OpenSlide").isTrue();
    for (String name : new String[] {"j2k-rgb.svs", "j2k-ycbcr.svs"}) {
      Path file = Waves.file(name);
      try (SlideImage ours = SlideImage.open(file);
          SlideImage theirs = OpenSlideImage.open(file)) {
        assertThat(theirs.micronsPerPixel()).isEqualTo(ours.micronsPerPixel());
        assertThat(theirs.scanner()).isEqualTo(ours.scanner());
        RgbImage image = ours.region(0, 0, 200, 150);
        assertThat(Waves.difference(image, theirs.region(0, 0, 200, 150)))
            .as(name)
            .isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void shouldAnswerEveryDamageWithPixelsOrARefusal() throws Exception {
    assumeThat(isInstalled()).as("OpenSlide").isTrue();
    // Given: one process for all, as it keeps on after a refusal
    byte[] sound = Waves.bytes("trestle.tif");
    Random random = new Random(3);
    int read = 0;
    for (int round = 0; round < ROUNDS; round += 100) {
      Path file = dir.resolve("damaged" + round + ".tif");
      try (SlideProcess slide = new SlideProcess(file)) {
        for (int i = 0; i < 100; i++) {
          byte[] damaged = sound.clone();
          for (int j = 0; j <= random.nextInt(3); j++) {
            int near = random.nextBoolean() ? 400 : damaged.length;
            damaged[random.nextInt(near)] ^= (byte) (1 << random.nextInt(8));
          }
          int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
          Files.write(file, Arrays.copyOf(damaged, length));
          read += isReadable(slide) ? 1 : 0;
        }
      }
    }
    assertThat(read).isBetween(10, ROUNDS - 10);
  }

  private static boolean isReadable(SlideProcess slide) {
    try {
      slide.describe();
      return slide.region(0, 40, 40, 64, 64).width() == 64;
    } catch (ImageRejectedException e) {
      // OpenSlide 3.4 crashes on tiles that are declared 8 million pixels wide.
      assertThat(e.getMessage()).isNotBlank().doesNotContain("takes longer");
      return false;
    }
  }

  private boolean isInstalled() throws Exception {
    Path file = Files.write(dir.resolve("no-slide.bin"), new byte[] {1});
    try (SlideProcess process = new SlideProcess(file)) {
      process.describe();
      return true;
    } catch (ImageRejectedException e) {
      return !e.getMessage().contains("not on this machine");
    }
  }
}
