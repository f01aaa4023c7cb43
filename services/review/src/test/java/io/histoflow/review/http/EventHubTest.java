package io.histoflow.review.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventHubTest {
  private final EventHub hub = new EventHub(64, InstantSource.system());

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void shouldTellASlowReaderToReadTheListAnew() throws InterruptedException {
    // Given
    EventHub.Subscription slow = hub.subscribe("client").orElseThrow();

    // When
    for (int i = 0; i < 1_001; i++) {
      hub.closed("tile" + i);
    }
    hub.closed("last");

    // Then
    assertThat(slow.next(0)).map(Event::name).hasValue("reset");
    assertThat(slow.next(0)).map(Event::data).hasValue("{\"tileId\":\"last\"}");
    assertThat(slow.next(0)).isEmpty();
  }

  @Test
  void shouldTellTheFirstChangeOfTheOverviewAtOnceAndThoseThatFollowTogether()
      throws InterruptedException {
    // Given
    EventHub.Subscription reader = hub.subscribe("client").orElseThrow();

    // When
    hub.overviewChanged();
    Optional<Event> first = reader.next(0);
    hub.overviewChanged();
    hub.overviewChanged();
    hub.closed("tile");

    // Then: what is told at once overtakes them.
    assertThat(first).map(Event::name).hasValue("overview");
    assertThat(reader.next(0)).map(Event::name).hasValue("alert-closed");
    assertThat(reader.next(10)).map(Event::name).hasValue("overview");
    assertThat(reader.next(1)).isEmpty();
  }

  @Test
  void shouldCountChangesWhetherOrNotAnybodyFollows() {
    // Given
    long before = hub.changes();

    // When
    hub.closed("tile");
    long after = hub.changes();
    hub.overviewChanged();

    // Then
    assertThat(after).isNotEqualTo(before);
    assertThat(hub.changes()).isNotEqualTo(after);
  }

  @Test
  void shouldKeepAnEventOnOneLineWhateverATileIsCalled() throws InterruptedException {
    // Given
    EventHub.Subscription reader = hub.subscribe("client").orElseThrow();

    // When
    hub.closed("tile\n\nevent: alert-raised");

    // Then
    Event event = reader.next(0).orElseThrow();
    assertThat(event.text())
        .isEqualTo("event: alert-closed\ndata: {\"tileId\":\"tile\\n\\nevent: alert-raised\"}\n\n");
  }

  @Test
  void shouldHaveRoomForALimitedNumberOfReaders() {
    // Given
    List<EventHub.Subscription> readers = new ArrayList<>();
    Optional<EventHub.Subscription> next = hub.subscribe("client 0");
    while (next.isPresent()) {
      readers.add(next.get());
      next = hub.subscribe("client " + readers.size());
    }

    // When
    readers.get(0).close();

    // Then
    assertThat(readers).hasSize(64);
    assertThat(hub.subscribe("client")).isPresent();
  }

  @Test
  void shouldReplaceTheOldestOfTheClientThatHasMost() throws InterruptedException {
    // Given
    List<EventHub.Subscription> many = new ArrayList<>();
    EventHub.Subscription first = hub.subscribe("one").orElseThrow();
    for (int i = 0; i < 63; i++) {
      many.add(hub.subscribe("another").orElseThrow());
    }

    // When
    Optional<EventHub.Subscription> third = hub.subscribe("third");
    Optional<EventHub.Subscription> again = hub.subscribe("another");

    // Then
    assertThat(third).isPresent();
    assertThat(again).isPresent();
    assertThat(many.get(0).next(0).filter(Event.REPLACED::equals)).isPresent();
    assertThat(many.get(1).next(0).filter(Event.REPLACED::equals)).isPresent();
    assertThat(many.get(2).next(0)).isEmpty();
    assertThat(first.next(0)).isEmpty();
  }

  @Test
  void shouldEndSubscriptionsWhenItIsClosed() throws InterruptedException {
    // Given
    EventHub.Subscription reader = hub.subscribe("client").orElseThrow();

    // When
    hub.close();

    // Then
    assertThat(reader.next(0).filter(Event.END::equals)).isPresent();
    assertThat(hub.subscribe("client")).isEmpty();
  }
}
