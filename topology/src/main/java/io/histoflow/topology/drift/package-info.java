/**
 * Whether the tiles of an organ and scanner still look as they did.
 *
 * <p>{@link io.histoflow.topology.drift.DriftPart} adds it to a topology. Rules without Kafka stand
 * in {@code DriftHistory} (reference and window) and {@code KolmogorovSmirnov} (the test).
 */
package io.histoflow.topology.drift;
