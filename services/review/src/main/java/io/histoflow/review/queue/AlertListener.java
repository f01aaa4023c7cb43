package io.histoflow.review.queue;

/**
 * Told of every change of the queue, in order. Called while the queue is locked: it must not block.
 */
public interface AlertListener {

  /** An alert was raised, or raised again with a newer segmentation. */
  void raised(Alert alert);

  /** An alert was closed, here or elsewhere. */
  void closed(String tileId);
}
