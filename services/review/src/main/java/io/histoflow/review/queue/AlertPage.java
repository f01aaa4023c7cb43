package io.histoflow.review.queue;

import java.util.List;
import java.util.Optional;

/**
 * Some open alerts in the queue's order.
 *
 * @param alerts the alerts
 * @param total how many are open with the same filter, on all pages
 * @param next where the next page begins; empty on the last page
 */
public record AlertPage(List<Alert> alerts, int total, Optional<AlertOrder> next) {

  public AlertPage {
    alerts = List.copyOf(alerts);
  }
}
