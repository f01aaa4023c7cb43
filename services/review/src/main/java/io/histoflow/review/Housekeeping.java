package io.histoflow.review;

import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import io.histoflow.review.claims.ClaimDesk;
import io.histoflow.review.claims.ClaimFollower;
import io.histoflow.review.overview.OverviewFollower;
import io.histoflow.review.queue.AlertFollower;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.UnusableAlerts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done every second or so: unusable alerts are set aside, a queue that has drained
 * takes the alerts it had left out, claims end whose time is over, and what is no longer followed
 * is followed anew. Meanwhile the page shows what was known.
 */
final class Housekeeping {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int LONGEST_WAIT_PERIODS = 30;
  private static final Duration BETWEEN_RELOADS = Duration.ofMinutes(1);

  private final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private final AlertQueue queue;
  private final AlertFollower alerts;
  private final OverviewFollower overview;
  private final UnusableAlerts unusable;
  private final ClaimFollower claims;
  private final ClaimDesk claimDesk;
  private volatile String trouble;
  private int failures;
  private OptionalLong reloadedAtNanos = OptionalLong.empty();

  Housekeeping(
      AlertQueue queue,
      AlertFollower alerts,
      OverviewFollower overview,
      UnusableAlerts unusable,
      ClaimFollower claims,
      ClaimDesk claimDesk) {
    this.queue = queue;
    this.alerts = alerts;
    this.overview = overview;
    this.unusable = unusable;
    this.claims = claims;
    this.claimDesk = claimDesk;
  }

  /** Returns why what is shown may be old, in a sentence; empty where it is not. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /**
   * Does it once.
   *
   * @return how long to wait until it is due again
   * @throws ServiceException where another service has this one's name: two would give one alert
   *     two verdicts
   */
  Duration run() {
    setAside();
    claimDesk.endOver();
    follow();
    return PERIOD.multipliedBy(Math.min(LONGEST_WAIT_PERIODS, 1L << Math.min(failures, 5)));
  }

  private void setAside() {
    try {
      unusable.setAside();
    } catch (ServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      log.atWarn().log("Unusable alerts stay for now: {}", Sentences.of(e));
    }
  }

  private void follow() {
    alerts
        .failure()
        .or(overview::failure)
        .or(claims::failure)
        .ifPresent(cause -> trouble = sentence(cause));
    try {
      if (alerts.failure().isPresent() || (queue.shouldReload() && mayReload())) {
        alerts.reload();
        reloadedAtNanos = OptionalLong.of(System.nanoTime());
      }
      overview.restartFailed();
      claims.restartFailed();
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
}
