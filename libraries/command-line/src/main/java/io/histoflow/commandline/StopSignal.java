package io.histoflow.commandline;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end in its own order on Ctrl-C or SIGTERM: the JVM waits in its shutdown hook
 * until the command has closed what it opened.
 */
public final class StopSignal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private volatile Duration patience;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "stop-signal");

  /** Begins to listen. Close it last, after everything that must end in order. */
  public StopSignal() {
    this(PATIENCE);
  }

  /**
   * Begins to listen. Close it last, after everything that must end in order.
   *
   * @param patience how long the JVM waits for the command to close what it opened
   */
  public StopSignal(Duration patience) {
    this.patience = patience;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** From now on the JVM waits for as long as closing in order may take. */
  public void waitForTheEndOfWork() {
    patience = PATIENCE;
  }

  /** True once somebody asked the process to stop. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits for the request, at most for the given time; true when it came. */
  public boolean await(Duration atMost) throws InterruptedException {
    return requested.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is going down already, and the hook with it.
    }
  }

  private void stopAndWait() {
    requested.countDown();
    try {
      if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        // Something still computes: native memory must not be freed under it.
        ProcessEnd.now();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
