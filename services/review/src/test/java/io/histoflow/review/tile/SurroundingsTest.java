package io.histoflow.review.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.kafka.RecordPosition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

  @Test
  void shouldTakeTilesThatTouchOrOverlapForNeighbours() {
    // Given: tiles of 100 x 100 pixels
    Surroundings around =
        new Surroundings(
            1,
            List.of(place(0, 0), place(100, 100), place(90, 0), place(201, 100), place(300, 300)),
            true);

    // When
    List<TilePlace> neighbours = around.neighbours(100, 100, 100, 100);

    // Then
    assertThat(neighbours).containsExactly(place(0, 0), place(100, 100), place(90, 0));
  }

  @Test
  void shouldReachFartherWhereAPixelIsMoreThanOneOfLevelZero() {
    // Given: each tile covers 400 x 400 pixels of level 0
    Surroundings around =
        new Surroundings(4, List.of(place(400, 0), place(800, 0), place(401, 401)), true);

    // When, then
    assertThat(around.neighbours(0, 0, 100, 100)).containsExactly(place(400, 0));
  }

  @Test
  void shouldRefuseWhatIsNoPlace() {
    assertThatThrownBy(() -> new Surroundings(0.5, List.of(), true))
        .isInstanceOf(IllegalArgumentException.class);
    RecordPosition tile = new RecordPosition("topic", 0, 0);
    assertThatThrownBy(() -> new TilePlace("t", "s", Optional.empty(), 0, 0, 0, 100, 1, 0, 0, tile))
        .hasMessageContaining("0 x 100");
  }

  private static TilePlace place(int x, int y) {
    return new TilePlace(
        x + "_" + y,
        "slide",
        Optional.empty(),
        x,
        y,
        100,
        100,
        1,
        0.2,
        0.3,
        new RecordPosition("t", 0, 1));
  }
}
