package io.histoflow.topology.routing;

import io.histoflow.schemas.ReviewReason;
import java.util.Optional;

/** The rule by which a tile goes to review, as far as reviewers have the capacity. */
final class BudgetRouter {
  private final RoutingSettings settings;

  BudgetRouter(RoutingSettings settings) {
    this.settings = settings;
  }

  /**
   * Decides about one tile.
   *
   * <p>A tile whose score reaches the floor always goes. Else, until the organ has {@code
   * coldStartTiles} scores, it goes when its score lies above the absolute threshold; the first
   * such tile always does, so that no organ goes unseen. From then on it goes when its score
   * reaches the quantile that the budget leaves, corrected by what is owed to the organ. Apart from
   * the first, no tile below the floor overdraws the account: of many equal scores only the
   * budget's share goes.
   *
   * <p>A tile that pen ink covers goes whatever its score, since nothing can be said of what lies
   * under the ink, and overdraws the account further than others may, but not without end: a slide
   * full of ink must not be all that reviewers see.
   *
   * @param score the tile's routing score
   * @param inky whether pen ink covers enough of it
   * @param owed what is owed to the organ, this tile counted
   * @param distribution what is known of the organ's scores
   * @return why, and by which threshold; empty where the tile does not go to review
   */
  Optional<Routing> route(
      double score, boolean inky, OrganBudget owed, ScoreDistribution distribution) {
    if (score >= settings.floor()) {
      return Optional.of(new Routing(ReviewReason.FLOOR, settings.floor()));
    }
    if (inky && settings.budget() > 0 && owed.allowsInk()) {
      return Optional.of(new Routing(ReviewReason.INK, score));
    }
    return distribution.count() < settings.coldStartTiles()
        ? routeCold(score, owed)
        : routeByQuantile(score, owed, distribution);
  }

  private Optional<Routing> routeCold(double score, OrganBudget owed) {
    double threshold = settings.coldStartThreshold();
    boolean first = owed.isUntouched() && settings.budget() > 0;
    return score > threshold && (first || owed.allowsAlert())
        ? Optional.of(new Routing(ReviewReason.COLD_START, threshold))
        : Optional.empty();
  }

  private Optional<Routing> routeByQuantile(
      double score, OrganBudget owed, ScoreDistribution distribution) {
    double share = owed.organ().shareToRoute(settings.shareByScore());
    if (share < 1 && distribution.isClearlyBelow(score, share)) {
      return Optional.empty();
    }
    double quantile = distribution.reachedBy(share);
    double threshold = share < 1 ? quantile : Math.min(score, quantile);
    return score >= threshold && owed.allowsAlert()
        ? Optional.of(new Routing(ReviewReason.UNCERTAIN, threshold))
        : Optional.empty();
  }

  /**
   * A tile that goes to review.
   *
   * @param reason why
   * @param threshold what its score was compared with
   */
  record Routing(ReviewReason reason, double threshold) {}
}
