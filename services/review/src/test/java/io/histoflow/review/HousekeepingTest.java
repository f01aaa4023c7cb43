package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.review.http.EventHub;
import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.overview.Overview;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import io.histoflow.review.support.TestAlert;
import io.histoflow.schemas.Topics;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HousekeepingTest {

  @Test
  void shouldSayThatTheTopicsCannotBeFollowedAndKeepWhatIsKnown() throws Exception {
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
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (EventHub events = new EventHub(1)) {
      AlertQueue queue = new AlertQueue(2, events);
      for (int i = 0; i < 3; i++) {
        TestAlert alert = TestAlert.of("tile" + i, "liver", 0.5 + i);
        queue.raise(Alert.of(alert.tileId(), alert.requested(0), position(i)));
      }
      queue.close("tile1", position(3));
      UnusableAlerts unusable = new UnusableAlerts(null, null, () -> {});
      AlertFollower alerts = new AlertFollower(clients, queue, unusable);
      OverviewFollower overview =
          new OverviewFollower(clients, new Overview(() -> {}, Clock.systemUTC()));

      // When
      try (Housekeeping housekeeping =
          new Housekeeping(queue, alerts, overview, unusable, failure::set)) {
        housekeeping.start();

        // Then
        await().until(() -> housekeeping.trouble().isPresent());
        assertThat(housekeeping.trouble().orElseThrow()).contains("cannot be followed");
        assertThat(queue.page(Optional.empty(), Optional.empty(), 9).alerts())
            .extracting(Alert::tileId)
            .containsExactly("tile2");
        assertThat(failure).hasValue(null);
      }
    }
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition(Topics.TILES_REVIEW.name(), 0, offset);
  }
}
