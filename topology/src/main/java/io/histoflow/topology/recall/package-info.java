/**
 * What is missed, measured on the tiles that chance sent to review.
 *
 * <p>{@link io.histoflow.topology.recall.RecallPart} adds it to a topology: {@code TileJudge}
 * brings alert and verdict of a tile together, by tile; {@code RecallKeeper} keeps the sums of each
 * slide and publishes estimates and alarms, by organ. The arithmetic stands in {@code
 * libraries/recall}.
 */
package io.histoflow.topology.recall;
