/**
 * Which tiles go to review.
 *
 * <p>{@link io.histoflow.topology.routing.RoutingPart} adds it to a topology. Rules without Kafka
 * stand in {@code BudgetRouter} and {@code BudgetAccount} (review budget), {@code AlertHour}
 * (reviewers' capacity), {@code SecondLook} (tiles that newer weights segment again) and {@code
 * ScoreHistory} (what the scores of an organ look like). {@code TileRouter} applies them to each
 * tile; {@code ThresholdKeeper} merges what all routers saw, and {@code PublishedThresholds} is how
 * routers read that.
 */
package io.histoflow.topology.routing;
