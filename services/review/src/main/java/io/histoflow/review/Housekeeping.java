package io.histoflow.review;

import io.histoflow.platform.lifecycle.LoopService;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done every second or so: unusable alerts are set aside, a queue that has drained
 * takes the alerts it had left out, and what is no longer followed is followed anew. Meanwhile the
 * page shows what was known.
 */
final class Housekeeping extends LoopService {
  private static final long PERIOD_MILLIS = 1_000;
  private static final int LONGEST_WAIT_PERIODS = 30;
  private static final Duration BETWEEN_RELOADS = Duration.ofMinutes(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

  private final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private final AlertQueue queue;
  private final AlertFollower alerts;
  private final OverviewFollower overview;
  private final UnusableAlerts unusable;
  private final Consumer<Throwable> onFailure;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile String trouble;
  private int failures;
  private OptionalLong reloadedAtNanos = OptionalLong.empty();

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

  /** Returns why what is shown may be old, in a sentence; empty where it is not. */
  @Override
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  @Override
  protected void runOnce() throws InterruptedException {
    setAside();
    follow();
    closing.await(
        PERIOD_MILLIS * Math.min(LONGEST_WAIT_PERIODS, 1L << Math.min(failures, 5)),
        TimeUnit.MILLISECONDS);
  }

  private void setAside() {
    try {
      unusable.setAside();
    } catch (ServiceException e) {
      // Another service has this one's name: two would give one alert two verdicts.
      onFailure.accept(e);
    } catch (RuntimeException e) {
      log.atWarn().log("Unusable alerts stay for now: {}", Sentences.of(e));
    }
  }

  private void follow() {
    Optional<Throwable> ended = alerts.failure().or(overview::failure);
    ended.ifPresent(cause -> trouble = sentence(cause));
    try {
      if (alerts.failure().isPresent() || (queue.shouldReload() && mayReload())) {
        alerts.reload();
        reloadedAtNanos = OptionalLong.of(System.nanoTime());
      }
      overview.restartFailed();
      trouble = null;
      failures = 0;
    } catch (RuntimeException e) {
      trouble = sentence(e);
      failures++;
      log.atWarn().log("{}", trouble);
    }
  }

  /** Verdicts wait while alerts are read anew. */
  private boolean mayReload() {
    return reloadedAtNanos.isEmpty()
        || System.nanoTime() - reloadedAtNanos.getAsLong() >= BETWEEN_RELOADS.toNanos();
  }

  private static String sentence(Throwable cause) {
    return "The topics cannot be followed, and what is shown may be old: " + Sentences.of(cause);
  }

  @Override
  protected void wakeUp() {
    closing.countDown();
  }
}
