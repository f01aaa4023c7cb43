/**
 * Learns from corrections: when enough new ones have come, a round trains the decoder and the
 * conditioning, measures the candidate on corrections that are never trained on, and publishes it
 * where the gate lets it pass.
 *
 * <p>Everything the service knows it reads from topics: the corrections, the decisions of former
 * rounds and the weights they published. A restart rebuilds it and repeats no finished round.
 */
package io.histoflow.finetuning;
