package io.histoflow.training.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import java.util.Optional;

/**
 * HistoLoss: {@code a BCE + b Tversky} on the mask, plus {@code c BCE} on the edges in training.
 *
 * <p>Tversky is taken over all pixels of the batch, so that a tile without a nucleus does not rule
 * it. Labels: mask (N, 1, H, W) of 0 and 1 and, for a network with an edge head, the edges
 * likewise; a third of the same shape is 1 where a pixel counts and 0 where it does not.
 * Predictions: the logits of the same shapes. Result: a scalar, 0 or more.
 */
public final class HistoLoss extends Loss {

  private final HistoLossSettings settings;

  /** Makes the loss. */
  public HistoLoss(HistoLossSettings settings) {
    super("HistoLoss");
    this.settings = settings;
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray logits = predictions.get(0);
    NDArray mask = labels.get(0);
    Optional<NDArray> counted = labels.size() > 2 ? Optional.of(labels.get(2)) : Optional.empty();
    NDArray loss =
        mean(crossEntropies(logits, mask), counted)
            .mul(settings.bceWeight())
            .add(tversky(logits, mask, counted).mul(settings.tverskyWeight()));
    if (predictions.size() > 1 && labels.size() > 1 && settings.edgeWeight() > 0) {
      loss =
          loss.add(
              mean(crossEntropies(predictions.get(1), labels.get(1)), counted)
                  .mul(settings.edgeWeight()));
    }
    return loss;
  }

  /**
   * Returns the mean binary cross-entropy in nats, {@code max(x, 0) - x y + ln(1 + e^-|x|)} for
   * logit x and label y: the form that neither overflows nor loses small values.
   */
  public static NDArray binaryCrossEntropy(NDArray logits, NDArray labels) {
    return crossEntropies(logits, labels).mean();
  }

  private static NDArray crossEntropies(NDArray logits, NDArray labels) {
    NDArray positive = logits.maximum(0f);
    NDArray tail = logits.abs().neg().exp().add(1f).log();
    return positive.sub(logits.mul(labels)).add(tail);
  }

  /** The mean over what counts; 0 where nothing does. */
  private static NDArray mean(NDArray values, Optional<NDArray> counted) {
    return counted
        .map(counts -> values.mul(counts).sum().div(counts.sum().maximum(1f)))
        .orElseGet(values::mean);
  }

  /**
   * Returns the Tversky loss {@code 1 - (TP + s) / (TP + u FN + v FP + s)} of the probabilities, u
   * and v being the weights of false negatives and positives and s the smoothing.
   */
  public NDArray tversky(NDArray logits, NDArray labels) {
    return tversky(logits, labels, Optional.empty());
  }

  private NDArray tversky(NDArray logits, NDArray truth, Optional<NDArray> counted) {
    NDArray sigmoid = logits.getNDArrayInternal().sigmoid();
    NDArray p = counted.map(sigmoid::mul).orElse(sigmoid);
    NDArray labels = counted.map(truth::mul).orElse(truth);
    NDArray hits = p.mul(labels).sum();
    NDArray misses = labels.sum().sub(hits);
    NDArray falseAlarms = p.sum().sub(hits);
    NDArray denominator =
        hits.add(misses.mul(settings.falseNegativeWeight()))
            .add(falseAlarms.mul(settings.falsePositiveWeight()))
            .add(settings.smoothing());
    return hits.add(settings.smoothing()).div(denominator).neg().add(1f);
  }
}
