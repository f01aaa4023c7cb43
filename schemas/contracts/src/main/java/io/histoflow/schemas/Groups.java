package io.histoflow.schemas;

/** The catalogue of consumer groups. Who reads whole topics or keeps its own place needs none. */
public final class Groups {
  /** Workers that share out scanned tiles. */
  public static final String INFERENCE = "histoflow-inference";

  /**
   * Routers, and the application id of Kafka Streams: its topics and transactions begin with it.
   */
  public static final String ROUTING = "histoflow-routing";

  /** The readers of corrections. */
  public static final String FINE_TUNING = "histoflow-fine-tuning";

  private Groups() {}
}
