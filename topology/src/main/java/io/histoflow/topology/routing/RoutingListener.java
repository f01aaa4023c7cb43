package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileHeldBack;
import java.util.Optional;

/**
 * Hears what routing does, for metrics. Called on the topology's threads, so it must be quick and
 * safe for use by several threads; what an aborted transaction did is heard again when it is
 * repeated.
 */
public interface RoutingListener {
  /**
   * A distinct tile of an organ was counted.
   *
   * @param reason why it goes to review; empty where it does not
   */
  default void onTile(String organ, Optional<ReviewReason> reason) {}

  /** A distinct tile was counted that does not go to review: reviewers lack the capacity. */
  default void onHeldBack(TileHeldBack tile) {}

  /**
   * A tile of an organ was looked at again, because newer weights had segmented it again; it is not
   * counted a second time.
   *
   * @param routed whether it goes to review now
   */
  default void onSecondLook(String organ, boolean routed) {}

  /** Chance sent a tile of background to review; background is not counted otherwise. */
  default void onBackgroundAudited(String organ) {}

  /** A threshold is published. */
  default void onThreshold(OrganThreshold threshold) {}
}
