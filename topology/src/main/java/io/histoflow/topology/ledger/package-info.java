/**
 * What routing and reports share: the ledger of each slide's tiles, what may change it, and the
 * checks that a record passes before it touches any state.
 *
 * <p>{@link io.histoflow.topology.ledger.SlideTiles} is the ledger; routing reads it to route each
 * tile once, reports write it.
 */
package io.histoflow.topology.ledger;
