package io.histoflow.imaging.imageio;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.RgbImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;

class CmykTest {

  @Test
  void shouldReadPlainInks() {
    // Given: full cyan, half black
    WritableRaster raster = pixel(255, 0, 0, 51);

    // When
    RgbImage image = Cmyk.toRgb(raster, -1);

    // Then: 255 - 51 = 204 of light
    assertThat(image.rgb()).containsExactly(0, (byte) 204, (byte) 204);
  }

  @Test
  void shouldReadInvertedInksOfAdobe() {
    // Given
    WritableRaster raster = pixel(0, 255, 255, 204);

    // When
    RgbImage image = Cmyk.toRgb(raster, 0);

    // Then
    assertThat(image.rgb()).containsExactly(0, (byte) 204, (byte) 204);
  }

  @Test
  void shouldReadLumaAndChromaOfAdobe() {
    // Given: Y = 76, Cb = 85, Cr = 255 is pure red in JFIF's BT.601
    WritableRaster raster = pixel(76, 85, 255, 255);

    // When
    RgbImage image = Cmyk.toRgb(raster, 2);

    // Then
    assertThat(image.rgb()[0] & 0xFF).isBetween(253, 255);
    assertThat(image.rgb()[1] & 0xFF).isBetween(0, 2);
    assertThat(image.rgb()[2] & 0xFF).isBetween(0, 2);
  }

  private static WritableRaster pixel(int... samples) {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 1, 1, 4, null);
    raster.setPixel(0, 0, samples);
    return raster;
  }
}
