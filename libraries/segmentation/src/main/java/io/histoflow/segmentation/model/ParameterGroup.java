package io.histoflow.segmentation.model;

/** What a parameter is for, which decides whether fine-tuning may change it. */
public enum ParameterGroup {
  /** Convolutions, BatchNorm and squeeze-and-excitation of encoder and bottleneck: frozen. */
  ENCODER,
  /** The organs' embeddings and the FiLM of all seven stages. */
  CONDITIONING,
  /** Everything after the bottleneck: up-sampling, decoder stages and heads. */
  DECODER;

  /** Returns the group of what a stage has beside its conditioning. */
  static ParameterGroup of(StageName stage) {
    return stage.encoder() ? ENCODER : DECODER;
  }
}
