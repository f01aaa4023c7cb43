package io.histoflow.schemas;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry did not answer, refused to, or has lost a schema: nothing is known about the
 * record at hand, so it must be tried again and never be dead-lettered.
 */
public final class RegistryUnavailableException extends RetriableException {
  private static final long serialVersionUID = 1L;

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public RegistryUnavailableException(String message) {
    super(message);
  }

  /**
   * Says whether a failure comes from a registry that could not be asked, whatever Kafka wrapped
   * around it.
   *
   * @param failure any failure, or null
   * @return true where it or one of its causes is a {@link RegistryUnavailableException}
   */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RegistryUnavailableException) {
        return true;
      }
    }
    return false;
  }
}
