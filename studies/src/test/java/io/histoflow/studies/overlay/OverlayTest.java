package io.histoflow.studies.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.scanning.image.SlideImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {
  @TempDir private Path folder;

  @Test
  void shouldTintTheWholeSlideAndOutlineThePartThatHasMost() throws Exception {
    // Given: a white slide of 128 x 64 with a nucleus of 8 x 8 from (100, 40) on
    try (SlideImage slide = image("slide.png", 128, 64, 0, 0, 0, 255);
        SlideImage mask = image("mask.png", 128, 64, 100, 40, 8, 0)) {
      // When: in a quarter of its width
      RgbImage picture = new Overlay(slide, mask, 32).draw();

      // Then: of the left half the nucleus is tinted, and white is white
      assertThat(picture.width()).isEqualTo(64);
      assertThat(picture.height()).isEqualTo(16);
      assertThat(pixel(picture, 0, 0)).containsExactly(255, 255, 255);
      assertThat(pixel(picture, 25, 10)).isEqualTo(new int[] {115, 241, 180});
      // Then: the right half holds it at full size, outlined and clear inside
      int[] green = {0, 230, 118};
      int outline = 0;
      for (int y = 0; y < 16; y++) {
        for (int x = 32; x < 64; x++) {
          outline += Arrays.equals(pixel(picture, x, y), green) ? 1 : 0;
        }
      }
      assertThat(outline).as("the border of 8 x 8").isEqualTo(28);
    }
  }

  @Test
  void shouldTakeAMaskOfASmallerLevelAndRefuseThatOfAnotherSlide() throws Exception {
    try (SlideImage slide = image("slide.png", 128, 64, 0, 0, 0, 255);
        SlideImage half = image("half.png", 64, 32, 50, 20, 4, 0);
        SlideImage other = image("other.png", 128, 80, 50, 20, 4, 0)) {
      RgbImage picture = new Overlay(slide, half, 32).draw();
      assertThat(pixel(picture, 25, 10)).isEqualTo(new int[] {115, 241, 180});
      assertThatThrownBy(() -> new Overlay(slide, other, 32))
          .hasMessageContaining("is of another slide");
      assertThatThrownBy(() -> new Overlay(slide, half, 500)).hasMessageContaining("16 to 128");
    }
  }

  /** A square of 255 on a ground. */
  private SlideImage image(
      String name, int width, int height, int left, int top, int side, int ground)
      throws Exception {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) ground);
    for (int y = top; y < top + side; y++) {
      Arrays.fill(rgb, 3 * (y * width + left), 3 * (y * width + left + side), (byte) 255);
    }
    Path file = folder.resolve(name);
    Files.write(file, RgbPng.encode(RgbImage.of(width, height, rgb)));
    return SlideImage.open(file);
  }

  private static int[] pixel(RgbImage image, int x, int y) {
    int at = 3 * (y * image.width() + x);
    byte[] rgb = image.rgb();
    return new int[] {rgb[at] & 0xFF, rgb[at + 1] & 0xFF, rgb[at + 2] & 0xFF};
  }
}
