package io.histoflow.schemas;

/** How Kafka cleans up a topic. */
public enum Cleanup {
  /** Records older than the topic's retention are deleted. */
  DELETE("delete"),
  /** The latest record of every key is kept for ever. */
  COMPACT("compact");

  private final String policy;

  Cleanup(String policy) {
    this.policy = policy;
  }

  /** Returns the value of the topic setting {@code cleanup.policy}. */
  public String policy() {
    return policy;
  }
}
