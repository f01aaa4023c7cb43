package io.histoflow.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import org.junit.jupiter.api.Test;

class GreyPngTest {

  @Test
  void shouldReturnWhatWasEncoded() throws Exception {
    // Given: every grey value once
    byte[] values = new byte[256];
    for (int i = 0; i < 256; i++) {
      values[i] = (byte) i;
    }
    GreyImage map = GreyImage.of(64, 4, values);

    // When
    GreyImage decoded = GreyPng.decode(GreyPng.encode(map), ImageLimits.forTiles(), 64, 4);

    // Then
    assertThat(decoded.width()).isEqualTo(64);
    assertThat(decoded.values()).isEqualTo(values);
    assertThat(decoded.at(63, 3)).isEqualTo(255);
  }

  @Test
  void shouldWriteSixteenLevelsInFourBits() throws Exception {
    // Given: every grey value once, in rows that end within a byte
    byte[] values = new byte[255];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) i;
    }

    // When
    byte[] png = GreyPng.encodeLevels(GreyImage.of(17, 15, values));

    // Then: IHDR's bit depth and colour type
    assertThat(png[24]).isEqualTo((byte) 4);
    assertThat(png[25]).isEqualTo((byte) 0);
    GreyImage decoded = GreyPng.decode(png, ImageLimits.forTiles(), 17, 15);
    for (int i = 0; i < values.length; i++) {
      assertThat(decoded.values()[i] & 0xFF).isEqualTo(17 * (i / 16));
    }
  }

  @Test
  void shouldWriteGreyOfEightBits() {
    // When
    byte[] png = GreyPng.encode(GreyImage.of(2, 2, new byte[4]));

    // Then: IHDR's bit depth and colour type
    assertThat(png[24]).isEqualTo((byte) 8);
    assertThat(png[25]).isEqualTo((byte) 0);
  }
}
