package io.histoflow.review.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.review.overview.People.Decisions;
import io.histoflow.review.overview.People.Person;
import io.histoflow.review.overview.People.Work;
import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PeopleTest {
  private static final Instant BEGIN = Instant.parse("2026-01-02T08:00:00Z");

  private final People people = new People();
  private long offset;

  @Test
  void shouldAddUpWhatEachPersonDidByName() {
    // When
    act(ReviewActKind.CLAIMED, "Zoe", "t1", 0);
    decide(ReviewActKind.DECIDED, "Zoe", "t1", 20, "kidney", 3);
    act(ReviewActKind.CLAIMED, "Ada", "t2", 30);
    decide(ReviewActKind.DECIDED, "Ada", "t2", 40, "kidney", 3);
    decide(ReviewActKind.SECOND_OPINION, "Ada", "t1", 50, "liver", 4);
    act(ReviewActKind.SIGNED_IN, "Ada", null, 5);

    // Then
    assertThat(people.summary().isWhole()).isTrue();
    assertThat(people.summary().people()).extracting(Person::name).containsExactly("Ada", "Zoe");
    Person ada = people.summary().people().get(0);
    assertThat(ada.decisions()).isEqualTo(new Decisions(1, 1));
    assertThat(ada.claims()).isEqualTo(1);
    assertThat(ada.first()).isEqualTo(BEGIN.plusSeconds(5));
    assertThat(ada.last()).isEqualTo(BEGIN.plusSeconds(50));
    assertThat(ada.work())
        .containsEntry(new Work("kidney", "light", 3L), new Decisions(1, 0))
        .containsEntry(new Work("liver", "light", 4L), new Decisions(0, 1));
    assertThat(ada.medianTime()).contains(Duration.ofSeconds(10));
  }

  @Test
  void shouldTakeTheMedianOfTimesThatAreKnownAndNoLongPauses() {
    // Given: 10 s, 20 s, 40 s, a night, and one whose beginning nobody knows
    int[] seconds = {10, 40, 20, 40_000};
    for (int i = 0; i < seconds.length; i++) {
      act(ReviewActKind.CLAIMED, "Ada", "t" + i, 0);
      decide(ReviewActKind.DECIDED, "Ada", "t" + i, seconds[i], "kidney", 1);
    }
    decide(ReviewActKind.DECIDED, "Ada", "by address", 5, "kidney", 1);

    // Then
    Person ada = people.summary().people().get(0);
    assertThat(ada.medianTime()).contains(Duration.ofSeconds(20));
    assertThat(ada.timed()).isEqualTo(3);
    assertThat(ada.decisions().verdicts()).isEqualTo(5);
  }

  @Test
  void shouldCountAnActOnceHoweverOftenItsTopicIsRead() {
    // When
    decide(ReviewActKind.DECIDED, "Ada", "t", 1, "kidney", 1);
    offset = 0;
    decide(ReviewActKind.DECIDED, "Ada", "t", 1, "kidney", 1);
    decide(ReviewActKind.DECIDED, "Ada", "u", 2, "kidney", 1);

    // Then
    assertThat(people.summary().people().get(0).decisions().verdicts()).isEqualTo(2);
  }

  @Test
  void shouldSayThatNotEverybodyIsToldApartWhereThereAreTooMany() {
    // When
    for (int i = 0; i <= 1_000; i++) {
      act(ReviewActKind.SIGNED_IN, "person-" + i, null, i);
    }

    // Then
    assertThat(people.summary().people()).hasSize(1_000);
    assertThat(people.summary().isWhole()).isFalse();
  }

  private void act(ReviewActKind kind, String who, String tile, long second) {
    people.add(builder(kind, who, tile, second).build(), offset++);
  }

  private void decide(
      ReviewActKind kind, String who, String tile, long second, String organ, long version) {
    people.add(
        builder(kind, who, tile, second)
            .setOrgan(organ)
            .setModelId("light")
            .setModelVersion(version)
            .build(),
        offset++);
  }

  private static ReviewAct.Builder builder(
      ReviewActKind kind, String who, String tile, long second) {
    return ReviewAct.newBuilder()
        .setKind(kind)
        .setReviewer(who)
        .setTileId(tile)
        .setAt(BEGIN.plusSeconds(second))
        .setWorkerId("w");
  }
}
