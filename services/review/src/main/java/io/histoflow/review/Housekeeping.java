package io.histoflow.review;

import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * What has to be done every second or so: unusable alerts are set aside, a queue that has drained
 * takes the alerts it had left out, and the end of a follower becomes the end of the service.
 */
final class Housekeeping extends LoopService {
  private static final long PERIOD_MILLIS = 1_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

  private final AlertQueue queue;
  private final AlertFollower alerts;
  private final OverviewFollower overview;
  private final UnusableAlerts unusable;
  private final Consumer<Throwable> onFailure;
  private final CountDownLatch closing = new CountDownLatch(1);

  Housekeeping(
      AlertQueue queue,
      AlertFollower alerts,
      OverviewFollower overview,
      UnusableAlerts unusable,
      Consumer<Throwable> onFailure) {
    super("review-housekeeping", CLOSE_TIMEOUT);
    this.queue = queue;
    this.alerts = alerts;
    this.overview = overview;
    this.unusable = unusable;
    this.onFailure = onFailure;
  }

  @Override
  protected void runOnce() throws InterruptedException {
    try {
      unusable.setAside();
      if (queue.shouldReload()) {
        alerts.reload();
      }
      alerts.failure().or(overview::failure).ifPresent(onFailure);
    } catch (ServiceException | KafkaException e) {
      onFailure.accept(e);
    }
    closing.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
  }
}
