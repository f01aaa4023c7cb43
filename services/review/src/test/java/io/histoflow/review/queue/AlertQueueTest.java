package io.histoflow.review.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.support.TestAlert;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AlertQueueTest {
  private static final AlertFilter ALL = AlertFilter.ALL;
  private static final Optional<AlertOrder> START = Optional.empty();

  private final List<String> told = new ArrayList<>();
  private final AlertQueue queue = new AlertQueue(3, new Told());

  @Test
  void shouldKeepTheMostUncertainFirst() {
    // Given
    queue.raise(alert("b", 0.5, 1));
    queue.raise(alert("c", 0.9, 2));
    queue.raise(alert("a", 0.5, 3));

    // When
    AlertPage page = queue.page(ALL, START, 10);

    // Then
    assertThat(ids(page)).containsExactly("c", "a", "b");
    assertThat(page.last()).isEmpty();
  }

  @Test
  void shouldKeepOneOrganTogetherHoweverItsNameIsWritten() {
    // Given
    queue.raise(Alert.of("a", TestAlert.of("a", " KİDNEY ", 0.5).requested(1), position(1)));
    queue.raise(Alert.of("b", TestAlert.of("b", "kidney", 0.4).requested(2), position(2)));

    // Then
    assertThat(queue.openByOrgan()).containsOnly(Map.entry("kidney", 2));
    assertThat(ids(queue.page(AlertFilter.ofOrgan("kidney"), START, 10))).containsExactly("a", "b");
  }

  @Test
  void shouldShowOnlyWhatAFilterIncludesAndCountIt() {
    // Given
    queue.raise(alert("a", 0.9, 1));
    queue.raise(alert("b", 0.5, 2));
    Optional<Set<String>> named = Optional.of(Set.of("b", "elsewhere"));

    // When, then
    assertThat(ids(queue.page(filter("slide-of-liver", "UNCERTAIN", 0, named), START, 10)))
        .containsExactly("b");
    assertThat(queue.page(filter("slide-of-liver", "UNCERTAIN", 0, named), START, 10).total())
        .isEqualTo(1);
    assertThat(ids(queue.page(AlertFilter.ofSlide("slide-of-liver"), START, 10)))
        .containsExactly("a", "b");
    assertThat(ids(queue.page(AlertFilter.ofSlide("another"), START, 10))).isEmpty();
    assertThat(ids(queue.page(filter("slide-of-liver", "INK", 0, named), START, 10))).isEmpty();
    assertThat(ids(queue.page(filter("slide-of-liver", "UNCERTAIN", -1, named), START, 10)))
        .isEmpty();
  }

  private static AlertFilter filter(
      String slideId, String reason, int secondsFromRaised, Optional<Set<String>> tiles) {
    return new AlertFilter(
        Optional.of("liver"),
        Optional.of(slideId),
        Optional.of(ReviewReason.valueOf(reason)),
        Optional.of(TestAlert.RAISED.plusSeconds(secondsFromRaised)),
        tiles,
        Optional.empty());
  }

  @Test
  void shouldGoSlideBySlideAndContinueWhereAPageEnded() throws Exception {
    // Given: the slide is named after the organ
    queue.raise(Alert.of("b1", TestAlert.of("b1", "b", 0.9).requested(1), position(1)));
    queue.raise(Alert.of("a1", TestAlert.of("a1", "a", 0.2).requested(2), position(2)));
    queue.raise(Alert.of("a2", TestAlert.of("a2", "a", 0.4).requested(3), position(3)));

    // When
    AlertPage page = queue.pageBySlide(ALL, Optional.empty(), 2);
    String cursor = page.last().map(SlideOrder::of).orElseThrow().toCursor();
    queue.close("a1", position(4), Instant.EPOCH);
    AlertPage next = queue.pageBySlide(ALL, Optional.of(SlideOrder.ofCursor(cursor)), 2);

    // Then
    assertThat(ids(page)).containsExactly("a2", "a1");
    assertThat(page.total()).isEqualTo(3);
    assertThat(ids(next)).containsExactly("b1");
    assertThat(next.last()).isEmpty();
    assertThat(ids(queue.page(ALL, START, 10))).containsExactly("b1", "a2");
  }

  @Test
  void shouldContinueAPageWhereItEndedThoughAlertsHaveComeAndGone() {
    // Given
    queue.raise(alert("first", 0.9, 1));
    queue.raise(alert("second", 0.8, 2));
    AlertPage page = queue.page(ALL, START, 1);
    queue.close("first", position(3), Instant.EPOCH);
    queue.raise(alert("ahead", 0.95, 4));

    // When
    AlertPage next = queue.page(ALL, page.last().map(Alert::order), 10);

    // Then
    assertThat(ids(next)).containsExactly("second");
  }

  @Test
  void shouldRememberAnAlertThatWasClosedLatelyAndWhen() throws Exception {
    // Given: a verdict of this service's own, whose tombstone is met a moment later
    Alert alert = alert("tile", 0.5, 1);
    queue.raise(alert);
    Instant given = Instant.EPOCH.plusSeconds(60);
    try (AlertQueue.Reservation reservation = queue.reserve("tile")) {
      assertThatThrownBy(() -> queue.closed("tile")).hasMessageContaining("is open");
      reservation.settle(given);
    }

    // When
    queue.close("tile", position(2), given.plusSeconds(1));

    // Then
    assertThat(queue.closed("tile"))
        .isEqualTo(new ClosedAlert(position(2), given, Optional.of(alert)));
    assertThatThrownBy(() -> queue.closed("other")).hasMessageContaining("closed lately");
  }

  @Test
  void shouldTakeANewerAlertOfATileInPlaceOfTheOlder() {
    // Given
    queue.raise(alert("tile", 0.5, 1));

    // When
    queue.raise(alert("tile", 0.7, 2));
    queue.raise(alert("tile", 0.5, 1));

    // Then
    assertThat(queue.page(ALL, START, 10).alerts())
        .singleElement()
        .extracting(Alert::score)
        .isEqualTo(0.7);
    assertThat(queue.openByOrgan()).containsEntry("liver", 1);
    assertThat(told).containsExactly("raised tile", "raised tile");
  }

  @Test
  void shouldLeaveAnAlertOpenThatWasRaisedAfterTheTombstone() throws Exception {
    // Given
    queue.raise(alert("tile", 0.5, 7));

    // When
    queue.close("tile", position(6), Instant.EPOCH);

    // Then
    assertThat(queue.get("tile").score()).isEqualTo(0.5);
  }

  @Test
  void shouldTellAClosedAlertFromOneThatNeverWas() {
    // Given
    queue.raise(alert("tile", 0.5, 1));

    // When
    queue.close("tile", position(2), Instant.EPOCH);

    // Then
    assertThatThrownBy(() -> queue.get("tile"))
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
    assertThatThrownBy(() -> queue.get("other"))
        .extracting("reason")
        .isEqualTo(Reason.NO_SUCH_ALERT);
    assertThat(told).containsExactly("raised tile", "closed tile");
  }

  @Test
  void shouldRememberTheAlertsThatWereClosedLast() {
    // When
    for (int i = 0; i <= 10_000; i++) {
      queue.close("tile " + i, position(i), Instant.EPOCH);
    }

    // Then
    assertThatThrownBy(() -> queue.get("tile 0"))
        .extracting("reason")
        .isEqualTo(Reason.NO_SUCH_ALERT);
    assertThatThrownBy(() -> queue.get("tile 1"))
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
    assertThatThrownBy(() -> queue.get("tile 10000"))
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
  }

  @Test
  void shouldLetOneVerdictAtATimeBeGiven() throws Exception {
    // Given
    queue.raise(alert("tile", 0.5, 1));

    // When
    try (AlertQueue.Reservation reservation = queue.reserve("tile")) {
      assertThat(reservation.alert().tileId()).isEqualTo("tile");
      assertThatThrownBy(() -> queue.reserve("tile"))
          .hasMessageContaining("at this moment")
          .extracting("reason")
          .isEqualTo(Reason.ALERT_CONFLICT);
    }

    // Then
    try (AlertQueue.Reservation again = queue.reserve("tile")) {
      again.settle(Instant.EPOCH);
    }
    assertThatThrownBy(() -> queue.reserve("tile"))
        .hasMessageContaining("reviewed already")
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
  }

  @Test
  void shouldLeaveANewerAlertOpenWhenAnOlderReservationIsSettled() throws Exception {
    // Given
    queue.raise(alert("tile", 0.5, 1));

    // When
    try (AlertQueue.Reservation reservation = queue.reserve("tile")) {
      queue.raise(alert("tile", 0.6, 2));
      reservation.settle(Instant.EPOCH);
    }

    // Then
    assertThat(queue.get("tile").score()).isEqualTo(0.6);
  }

  @Test
  void shouldLeaveOutTheLeastUncertainWhereThereIsNoRoom() {
    // Given
    queue.raise(alert("a", 0.5, 1));
    queue.raise(alert("b", 0.6, 2));
    queue.raise(alert("c", 0.7, 3));

    // When
    queue.raise(alert("d", 0.8, 4));
    queue.raise(alert("e", 0.1, 5));

    // Then
    assertThat(ids(queue.page(ALL, START, 10))).containsExactly("d", "c", "b");
    assertThat(queue.hasLeftOut()).isTrue();
    assertThat(queue.shouldReload()).isFalse();
    assertThat(told).containsExactly("raised a", "raised b", "raised c", "closed a", "raised d");
  }

  @Test
  void shouldAskForWhatWasLeftOutWhenHalfTheQueueIsFree() {
    // Given
    for (int i = 0; i < 4; i++) {
      queue.raise(alert("tile" + i, 0.5 + i / 10.0, i));
    }

    // When
    queue.close("tile3", position(10), Instant.EPOCH);
    queue.close("tile2", position(11), Instant.EPOCH);

    // Then
    assertThat(queue.shouldReload()).isTrue();
    queue.reread();
    queue.rereadToTheEnd();
    assertThat(queue.hasLeftOut()).isFalse();
  }

  @Test
  void shouldKeepClosedWhatIsMetAgainBeforeItsTombstoneWhileItRereads() throws Exception {
    // Given
    queue.raise(alert("closed", 0.5, 1));
    queue.raise(alert("open", 0.6, 2));
    queue.close("closed", position(3), Instant.EPOCH);
    told.clear();

    // When
    queue.reread();
    queue.raise(alert("closed", 0.5, 1));
    queue.raise(alert("closed-long-ago", 0.5, 0));

    // Then
    assertThatThrownBy(() -> queue.reserve("closed"))
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
    assertThatThrownBy(() -> queue.reserve("closed-long-ago"))
        .extracting("reason")
        .isEqualTo(Reason.NO_SUCH_ALERT);
    assertThatThrownBy(() -> queue.reserve("open"))
        .extracting("reason")
        .isEqualTo(Reason.REREADING);
    assertThat(ids(queue.page(ALL, START, 10))).containsExactly("open");

    // When
    queue.raise(alert("open", 0.6, 2));
    queue.close("closed", position(3), Instant.EPOCH);
    queue.close("closed-long-ago", position(4), Instant.EPOCH);
    queue.raise(alert("new", 0.7, 5));
    queue.rereadToTheEnd();

    // Then
    assertThat(ids(queue.page(ALL, START, 10))).containsExactly("new", "open");
    assertThat(told).containsExactly("raised new");
    queue.reserve("open").close();
  }

  @Test
  void shouldKeepClosedWhoseVerdictIsGivenWhileItRereads() throws Exception {
    // Given: the verdict began before, and its tombstone shows later than the end that is read to.
    queue.raise(alert("tile", 0.5, 1));
    AlertQueue.Reservation reservation = queue.reserve("tile");
    queue.reread();

    // When
    queue.raise(alert("tile", 0.5, 1));
    reservation.settle(Instant.EPOCH);
    reservation.close();
    queue.rereadToTheEnd();

    // Then
    assertThatThrownBy(() -> queue.reserve("tile"))
        .extracting("reason")
        .isEqualTo(Reason.ALERT_CONFLICT);
    queue.raise(alert("tile", 0.9, 7));
    assertThat(queue.get("tile").score()).isEqualTo(0.9);
  }

  @Test
  void shouldRefuseAnAlertThatCannotBeReviewed() {
    // Given
    TestAlert fine = TestAlert.of("tile", "liver", 0.5);
    TestAlert huge = new TestAlert("tile", "liver", 0.5, 5000, 1);
    TestAlert endless = TestAlert.of("tile", "liver", Double.NaN);
    TestAlert unnamed = TestAlert.of("", "liver", 0.5);

    // When, then
    assertThat(Alert.of("tile", fine.requested(0), position(0)).hasEntropyMap()).isTrue();
    assertRefused("other", fine, "key is not its tileId");
    assertRefused("tile", huge, "5000 x 1 pixels");
    assertRefused("tile", endless, "NaN");
    assertRefused("", unnamed, "tileId is empty");
    assertThatThrownBy(
            () -> Alert.of("tile", fine.requested(new TileLocation("secrets", 0, 0L)), position(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"secrets\"");
  }

  private static void assertRefused(String key, TestAlert alert, String sentence) {
    assertThatThrownBy(() -> Alert.of(key, alert.requested(0), position(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  private static Alert alert(String tileId, double score, long offset) {
    return Alert.of(tileId, TestAlert.of(tileId, "liver", score).requested(0), position(offset));
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition(Topics.TILES_REVIEW.name(), 0, offset);
  }

  private static List<String> ids(AlertPage page) {
    return page.alerts().stream().map(Alert::tileId).toList();
  }

  private final class Told implements AlertListener {
    @Override
    public void raised(Alert alert) {
      told.add("raised " + alert.tileId());
    }

    @Override
    public void closed(String tileId) {
      told.add("closed " + tileId);
    }
  }
}
