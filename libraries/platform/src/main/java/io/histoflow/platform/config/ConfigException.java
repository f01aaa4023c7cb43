package io.histoflow.platform.config;

/**
 * Thrown when the configuration cannot be used. The message is one sentence for the person who
 * wrote the configuration: the key, the value found and what is allowed. It never quotes the value
 * of a key that belongs to a client, since that may be a credential.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says in one sentence which key it is about and what is allowed. */
  public ConfigException(String message) {
    super(message);
  }

  /** The same, for a value that a library refused. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
