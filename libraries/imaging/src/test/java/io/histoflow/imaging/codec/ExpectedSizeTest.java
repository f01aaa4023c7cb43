package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedSizeTest {

  private static final ImageLimits LIMITS = ImageLimits.forTiles();

  @Test
  void shouldRefuseAMaskOfAnotherSizeByItsHeader() throws Exception {
    // Given: 134 MB once decoded
    byte[] upload = ImageDecoderTest.zeroPng(4096, 4096, 16, 6);

    // When
    long before = allocated();
    assertThatThrownBy(() -> MaskPng.decode(upload, LIMITS, 256, 256))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessage("the image has 4096 x 4096 pixels where 256 x 256 are expected");
    long after = allocated();

    // Then
    assertThat(after - before).isLessThan(4L * upload.length + (1 << 20));
  }

  @Test
  void shouldRefuseAMaskOfMoreBitsThanAnyMaskNeeds() throws Exception {
    assertThatThrownBy(() -> MaskPng.decode(deepPng(), LIMITS, 16, 16))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("64 bits a pixel");
    assertThat(MaskPng.decode(deepPng(), LIMITS).positivePixels()).isZero();
  }

  @Test
  void shouldDecodeMasksAndMapsOfTheExpectedSize() throws Exception {
    // Given
    byte[] mask = MaskPng.encode(Mask.of(3, 2, new byte[] {0, 1, 0, 1, 1, 0}));
    byte[] map = GreyPng.encode(GreyImage.of(3, 2, new byte[] {0, 1, 2, 3, 4, 5}));

    // When, Then
    assertThat(MaskPng.decode(mask, LIMITS, 3, 2).positivePixels()).isEqualTo(3);
    assertThat(GreyPng.decode(map, LIMITS, 3, 2).at(2, 1)).isEqualTo(5);
    assertThatThrownBy(() -> GreyPng.decode(map, LIMITS, 2, 3))
        .isInstanceOf(ImageRejectedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.tif", "jpeg.tif", "progressive.jpg", "palette.png", "cmyk.jpg"})
  void shouldTellTheSizeOfAnImageByItsHeader(String fixture) throws Exception {
    // Given
    byte[] bytes = ImageDecoderTest.fixture(fixture);

    // When
    EncodedImage image = EncodedImage.of(bytes, LIMITS);

    // Then
    assertThat(image.width()).isEqualTo(16);
    assertThat(image.height()).isEqualTo(8);
    assertThat(new ImageDecoder(LIMITS).decode(bytes, 16, 8).width()).isEqualTo(16);
    assertThatThrownBy(() -> new ImageDecoder(LIMITS).decode(bytes, 8, 16))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("8 x 16 are expected");
  }

  private static byte[] deepPng() throws Exception {
    ComponentColorModel rgba =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, 3, DataBuffer.TYPE_USHORT);
    WritableRaster raster = rgba.createCompatibleWritableRaster(16, 16);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(rgba, raster, false, null), "png", out);
    return out.toByteArray();
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
