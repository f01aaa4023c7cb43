package io.histoflow.imaging.jpeg2000;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Jpeg2000HeaderTest {
  private static final int FIRST_PIXELS = 79;

  @Test
  void shouldReadWhatADecoderWillAllocate() throws Exception {
    assertThat(read(sound())).isEqualTo(new Jpeg2000Header(256, 240, 3, false, true));
  }

  @Test
  void shouldTellSubsampledComponents() throws Exception {
    // Given: the second and third with half of the columns, and no transform
    byte[] codestream = sound();
    codestream[46] = 2;
    codestream[49] = 2;
    codestream[59] = 0;

    // When / Then
    assertThat(read(codestream)).isEqualTo(new Jpeg2000Header(256, 240, 3, true, false));
  }

  /** Of each: where, how many bytes, the value that is put there, and what is answered. */
  @ParameterizedTest
  @CsvSource({
    "0, 2, 0, it does not begin as one",
    "8, 4, 8192, more than the",
    "8, 4, 0, at least 1 x 1",
    "16, 4, 1, cut into tiles of its own",
    "24, 4, 64, cut into tiles of its own",
    "36, 4, 8, cut into tiles of its own",
    "40, 2, 4, it has 4 components",
    "40, 2, 16384, it has 16384 components",
    "42, 1, 15, not of 8 bits",
    "42, 1, 135, not of 8 bits",
    "43, 1, 2, sizes that do not fit",
    "46, 1, 255, sizes that do not fit",
    "46, 1, 2, its colours cannot be undone",
    "51, 2, 0xFF60, headers are packed",
    "57, 2, 65535, 65535 layers",
    "60, 1, 200, code blocks have a size",
    "61, 1, 9, code blocks have a size",
    "69, 2, 1, its pixels lie in several parts",
    "71, 4, 90000, it is cut off",
    "75, 1, 3, its pixels lie in several parts",
    "76, 1, 2, its pixels lie in several parts",
  })
  void shouldRefuseWhatWouldCostTheDecoderMoreThanItsTile(
      int at, int length, String value, String sentence) {
    // Given
    byte[] codestream = sound();
    ByteBuffer bytes = ByteBuffer.wrap(codestream);
    long number = Long.decode(value);
    switch (length) {
      case 1 -> bytes.put(at, (byte) number);
      case 2 -> bytes.putShort(at, (short) number);
      default -> bytes.putInt(at, (int) number);
    }

    // When / Then
    assertThatThrownBy(() -> read(codestream))
        .isInstanceOf(ImageRejectedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldRefuseEveryHeaderThatIsCutOff() {
    byte[] sound = sound();
    for (int length = 0; length < FIRST_PIXELS - 2; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThatThrownBy(() -> Jpeg2000Header.of(cut, ImageLimits.forTiles()))
          .as("%d bytes", length)
          .isInstanceOf(ImageRejectedException.class);
    }
  }

  private static Jpeg2000Header read(byte[] codestream) throws ImageRejectedException {
    return Jpeg2000Header.of(codestream, ImageLimits.forTiles());
  }

  /** 256 x 240 pixels in one tile of one part; what would be its pixels are zeros. */
  private static byte[] sound() {
    ByteBuffer out = ByteBuffer.allocate(FIRST_PIXELS + 100);
    out.putShort((short) 0xFF4F);
    out.putShort((short) 0xFF51).putShort((short) 47).putShort((short) 0);
    out.putInt(256).putInt(240).putInt(0).putInt(0);
    out.putInt(256).putInt(256).putInt(0).putInt(0);
    out.putShort((short) 3).put(new byte[] {7, 1, 1, 7, 1, 1, 7, 1, 1});
    out.putShort((short) 0xFF52).putShort((short) 12).put(new byte[] {0, 0, 0, 1, 1});
    out.put(new byte[] {5, 4, 4, 0, 1});
    out.putShort((short) 0xFF90).putShort((short) 10).putShort((short) 0);
    out.putInt(14 + 100).put(new byte[] {0, 1}).putShort((short) 0xFF93);
    return out.array();
  }
}
