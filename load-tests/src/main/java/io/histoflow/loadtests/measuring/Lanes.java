package io.histoflow.loadtests.measuring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The same work in several threads at a time. */
public final class Lanes {

  private Lanes() {}

  /**
   * Runs the work as often as said, all at a time, one of them in the calling thread, and returns
   * when all have ended.
   *
   * @param lanes how often, 1 or more
   * @throws BenchException when one of them fails
   */
  public static void run(int lanes, Runnable work) {
    List<FutureTask<Void>> others = new ArrayList<>();
    for (int lane = 1; lane < lanes; lane++) {
      FutureTask<Void> other = new FutureTask<>(work, null);
      others.add(other);
      Thread thread = new Thread(other, "lane-" + lane);
      thread.setDaemon(true);
      thread.start();
    }
    work.run();
    try {
      for (FutureTask<Void> other : others) {
        other.get();
      }
    } catch (ExecutionException e) {
      throw new BenchException("The bench could not go on: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }
}
