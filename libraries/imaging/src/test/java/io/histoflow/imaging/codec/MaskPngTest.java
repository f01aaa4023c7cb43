package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskPngTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 64, 255})
  void shouldReturnWhatWasEncoded(int width) throws Exception {
    // Given
    Random random = new Random(width);
    byte[] values = new byte[width * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) random.nextInt(2);
    }
    Mask mask = Mask.of(width, 5, values);

    // When
    Mask decoded = MaskPng.decode(MaskPng.encode(mask), ImageLimits.forTiles());

    // Then
    assertThat(decoded).isEqualTo(mask);
  }

  @Test
  void shouldWriteGreyOfOneBit() {
    // Given
    Mask mask = Mask.of(16, 16, new byte[256]);

    // When
    byte[] png = MaskPng.encode(mask);

    // Then: IHDR's bit depth and colour type
    assertThat(png[24]).isEqualTo((byte) 1);
    assertThat(png[25]).isEqualTo((byte) 0);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void shouldTakeAnyPixelThatIsNotBlackAsPositive(int type) throws Exception {
    // Given
    BufferedImage image = new BufferedImage(4, 3, type);
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        image.setRGB(x, y, 0xFF000000);
      }
    }
    image.setRGB(2, 1, 0xFFFFFFFF);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);

    // When
    Mask mask = MaskPng.decode(png.toByteArray(), ImageLimits.forTiles());

    // Then
    assertThat(mask.positivePixels()).isEqualTo(1);
    assertThat(mask.at(2, 1)).isTrue();
  }

  @Test
  void shouldTakeTheFaintestGreyAsPositive() throws Exception {
    // Given: an instance label 1 of 16 bits, which 8 bits would lose
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(1, 0, 0, 1);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);

    // When
    Mask mask = MaskPng.decode(png.toByteArray(), ImageLimits.forTiles());

    // Then
    assertThat(mask.at(0, 0)).isFalse();
    assertThat(mask.at(1, 0)).isTrue();
  }

  @Test
  void shouldRefuseAMaskThatIsNotPng() throws Exception {
    // Given
    byte[] jpeg = ImageDecoderTest.fixture("grey.jpg");

    // When, Then
    assertThatThrownBy(() -> MaskPng.decode(jpeg, ImageLimits.forTiles()))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("not a PNG");
  }

  @Test
  void shouldRefuseAMaskAboveTheLimits() {
    // Given
    byte[] png = MaskPng.encode(Mask.of(300, 2, new byte[600]));

    // When, Then
    assertThatThrownBy(() -> MaskPng.decode(png, new ImageLimits(256, 256, 65_536, 1000)))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("300 x 2");
  }
}
