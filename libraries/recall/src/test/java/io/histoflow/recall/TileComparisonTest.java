package io.histoflow.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.histoflow.imaging.Mask;
import org.junit.jupiter.api.Test;

class TileComparisonTest {
  @Test
  void shouldCountPixelsAndObjects() {
    // Given: two nuclei, one of them diagonal; half of the first is seen, and something beside them
    Mask truth =
        mask(
            "11.....", //
            "11...1.", "....1..", ".......");
    Mask seen =
        mask(
            "1......", //
            "1......", ".......", "..11...");

    // When
    TileComparison tile = TileComparison.of(seen, truth);

    // Then
    assertThat(tile.pixels()).isEqualTo(new Counts(2, 4, 2));
    assertThat(tile.objects()).isEqualTo(new Counts(1, 1, 1));
    assertThat(tile.missedShare()).isEqualTo(4.0 / 6);
  }

  @Test
  void shouldCountAnObjectAsMissedBelowHalfOfItsPixels() {
    TileComparison tile = TileComparison.of(mask("1......"), mask("111...."));

    assertThat(tile.objects()).isEqualTo(new Counts(0, 1, 0));
    assertThat(tile.pixels()).isEqualTo(new Counts(1, 2, 0));
  }

  @Test
  void shouldHaveNoShareWhereThereIsNothingToFind() {
    TileComparison tile = TileComparison.of(mask(".1."), mask("..."));

    assertThat(tile.missedShare()).isNaN();
    assertThat(tile.objects()).isEqualTo(new Counts(0, 0, 1));
  }

  @Test
  void shouldRefuseMasksOfDifferentSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TileComparison.of(mask("1"), mask("11")))
        .withMessageContaining("1 x 1")
        .withMessageContaining("2 x 1");
  }

  private static Mask mask(String... rows) {
    byte[] values = new byte[rows.length * rows[0].length()];
    String all = String.join("", rows);
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (all.charAt(i) == '1' ? 1 : 0);
    }
    return Mask.of(rows[0].length(), rows.length, values);
  }
}
