package io.histoflow.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class GeometryTest {

  @Test
  void shouldCropARectangle() {
    // Given: 3 x 2 pixels whose red counts up
    RgbImage image =
        RgbImage.of(3, 2, new byte[] {0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, 0});

    // When
    RgbImage part = image.crop(1, 0, 2, 2);

    // Then
    assertThat(part.rgb()).containsExactly(1, 0, 0, 2, 0, 0, 4, 0, 0, 5, 0, 0);
    assertThatThrownBy(() -> image.crop(2, 0, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(2, 0)");
    assertThatThrownBy(() -> image.crop(Integer.MAX_VALUE, 0, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldReflectAboutTheLastPixelWithoutRepeatingIt() {
    // Given: a b c
    Mask row = Mask.of(3, 1, new byte[] {1, 0, 0});

    // When: a b c | b a b c
    Mask padded = row.reflectPad(4, 2);

    // Then
    assertThat(padded.crop(0, 0, 7, 1).values()).containsExactly(1, 0, 0, 0, 1, 0, 0);
    assertThat(padded.crop(0, 2, 7, 1).values()).containsExactly(1, 0, 0, 0, 1, 0, 0);
  }

  @Test
  void shouldRepeatASinglePixelWhenPadding() {
    // When
    RgbImage padded = RgbImage.of(1, 1, new byte[] {7, 8, 9}).reflectPad(1, 1);

    // Then
    assertThat(padded.rgb()).containsExactly(7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9);
  }

  @Test
  void shouldConvertToAndFromBufferedImages() {
    // Given
    RgbImage image = RgbImage.of(2, 1, new byte[] {1, 2, 3, (byte) 250, 5, 6});

    // When
    BufferedImage converted = image.toBufferedImage();

    // Then
    assertThat(converted.getRGB(0, 0)).isEqualTo(0xFF010203);
    assertThat(RgbImage.from(converted).rgb()).isEqualTo(image.rgb());
    assertThat(RgbImage.from(converted.getSubimage(1, 0, 1, 1)).rgb()).containsExactly(250, 5, 6);
  }

  @Test
  void shouldNotChangeTheImageItCopiesFrom() {
    // Given
    BufferedImage source = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
    source.setRGB(0, 0, 0xFF112233);

    // When
    RgbImage.from(source);

    // Then
    assertThat(source.getRGB(0, 0)).isEqualTo(0xFF112233);
  }

  @Test
  void shouldRefuseArraysOfTheWrongLength() {
    assertThatThrownBy(() -> RgbImage.of(2, 2, new byte[11]))
        .hasMessage("An image of 2 x 2 pixels and 3 channels needs 12 values, not 11");
    assertThatThrownBy(() -> Mask.of(0, 2, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GreyImage.of(50_000, 50_000, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldCountPositivePixels() {
    // When
    Mask mask = Mask.of(2, 2, new byte[] {0, 1, -1, 5});

    // Then
    assertThat(mask.positivePixels()).isEqualTo(3);
    assertThat(mask.values()).containsExactly(0, 1, 1, 1);
    assertThat(mask.at(1, 0)).isTrue();
    assertThatThrownBy(() -> mask.at(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
