package io.histoflow.schemas;

/**
 * The catalogue of transactional ids. Who opens one fences whoever had it; ids of several writers
 * begin alike.
 */
public final class TransactionalIds {
  /** Of replays of past tiles; one at a time. */
  public static final String REPLAY = "histoflow-replay";

  /** Of corrections from other tools; one at a time. */
  public static final String CORRECT = "histoflow-correct";

  /** Of dead letters that are published again; one at a time. */
  public static final String DEAD_LETTERS = "histoflow-dead-letters";

  /** What the ids of inference workers begin with. */
  public static final String INFERENCE = Groups.INFERENCE + "-";

  /** What the ids that Kafka Streams gives its threads begin with. */
  public static final String ROUTING = Groups.ROUTING + "-";

  /** What the ids of review services begin with. */
  public static final String REVIEW = "histoflow-review-";

  /** What the ids of those who write weights begin with. */
  public static final String WEIGHTS = "histoflow-fine-tuning-";

  private TransactionalIds() {}

  /** Returns that of an inference worker. */
  public static String inference(String worker) {
    return INFERENCE + worker;
  }

  /** Returns that of a review service. */
  public static String review(String worker) {
    return REVIEW + worker;
  }

  /** Returns that of all who write a model's weights. */
  public static String weights(String modelId) {
    return WEIGHTS + modelId;
  }
}
