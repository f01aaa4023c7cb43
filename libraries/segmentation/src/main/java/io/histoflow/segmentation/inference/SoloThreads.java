package io.histoflow.segmentation.inference;

import io.histoflow.segmentation.model.TensorRuntime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Threads that each compute alone, where PyTorch would share every operation among all cores. With
 * an image each they wait for each other at the end of a batch, not at the end of every operation,
 * so that other work on the machine holds up one of them and not all.
 */
final class SoloThreads implements AutoCloseable {

  private final int count;
  private final ExecutorService executor;

  SoloThreads(int count) {
    this.count = count;
    executor = Executors.newFixedThreadPool(count, SoloThreads::thread);
  }

  private static Thread thread(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              TensorRuntime.workAlone();
              work.run();
            },
            "segmentation");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the number of threads; they start when they are first needed. */
  int count() {
    return count;
  }

  /** Does a task for 0..n-1 and returns when all are done, even when the caller is interrupted. */
  void forEach(int n, IntConsumer task) {
    CompletableFuture<?>[] tasks =
        IntStream.range(0, n)
            .mapToObj(i -> CompletableFuture.runAsync(() -> task.accept(i), executor))
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(tasks).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
