package io.histoflow.loadtests.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OrganRecordTest {
  @Test
  void shouldTakeTheLargestErrorOfAnyWindowAfterWarmUpAndChanges() {
    // Given: every tenth tile is routed, none of tiles 40..49, and every one of 60..69
    OrganRecord organ = new OrganRecord();
    for (int i = 0; i < 100; i++) {
      if (i == 60) {
        organ.change(0);
      }
      organ.comes(0.5);
      organ.add((i >= 60 && i < 70) || (i % 10 == 5 && i / 10 != 4));
    }

    // When / Then: the window of 60..69 ends as soon as the organ has to be back
    assertThat(organ.largestError(0.1, 10)).isCloseTo(0.9, within(1e-9));
    assertThat(organ.largestError(0.1, 20)).isCloseTo(0.45, within(1e-9));
    assertThat(organ.shareBefore(50, 10)).isZero();
    assertThat(organ.routed()).isEqualTo(18);
  }

  @Test
  void shouldCountTheRoutedTilesThatAreAmongTheHighestScoresOfTheirPhase() {
    // Given: scores 0..19 and then, on another scale, 100..119; a tenth are two of each
    OrganRecord organ = new OrganRecord();
    for (int i = 0; i < 40; i++) {
      if (i == 20) {
        organ.change(1);
      }
      organ.comes(i < 20 ? i : 80 + i);

      // When: the best and the third of the first, the two best of the second are routed
      organ.add(i == 17 || i == 19 || i == 38 || i == 39);
    }

    // Then
    assertThat(organ.routedOfTop(0.1)).isEqualTo(3);
    assertThat(organ.routedOfTop(0.15)).isEqualTo(4);
  }

  @Test
  void shouldCountAnAlarmWithoutShiftOrRepeatedAsFalse() {
    // Given
    OrganRecord organ = new OrganRecord();
    organ.alarm(false);
    organ.add(false);
    organ.change(0);
    organ.add(false);
    organ.add(true);

    // When
    organ.alarm(true);
    organ.alarm(true);

    // Then
    assertThat(organ.alarmedAfter()).isEqualTo(2);
    assertThat(organ.falseAlarms()).isEqualTo(2);
  }
}
