package io.histoflow.finetuning;

import java.util.Optional;

/**
 * A candidate on the guard set, beside its parent and beside the weights that shipped: a loss too
 * small to refuse one candidate for would else add up from round to round.
 *
 * @param about what the guard set is, for people
 * @param withParent beside the parent
 * @param withShipped beside the weights that shipped; empty where they are the parent
 */
record GuardComparison(String about, Comparison withParent, Optional<Comparison> withShipped) {}
