package io.histoflow.segmentation.model;

/** The seven stages of ClinSegNet, in the order in which an image passes them. */
public enum StageName {
  /** First encoder stage, full resolution. */
  ENCODER_0("encoder.0", 1, true),
  /** Second encoder stage, half resolution. */
  ENCODER_1("encoder.1", 2, true),
  /** Third encoder stage, a quarter of the resolution. */
  ENCODER_2("encoder.2", 4, true),
  /** Deepest stage, an eighth of the resolution. */
  BOTTLENECK("bottleneck", 8, true),
  /** First decoder stage, a quarter of the resolution. */
  DECODER_2("decoder.2", 4, false),
  /** Second decoder stage, half resolution. */
  DECODER_1("decoder.1", 2, false),
  /** Last decoder stage, full resolution. */
  DECODER_0("decoder.0", 1, false);

  private final String prefix;
  private final int widthFactor;
  private final boolean encoder;

  StageName(String prefix, int widthFactor, boolean encoder) {
    this.prefix = prefix;
    this.widthFactor = widthFactor;
    this.encoder = encoder;
  }

  /** Returns what the names of the stage's parameters begin with, for example {@code encoder.0}. */
  public String prefix() {
    return prefix;
  }

  /** Returns the name of the 1x1 convolution before a decoder's stage, for example {@code up.0}. */
  String up() {
    return prefix.replace("decoder", "up");
  }

  /** Returns the stage's output channels in multiples of the network's width. */
  public int widthFactor() {
    return widthFactor;
  }

  /** Returns whether the stage belongs to the encoder, which fine-tuning leaves as it is. */
  public boolean encoder() {
    return encoder;
  }
}
