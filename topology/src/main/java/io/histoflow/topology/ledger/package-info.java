/**
 * What routing and reports share: the ledger of each slide's tiles, what may change it, and the
 * checks that a record passes before it touches any state.
 *
 * <p>{@link io.histoflow.topology.ledger.SlideTiles} is the ledger; routing writes each tile into
 * it, to route it once; reports add verdicts and forget.
 */
package io.histoflow.topology.ledger;
