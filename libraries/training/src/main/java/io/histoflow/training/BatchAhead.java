package io.histoflow.training;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Draws the next batch while the network learns from the present one. What a step's batch holds
 * depends on the step alone, so the order of threads changes nothing.
 */
final class BatchAhead implements AutoCloseable {

  private final LongFunction<TrainingBatch> draw;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "training-batches");
            thread.setDaemon(true);
            return thread;
          });
  private long step = -1;
  private Future<TrainingBatch> next;

  /**
   * Makes a source of batches.
   *
   * @param draw makes the batch of a step
   */
  BatchAhead(LongFunction<TrainingBatch> draw) {
    this.draw = draw;
  }

  /** Returns the batch of a step and begins with that of the following one. */
  TrainingBatch take(long wanted) {
    try {
      TrainingBatch batch = wanted == step && next != null ? next.get() : draw.apply(wanted);
      step = wanted + 1;
      next = executor.submit(() -> draw.apply(wanted + 1));
      return batch;
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("training was interrupted", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
