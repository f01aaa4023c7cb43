package io.histoflow.review.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.review.overview.Flow.State;
import io.histoflow.review.overview.FlowJudge.Range;
import io.histoflow.review.overview.FlowJudge.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FlowJudgeTest {
  private static final TopicPartition FIRST = new TopicPartition("scanned", 0);
  private static final TopicPartition SECOND = new TopicPartition("scanned", 1);

  private Instant now = Instant.EPOCH;
  private final FlowJudge judge = new FlowJudge(Duration.ofMinutes(2), () -> now);

  @Test
  void shouldBeIdleWhereNoTileWaitsHoweverLong() {
    // When, then
    assertThat(judge(10, 10, 5, 0)).isEqualTo(State.IDLE);
    now = now.plus(Duration.ofDays(1));
    assertThat(judge(10, 10, 5, 0)).isEqualTo(State.IDLE);
  }

  @Test
  void shouldStandStillWhereTilesWaitAndNoneIsAnswered() {
    // Given
    assertThat(judge(10, 12, 5, 0)).isEqualTo(State.RUNNING);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(judge(10, 14, 5, 0)).isEqualTo(State.RUNNING);

    // When
    now = now.plus(Duration.ofMinutes(1));

    // Then
    assertThat(judge(10, 14, 5, 0)).isEqualTo(State.STANDING);
    assertThat(judge(11, 14, 6, 0)).isEqualTo(State.RUNNING);
  }

  @Test
  void shouldSeeThatOnePartitionStandsStillWhileOthersGoOn() {
    // Given
    judge.judge(reading(new Range(3, 4), new Range(10, 20), 5, 0));
    now = now.plus(Duration.ofMinutes(2));

    // When
    Flow flow = judge.judge(reading(new Range(3, 4), new Range(15, 25), 10, 0));

    // Then
    assertThat(flow.state()).isEqualTo(State.STANDING);
    assertThat(flow.waiting()).isEqualTo(11);
    assertThat(flow.sentence()).contains("11 in all", "Partition 0 of scanned");
  }

  @Test
  void shouldSayThatEveryTileIsRefusedUntilOneIsAnswered() {
    // Given
    assertThat(judge(10, 10, 5, 7)).isEqualTo(State.IDLE);

    // When, then
    assertThat(judge(12, 12, 5, 9)).as("two bad tiles").isEqualTo(State.IDLE);
    assertThat(judge(13, 13, 5, 10)).isEqualTo(State.REFUSING);
    assertThat(judge(13, 13, 5, 10)).as("while nothing comes").isEqualTo(State.REFUSING);
    assertThat(judge(15, 15, 6, 11)).isEqualTo(State.IDLE);
  }

  private State judge(long next, long end, long segmented, long deadLetters) {
    return judge
        .judge(new Reading(Map.of(FIRST, new Range(next, end)), segmented, deadLetters))
        .state();
  }

  private static Reading reading(Range first, Range second, long segmented, long deadLetters) {
    return new Reading(Map.of(FIRST, first, SECOND, second), segmented, deadLetters);
  }
}
