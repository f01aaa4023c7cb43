package io.histoflow.review.queue;

import java.util.List;
import java.util.Optional;

/**
 * Some open alerts in order.
 *
 * @param alerts the alerts
 * @param total how many are open with the same filter, on all pages
 * @param more whether there is a further page
 */
public record AlertPage(List<Alert> alerts, int total, boolean more) {

  public AlertPage {
    alerts = List.copyOf(alerts);
  }

  /** Returns the alert after which the next page begins; empty on the last page. */
  public Optional<Alert> last() {
    return more ? Optional.of(alerts.get(alerts.size() - 1)) : Optional.empty();
  }
}
