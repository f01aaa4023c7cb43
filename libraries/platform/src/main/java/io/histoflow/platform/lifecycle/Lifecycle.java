package io.histoflow.platform.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The state of one service, shared between the thread that starts and closes it and the threads
 * that work for it. Only the transitions of {@link ServiceState#canTransitionTo} happen.
 */
public final class Lifecycle {
  private final String name;
  private final CountDownLatch ended = new CountDownLatch(1);
  private ServiceState state = ServiceState.NEW;
  private Throwable failure;

  /**
   * Begins in {@link ServiceState#NEW}.
   *
   * @param name the service's name, for messages
   */
  public Lifecycle(String name) {
    this.name = name;
  }

  /**
   * Returns the present state.
   *
   * @return the state
   */
  public synchronized ServiceState state() {
    return state;
  }

  /**
   * Returns why the service failed.
   *
   * @return the cause, present exactly in {@link ServiceState#FAILED}
   */
  public synchronized Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Enters a state if that is possible from the present one.
   *
   * @param next the state to enter
   * @return true when it was entered
   */
  public synchronized boolean tryMoveTo(ServiceState next) {
    if (!state.canTransitionTo(next)) {
      return false;
    }
    state = next;
    if (next.isFinal()) {
      ended.countDown();
    }
    return true;
  }

  /**
   * Begins to stop. A service that was never started is stopped at once.
   *
   * @return true when there is something to stop: the service is now, or was already, {@link
   *     ServiceState#STOPPING}
   */
  public synchronized boolean tryStop() {
    if (state == ServiceState.NEW) {
      tryMoveTo(ServiceState.STOPPED);
      return false;
    }
    return state == ServiceState.STOPPING || tryMoveTo(ServiceState.STOPPING);
  }

  /**
   * Enters a state.
   *
   * @param next the state to enter
   * @throws IllegalStateException when it cannot be entered from the present one
   */
  public synchronized void moveTo(ServiceState next) {
    if (!tryMoveTo(next)) {
      throw new IllegalStateException(
          "The service " + name + " is " + state + " and cannot become " + next + ".");
    }
  }

  /**
   * Enters {@link ServiceState#FAILED} unless the service has ended already.
   *
   * @param cause why
   * @return true when this call made it fail
   */
  public synchronized boolean fail(Throwable cause) {
    if (!state.canTransitionTo(ServiceState.FAILED)) {
      return false;
    }
    failure = cause;
    return tryMoveTo(ServiceState.FAILED);
  }

  /** Waits until the service has stopped or failed. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /**
   * Waits until the service has stopped or failed.
   *
   * @param timeout how long to wait
   * @return false when it has not ended within the time
   */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
