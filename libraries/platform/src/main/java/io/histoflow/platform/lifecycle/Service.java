package io.histoflow.platform.lifecycle;

import java.util.Optional;

/** Something that is started once, does its work on its own threads, and is closed. */
public interface Service extends AutoCloseable {

  /**
   * Returns the name used in logs, thread names and metrics.
   *
   * @return a short lower-case name such as {@code inference}
   */
  String name();

  /**
   * Starts the service and returns when it is running.
   *
   * @throws ServiceException when it could not start; it is then {@link ServiceState#FAILED} and
   *     holds nothing
   * @throws IllegalStateException when it was started or closed before
   */
  void start();

  /**
   * Returns the present state.
   *
   * @return the state
   */
  ServiceState state();

  /**
   * Returns why the service failed.
   *
   * @return the cause, present exactly when the state is {@link ServiceState#FAILED}
   */
  default Optional<Throwable> failure() {
    return Optional.empty();
  }

  /**
   * Returns why a running service cannot do its work at this moment, although it goes on trying.
   *
   * @return a sentence, empty when it can
   */
  default Optional<String> trouble() {
    return Optional.empty();
  }

  /** Finishes the work at hand, releases everything and returns. May be called again. */
  @Override
  void close();
}
