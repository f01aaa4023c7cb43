package io.histoflow.segmentation.inference;

import ai.djl.Device;
import io.histoflow.segmentation.model.TensorRuntime;
import java.util.Locale;

/** Where the network runs: on the CPU or on the first GPU. */
public enum Compute {
  /** The machine's CPU. */
  CPU,
  /** The first CUDA device. */
  GPU;

  /** Returns the GPU where PyTorch finds one, else the CPU. */
  public static Compute auto() {
    return TensorRuntime.engine().getGpuCount() > 0 ? GPU : CPU;
  }

  /** Returns the CPU. */
  public static Compute cpu() {
    return CPU;
  }

  /**
   * Returns the first GPU.
   *
   * @throws IllegalStateException where PyTorch finds none
   */
  public static Compute gpu() {
    if (TensorRuntime.engine().getGpuCount() == 0) {
      throw new IllegalStateException(
          "PyTorch finds no GPU: use --device cpu or auto, or point PYTORCH_LIBRARY_PATH to a CUDA"
              + " build of libtorch that matches its JNI library");
    }
    return GPU;
  }

  /**
   * Reads {@code auto}, {@code cpu} or {@code gpu}.
   *
   * @throws IllegalArgumentException for any other word
   * @throws IllegalStateException for {@code gpu} where PyTorch finds none
   */
  public static Compute parse(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "auto" -> auto();
      case "cpu" -> cpu();
      case "gpu" -> gpu();
      default ->
          throw new IllegalArgumentException(
              "device '" + word + "' is not known: use auto, cpu or gpu");
    };
  }

  /**
   * Returns how many batches keep it busy: a GPU computes one while the next one's colours are
   * converted and uploaded; a CPU's cores are all busy with one.
   */
  public int batchesAtATime() {
    return this == GPU ? 2 : 1;
  }

  /** Returns DJL's device. */
  public Device device() {
    return this == GPU ? Device.gpu() : Device.cpu();
  }
}
