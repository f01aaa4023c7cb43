package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SingleRoundTest {
  private static final String SHARE = "histoflow.fine-tuning.held.out.share";

  @Test
  void shouldHoldOutEnoughOfAnyFewCorrections() {
    for (int slide = 0; slide < 200; slide++) {
      // Given: ten tiles, of which chance holds out none to seven
      List<String> tiles = tiles(slide, 10);

      // When
      Map<String, String> settings = SingleRound.over(tiles);

      // Then
      HeldOut heldOut = new HeldOut(Double.parseDouble(settings.get(SHARE)));
      assertThat(tiles.stream().filter(heldOut::contains).count()).isBetween(3L, 9L);
      assertThat(settings).containsEntry("histoflow.fine-tuning.min.corrections", "10");
    }
  }

  @Test
  void shouldKeepTheUsualShareWhereItHoldsOutEnough() {
    assertThat(SingleRound.over(tiles(1, 100))).containsEntry(SHARE, "0.330");
  }

  @Test
  void shouldLeaveOneToLearnFromWhereTooFewAreCorrected() {
    assertThat(SingleRound.over(tiles(1, 1))).containsEntry(SHARE, "0.330");
  }

  private static List<String> tiles(int slide, int count) {
    return IntStream.range(0, count).mapToObj(i -> "slide-" + slide + "/" + i).toList();
  }
}
