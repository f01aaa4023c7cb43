package io.histoflow.review.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.schemas.TileClaim;
import io.histoflow.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimBookTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration LEASE = Duration.ofMinutes(3);

  private final List<String> told = new ArrayList<>();
  private Instant now = START;
  private final ClaimBook book =
      new ClaimBook(
          new ClaimBook.Listener() {
            @Override
            public void claimed(TileClaim claim) {
              told.add(claim.getReviewer() + " has " + claim.getTileId());
            }

            @Override
            public void released(String tileId) {
              told.add("nobody has " + tileId);
            }
          },
          () -> now);
  private long offset;

  @Test
  void shouldGiveATileToTheFirstOfTwoWhoClaimItAtOnce() {
    // When
    take(claim("tile", "Ada", START));
    take(claim("tile", "Grace", START));

    // Then
    assertThat(holder("tile")).contains("Ada");
    assertThat(told).containsExactly("Ada has tile");
  }

  @Test
  void shouldComeToTheSameFromWhatCompactionLeaves() {
    // Given: the loser's service has written the winner's record once more
    TileClaim ada = claim("tile", "Ada", START);
    take(ada);
    take(claim("tile", "Grace", START.plusMillis(5)));
    take(ada);

    // When
    ClaimBook later = new ClaimBook(quiet(), () -> now);
    later.take("tile", Optional.of(ada), position(2));

    // Then
    assertThat(later.find("tile")).isEqualTo(book.find("tile")).contains(ada);
  }

  @Test
  void shouldGiveATileToAnotherWhenItsTimeIsOver() {
    // Given
    take(claim("tile", "Ada", START));

    // When
    now = START.plus(LEASE);

    // Then
    assertThat(holder("tile")).isEmpty();
    take(claim("tile", "Grace", now));
    assertThat(holder("tile")).contains("Grace");
  }

  @Test
  void shouldLastLongerWhereItIsRenewed() {
    // Given
    take(claim("tile", "Ada", START));
    take(claim("tile", "Ada", START.plus(LEASE).minusSeconds(1)));

    // When
    now = START.plus(LEASE).plusSeconds(1);

    // Then
    take(claim("tile", "Grace", now));
    assertThat(holder("tile")).contains("Ada");
  }

  @Test
  void shouldTellWhenATileIsPutAwayAndWhenItsTimeIsOver() {
    // Given
    take(claim("away", "Ada", START));
    take(claim("over", "Ada", START));

    // When
    book.take("away", Optional.empty(), position(offset++));
    now = START.plus(LEASE);
    List<TileClaim> over = book.forgetOver();

    // Then
    assertThat(told)
        .containsExactly("Ada has away", "Ada has over", "nobody has away", "nobody has over");
    assertThat(over).extracting(TileClaim::getTileId).containsExactly("over");
    assertThat(book.forgetOver()).isEmpty();
  }

  @Test
  void shouldChangeNothingWhereRecordsAreReadOnceMore() {
    // Given
    take(claim("tile", "Ada", START));
    now = START.plus(LEASE);
    take(claim("tile", "Grace", now));

    // When
    book.take("tile", Optional.of(claim("tile", "Ada", START)), position(0));

    // Then
    assertThat(holder("tile")).contains("Grace");
  }

  @Test
  void shouldRefuseWhatIsNoClaim() {
    TileClaim endless = claim("tile", "Ada", START, START.plus(Duration.ofDays(2)));
    TileClaim nobodys = claim("tile", " ", START);

    assertThatThrownBy(() -> take(endless)).hasMessageContaining("lasts");
    assertThatThrownBy(() -> take(nobodys)).hasMessageContaining("blank");
    assertThatThrownBy(
            () -> book.take("other", Optional.of(claim("tile", "Ada", START)), position(9)))
        .hasMessageContaining("key");
    assertThat(holder("tile")).isEmpty();
  }

  @Test
  void shouldNotBelieveAClaimOfADayThatIsYetToCome() {
    take(claim("tile", "Ada", START.plus(Duration.ofDays(400))));

    assertThat(holder("tile")).isEmpty();
    assertThat(book.forgetOver()).hasSize(1);
  }

  @Test
  void shouldWaitUntilARecordHasBeenRead() throws InterruptedException {
    // Given
    take(claim("tile", "Ada", START));

    // When, then
    assertThat(book.awaitRead(position(0), Duration.ZERO)).isTrue();
    assertThat(book.awaitRead(position(1), Duration.ofMillis(1))).isFalse();
  }

  private void take(TileClaim claim) {
    book.take(claim.getTileId(), Optional.of(claim), position(offset++));
  }

  private Optional<String> holder(String tileId) {
    return book.find(tileId).map(TileClaim::getReviewer);
  }

  private static TileClaim claim(String tileId, String reviewer, Instant at) {
    return claim(tileId, reviewer, at, at.plus(LEASE));
  }

  private static TileClaim claim(String tileId, String reviewer, Instant at, Instant until) {
    return TileClaim.newBuilder()
        .setTileId(tileId)
        .setReviewer(reviewer)
        .setClaimedAt(at)
        .setRenewedAt(at)
        .setExpiresAt(until)
        .setWorkerId("test")
        .build();
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition(Topics.TILES_CLAIMS.name(), 0, offset);
  }

  private static ClaimBook.Listener quiet() {
    return new ClaimBook.Listener() {
      @Override
      public void claimed(TileClaim claim) {
        // Nobody asks.
      }

      @Override
      public void released(String tileId) {
        // Nobody asks.
      }
    };
  }
}
