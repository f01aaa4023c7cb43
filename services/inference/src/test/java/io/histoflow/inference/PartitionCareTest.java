package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartitionCareTest {
  private static final WorkMark USUAL = WorkMark.working(8);

  @Test
  void shouldNotBeCarefulWhereTheFormerWorkerLeftInOrder() {
    assertThat(PartitionCare.takenOver(WorkMark.none(), 5, 100).isCareful()).isFalse();
  }

  @Test
  void shouldNotBeCarefulWhereNothingWasInWork() {
    assertThat(PartitionCare.takenOver(USUAL, 100, 100).isCareful()).isFalse();
  }

  @Test
  void shouldBeCarefulOfAsManyRecordsAsWereInWork() {
    // Given
    PartitionCare care = PartitionCare.takenOver(WorkMark.working(2), 5, 100);
    // Then
    assertThat(care.attempt()).isEqualTo(WorkMark.alone(2, 1));
    assertThat(care.markAfter(6, USUAL)).isEqualTo(WorkMark.alone(1, 0));
    care.begun();
    care.answered(6);
    assertThat(care.isCareful()).isTrue();
    assertThat(care.markAfter(7, USUAL)).isEqualTo(USUAL);
    care.answered(7);
    assertThat(care.isCareful()).isFalse();
  }

  @Test
  void shouldWorkOnAFewAtATimeWhereManyWereInWork() {
    // Given
    PartitionCare care = PartitionCare.takenOver(WorkMark.working(72), 5, 100);
    // Then
    assertThat(care.isCareful()).isFalse();
    assertThat(care.isWary()).isTrue();
    assertThat(care.markAfter(6, USUAL)).isEqualTo(WorkMark.working(PartitionCare.FEW));
    assertThat(care.leaving()).isEqualTo(WorkMark.working(72));
    // When those that were in work are answered
    for (int offset = 5; offset < 77; offset++) {
      care.answered(offset + 1);
    }
    // Then
    assertThat(care.isWary()).isFalse();
    assertThat(care.leaving()).isEqualTo(WorkMark.none());
    // And where one of the few ended the next process, each is worked on alone
    assertThat(PartitionCare.takenOver(WorkMark.working(PartitionCare.FEW), 5, 100).isCareful())
        .isTrue();
  }

  @Test
  void shouldCountTheDeathsOfEachRecordByItself() {
    // Given a worker that died once with the record at 5 alone in work
    PartitionCare care = PartitionCare.takenOver(WorkMark.alone(4, 1), 5, 100);
    assertThat(care.deaths()).isEqualTo(1);
    // When it is tried again
    assertThat(care.attempt()).isEqualTo(WorkMark.alone(4, 2));
    care.begun();
    // Then trying is no death, and the next record begins from nothing
    assertThat(care.deaths()).isEqualTo(1);
    care.answered(6);
    assertThat(care.deaths()).isZero();
    assertThat(care.attempt()).isEqualTo(WorkMark.alone(3, 1));
  }

  @Test
  void shouldNotCountAnAttemptThatWasCutOffInOrder() {
    // Given
    PartitionCare care = PartitionCare.takenOver(WorkMark.alone(4, 1), 5, 100);
    care.begun();
    // Then
    assertThat(care.leaving()).isEqualTo(WorkMark.alone(4, 1));
    care.nothingLeft();
    assertThat(care.leaving()).isEqualTo(WorkMark.none());
  }

  @Test
  void shouldFollowATransactionThatWasCommittedUnheard() {
    // Given
    PartitionCare care = PartitionCare.takenOver(WorkMark.alone(4, 1), 5, 100);
    care.begun();
    // When
    care.standsAt(5);
    assertThat(care.hasBegun()).isTrue();
    care.standsAt(6);
    // Then
    assertThat(care.hasBegun()).isFalse();
    assertThat(care.deaths()).isZero();
    assertThat(care.next()).isEqualTo(6);
  }
}
