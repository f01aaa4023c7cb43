package io.histoflow.platform.lifecycle;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.logging.LogKeys;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service that is one main loop on one named thread.
 *
 * <p>{@link #onStart}, {@link #runOnce} and {@link #onStop} are all called on that thread, so that
 * what they share (a Kafka consumer, a model) needs no locks. {@code onStop} is called whether the
 * loop ends by {@link #close}, by an error, or by an error in {@code onStart}; it must cope with
 * what was not acquired. After it everything that was {@linkplain #opened opened} is closed, the
 * last first, whatever one of them throws. An exception out of {@code runOnce} is fatal: the
 * service becomes {@link ServiceState#FAILED}. Bad input is no reason to throw.
 */
public abstract class LoopService implements Service {
  private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(5);

  private final Logger log = LoggerFactory.getLogger(getClass());
  private final String name;
  private final Duration closeTimeout;
  private final Lifecycle lifecycle;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final Thread thread;
  private volatile Throwable startFailure;

  /**
   * Makes the service without starting it.
   *
   * @param name the service's name, also its thread's
   * @param closeTimeout how long {@link #close} waits for the work at hand before it interrupts it
   */
  protected LoopService(String name, Duration closeTimeout) {
    this.name = name;
    this.closeTimeout = closeTimeout;
    this.lifecycle = new Lifecycle(name);
    this.thread = new Thread(this::run, name);
  }

  /**
   * Acquires what the loop needs. Does nothing unless overridden.
   *
   * @throws Exception when the service cannot start
   */
  protected void onStart() throws Exception {}

  /**
   * Does one round of the work; called again and again until the service is closed. It should
   * return within a second or so, or be woken by {@link #wakeUp}.
   *
   * @throws Exception when the service cannot go on
   */
  protected abstract void runOnce() throws Exception;

  /**
   * Does what is left to do before resources are closed. Does nothing unless overridden.
   *
   * @throws Exception when it could not be done; the service then ends as failed
   */
  protected void onStop() throws Exception {}

  /** Takes over a resource of the loop, to be closed when it ends; for the loop's thread only. */
  protected final <R extends AutoCloseable> R opened(R resource) {
    resources.push(resource);
    return resource;
  }

  /** Waits, and returns early and true where the service is closed. */
  protected final boolean pause(Duration time) throws InterruptedException {
    return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Tells whether somebody has closed the service; a long {@link #onStart} may ask, too. */
  protected final boolean isClosing() {
    return closing.getCount() == 0;
  }

  /**
   * Called by the closing thread so that {@link #runOnce} returns early, for example with {@code
   * Consumer.wakeup()}. The only method called on another thread. Does nothing unless overridden.
   */
  protected void wakeUp() {}

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final ServiceState state() {
    return lifecycle.state();
  }

  @Override
  public final Optional<Throwable> failure() {
    return lifecycle.failure();
  }

  @Override
  public final void start() {
    lifecycle.moveTo(ServiceState.STARTING);
    thread.start();
    try {
      started.await();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new ServiceException("Starting the service " + name + " was interrupted.", e);
    }
    Throwable cause = startFailure;
    if (cause instanceof ConfigException refused) {
      throw refused;
    }
    if (cause != null) {
      throw new ServiceException(
          "The service " + name + " could not start: " + Sentences.of(cause), cause);
    }
  }

  @Override
  public final void close() {
    if (!lifecycle.tryStop()) {
      return;
    }
    closing.countDown();
    if (Thread.currentThread() == thread) {
      return;
    }
    wakeUp();
    try {
      thread.join(Math.max(1, closeTimeout.toMillis()));
      if (thread.isAlive()) {
        log.atWarn()
            .addKeyValue(LogKeys.SERVICE, name)
            .addKeyValue("timeout", closeTimeout)
            .log("The work at hand did not end in time and is interrupted");
        thread.interrupt();
        thread.join(INTERRUPT_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until the service has stopped or failed. */
  public final void awaitStopped() throws InterruptedException {
    lifecycle.awaitEnd();
  }

  /**
   * Tells the loop whether to go on, from start until close; a long {@link #runOnce} may ask
   * between its steps.
   */
  protected final boolean isRunning() {
    return lifecycle.state() == ServiceState.RUNNING;
  }

  private void run() {
    Throwable failure = null;
    boolean running = false;
    try {
      onStart();
      running = lifecycle.tryMoveTo(ServiceState.RUNNING);
      started.countDown();
      while (isRunning()) {
        runOnce();
      }
    } catch (Throwable e) {
      failure = isAnswerToClose(e) ? null : e;
    }
    failure = release(this::onStop, failure);
    while (!resources.isEmpty()) {
      failure = release(resources.pop(), failure);
    }
    end(failure, running);
  }

  /** Returns what failed first. */
  private static Throwable release(AutoCloseable part, Throwable failure) {
    try {
      part.close();
      return failure;
    } catch (Throwable e) {
      if (failure == null) {
        return e;
      }
      failure.addSuppressed(e);
      return failure;
    }
  }

  private void end(Throwable failure, boolean hasRun) {
    if (failure == null) {
      lifecycle.tryMoveTo(ServiceState.STOPPED);
    } else {
      lifecycle.fail(failure);
      if (hasRun) {
        log.atError()
            .addKeyValue(LogKeys.SERVICE, name)
            .setCause(failure)
            .log("The service has failed: {}", Sentences.of(failure));
      } else {
        startFailure = failure;
      }
    }
    started.countDown();
  }

  private boolean isAnswerToClose(Throwable e) {
    return lifecycle.state() == ServiceState.STOPPING
        && (e instanceof InterruptedException
            || e instanceof InterruptException
            || e instanceof WakeupException);
  }
}
