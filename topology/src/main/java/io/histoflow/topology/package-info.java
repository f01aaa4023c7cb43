/**
 * The streaming brain: which tiles go to review, and what is known of each slide.
 *
 * <p>{@link io.histoflow.topology.RoutingTopology} puts the parts together:
 *
 * <ul>
 *   <li>{@code routing}: which tiles go to review,
 *   <li>{@code drift}: whether tiles still look as they did,
 *   <li>{@code reports}: what each slide adds up to,
 *   <li>{@code recall}: what is missed over all tiles.
 * </ul>
 *
 * <p>These do not know each other. Below them lie {@code ledger} (the tiles of each slide, for
 * routing and reports), {@code summaries} (what routers tell, for thresholds and drift) and {@code
 * streams} (what all of them build alike).
 */
package io.histoflow.topology;
