/**
 * What a system misses, estimated from the tiles that chance sent to review.
 *
 * <p>{@link io.histoflow.recall.TileComparison} counts what a mask found of a reviewer's; {@link
 * io.histoflow.recall.SlideSums} adds that up by slide and by the probability with which tiles came
 * to review; {@link io.histoflow.recall.RecallEstimator} makes estimates with intervals of the
 * sums. {@link io.histoflow.recall.ConfidenceSequence} and {@link
 * io.histoflow.recall.MissedShareEvidence} hold however often one looks. No Kafka, no clock, no
 * files.
 */
package io.histoflow.recall;
