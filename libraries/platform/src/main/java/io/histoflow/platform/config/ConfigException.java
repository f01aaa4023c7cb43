package io.histoflow.platform.config;

/**
 * Thrown when the configuration cannot be used. The message is one sentence for the person who
 * wrote the configuration: the key, the value found and what is allowed. It never quotes the value
 * of a key that belongs to a client, since that may be a credential.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence that names the key and what is allowed
   */
  public ConfigException(String message) {
    super(message);
  }

  /**
   * Creates the exception for a value that a library refused.
   *
   * @param message one sentence that names the key or file and what is allowed
   * @param cause what the library said
   */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
