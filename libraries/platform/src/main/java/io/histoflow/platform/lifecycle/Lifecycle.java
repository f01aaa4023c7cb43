package io.histoflow.platform.lifecycle;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The state of one service, shared between the thread that starts and closes it and the threads
 * that work for it. Only the transitions of {@link ServiceState#canTransitionTo} happen.
 */
final class Lifecycle {
  private final String name;
  private final CountDownLatch ended = new CountDownLatch(1);
  private ServiceState state = ServiceState.NEW;
  private Throwable failure;

  /** Begins in {@link ServiceState#NEW}. */
  Lifecycle(String name) {
    this.name = name;
  }

  /** Returns the present state. */
  synchronized ServiceState state() {
    return state;
  }

  /** Returns why the service failed, exactly in {@link ServiceState#FAILED}. */
  synchronized Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Enters a state if that is possible from the present one, and tells whether it was. */
  synchronized boolean tryMoveTo(ServiceState next) {
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
   * Begins to stop, and tells whether there is something to stop: whether the service is now, or
   * was already, {@link ServiceState#STOPPING}. One that was never started is stopped at once.
   */
  synchronized boolean tryStop() {
    if (state == ServiceState.NEW) {
      tryMoveTo(ServiceState.STOPPED);
      return false;
    }
    return state == ServiceState.STOPPING || tryMoveTo(ServiceState.STOPPING);
  }

  /**
   * Enters a state.
   *
   * @throws IllegalStateException when it cannot be entered from the present one
   */
  synchronized void moveTo(ServiceState next) {
    if (!tryMoveTo(next)) {
      throw new IllegalStateException(
          "The service " + name + " is " + state + " and cannot become " + next + ".");
    }
  }

  /** Enters {@link ServiceState#FAILED} unless the service has ended already. */
  synchronized boolean fail(Throwable cause) {
    if (!state.canTransitionTo(ServiceState.FAILED)) {
      return false;
    }
    failure = cause;
    return tryMoveTo(ServiceState.FAILED);
  }

  /** Waits until the service has stopped or failed. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }
}
