package io.histoflow.segmentation.inference;

import java.util.Locale;

/** In which numbers the network computes. Weights and probabilities are fp32 in any case. */
public enum Precision {
  /**
   * {@link #BF16} where the network runs on a CPU that has it, agrees with {@link #FP32} on fixed
   * tiles and is faster there ({@link PrecisionCheck}); else {@link #FP32}.
   */
  AUTO,
  /** 32 bits: what figures on record are measured with. */
  FP32,
  /**
   * 16 bits with fp32's range and 8 bits of precision; sums are still kept in 32 bits. CPU only.
   */
  BF16;

  /**
   * Reads {@code auto}, {@code fp32} or {@code bf16}.
   *
   * @throws IllegalArgumentException for any other word
   */
  public static Precision parse(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "fp32" -> FP32;
      case "bf16" -> BF16;
      default ->
          throw new IllegalArgumentException(
              "precision '" + word + "' is not known: use auto, fp32 or bf16");
    };
  }

  /**
   * Makes sure that the device computes in this precision; auto always passes.
   *
   * @throws IllegalStateException for {@link #BF16} where it does not
   */
  public void requireOn(Compute compute) {
    if (this != BF16) {
      return;
    }
    if (compute != Compute.CPU) {
      throw new IllegalStateException(
          "bf16 is for the CPU: use precision auto or fp32, or device cpu");
    }
    if (!CpuFeatures.ofThisMachine().multipliesBf16()) {
      throw new IllegalStateException(
          "this CPU does not compute in bf16: use precision auto or fp32");
    }
  }

  /** Returns the word that {@link #parse} reads. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
