package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.claims.ClaimDesk;
import io.histoflow.review.claims.ClaimFollower;
import io.histoflow.review.http.EventHub;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertFilter;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import io.histoflow.review.support.TestAlert;
import io.histoflow.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HousekeepingTest {

  @Test
  void shouldSayThatTheTopicsCannotBeFollowedAndKeepWhatIsKnown() {
    // Given: no broker, and alerts that are to be read once more.
    KafkaClients clients =
        new KafkaClients(
            ServiceConfig.of(
                Map.of(
                    "bootstrap.servers", "127.0.0.1:1",
                    "schema.registry.url", "http://127.0.0.1:1",
                    "request.timeout.ms", "200",
                    "default.api.timeout.ms", "300")),
            "test");
    try (EventHub events = new EventHub(1, InstantSource.system())) {
      AlertQueue queue = new AlertQueue(2, events);
      for (int i = 0; i < 3; i++) {
        TestAlert alert = TestAlert.of("tile" + i, "liver", 0.5 + i);
        queue.raise(Alert.of(alert.tileId(), alert.requested(0), position(i)));
      }
      queue.close("tile1", position(3), Instant.EPOCH);
      UnusableAlerts unusable = new UnusableAlerts(null, null, () -> {});
      AlertFollower alerts = new AlertFollower(clients, queue, unusable);
      OverviewFollower overview =
          new OverviewFollower(clients, new Overview(() -> {}, Clock.systemUTC()));

      ClaimBook claimed = new ClaimBook(events, InstantSource.system());
      ClaimDesk claims =
          new ClaimDesk(
              queue, claimed, null, null, InstantSource.system(), Duration.ofMinutes(3), "test");
      Housekeeping housekeeping =
          new Housekeeping(
              queue, alerts, overview, unusable, new ClaimFollower(clients, claimed), claims);

      // When
      Duration wait = housekeeping.run();

      // Then
      assertThat(housekeeping.trouble().orElseThrow()).contains("cannot be followed");
      assertThat(wait).isEqualTo(Duration.ofSeconds(2));
      assertThat(queue.page(AlertFilter.ALL, Optional.empty(), 9).alerts())
          .extracting(Alert::tileId)
          .containsExactly("tile2");
    }
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition(Topics.TILES_REVIEW.name(), 0, offset);
  }
}
