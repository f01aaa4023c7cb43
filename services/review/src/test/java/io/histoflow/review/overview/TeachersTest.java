package io.histoflow.review.overview;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.ReviewAct;
import io.histoflow.schemas.ReviewActKind;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeachersTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final Teachers teachers = new Teachers();

  @Test
  void shouldCountWhoGaveVerdictsBetweenTwoMoments() {
    // Given
    teachers.add(act(ReviewActKind.DECIDED, "Ada", "CORRECTED", 1));
    teachers.add(act(ReviewActKind.DECIDED, "Ada", "CONFIRMED", 2));
    teachers.add(act(ReviewActKind.DECIDED, "Grace", "CORRECTED", 3));
    teachers.add(act(ReviewActKind.DECIDED, "Grace", "CORRECTED", 9));

    // When, then: after the first moment, and at the second
    assertThat(teachers.between(START.plusSeconds(1), START.plusSeconds(3)))
        .isEqualTo(Map.of("Ada", 1, "Grace", 1));
  }

  @Test
  void shouldNotCountWhatTeachesNothing() {
    // When
    teachers.add(act(ReviewActKind.CLAIMED, "Ada", null, 1));
    teachers.add(act(ReviewActKind.SECOND_OPINION, "Ada", "CORRECTED", 2));
    teachers.add(act(ReviewActKind.DECIDED, "Ada", "UNUSABLE", 3));

    // Then
    assertThat(teachers.between(Instant.MIN, Instant.MAX)).isEmpty();
  }

  @Test
  void shouldCountAVerdictOnceThatIsReadAgain() {
    // When
    teachers.add(act(ReviewActKind.DECIDED, "Ada", "CORRECTED", 1));
    teachers.add(act(ReviewActKind.DECIDED, "Ada", "CORRECTED", 1));

    // Then
    assertThat(teachers.between(Instant.MIN, Instant.MAX)).isEqualTo(Map.of("Ada", 1));
  }

  private static ReviewAct act(ReviewActKind kind, String reviewer, String detail, int second) {
    return ReviewAct.newBuilder()
        .setKind(kind)
        .setReviewer(reviewer)
        .setAt(START.plusSeconds(second))
        .setTileId("tile-" + second)
        .setDetail(detail)
        .setWorkerId("review")
        .build();
  }
}
