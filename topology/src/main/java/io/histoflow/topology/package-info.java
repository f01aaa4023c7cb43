/**
 * The streaming brain: which tiles go to review, and what is known of each slide.
 *
 * <p>{@link io.histoflow.topology.RoutingTopology} wires everything. Rules without Kafka stand in
 * {@link io.histoflow.topology.BudgetRouter}, {@link io.histoflow.topology.BudgetAccount} (review
 * budget), {@link io.histoflow.topology.SecondLook} (tiles that newer weights segment again),
 * {@link io.histoflow.topology.ScoreHistory} (what the scores of an organ look like) and {@link
 * io.histoflow.topology.SlideTally} (what a slide adds up to).
 */
package io.histoflow.topology;
