package io.histoflow.segmentation.inference;

import java.util.Locale;

/** In which numbers the network computes. Weights and probabilities are fp32 in any case. */
public enum Precision {
  /**
   * {@link #BF16} where the network runs on a CPU that has it, {@link #FP16} on a GPU, where that
   * agrees with {@link #FP32} on fixed tiles and is faster ({@link PrecisionCheck}); else {@link
   * #FP32}.
   */
  AUTO,
  /** 32 bits: what figures on record are measured with. */
  FP32,
  /**
   * 16 bits with fp32's range and 8 bits of precision; sums are still kept in 32 bits. CPU only.
   */
  BF16,
  /** 16 bits with 11 bits of precision and a range up to 65,504. GPU only. */
  FP16;

  /**
   * Reads {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}.
   *
   * @throws IllegalArgumentException for any other word
   */
  public static Precision parse(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "fp32" -> FP32;
      case "bf16" -> BF16;
      case "fp16" -> FP16;
      default ->
          throw new IllegalArgumentException(
              "precision '" + word + "' is not known: use auto, fp32, bf16 or fp16");
    };
  }

  /**
   * Makes sure that the device computes in this precision; auto always passes.
   *
   * @throws IllegalStateException for {@link #BF16} and {@link #FP16} where it does not
   */
  public void requireOn(Compute compute) {
    if (this == FP16 && compute != Compute.GPU) {
      throw new IllegalStateException(
          "fp16 is for the GPU: use precision auto or fp32, or device gpu");
    }
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
