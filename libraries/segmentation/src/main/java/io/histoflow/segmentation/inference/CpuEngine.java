package io.histoflow.segmentation.inference;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.StageName;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.WeightTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs each image on its own, as one script ({@code clinsegnet.torchscript}), in fp32 or bf16.
 *
 * <p>Why this is faster on a CPU than operation by operation in batches:
 *
 * <ul>
 *   <li>the feature maps of one image stay in the caches;
 *   <li>oneDNN holds the weights in its own layout and applies bias and ReLU while it convolves;
 *   <li>a decoder's output goes into a 1x1 convolution, whose weights take the image's own scale
 *       and shift; only the encoder's maps are scaled, on their way to where they are joined;
 *   <li>where there are as many images as cores, each core computes an image alone and waits for no
 *       other.
 * </ul>
 */
final class CpuEngine implements NetworkEngine {

  /** The most pixels that are in work at a time, unless one image alone has more. */
  private static final int MAX_PIXELS_IN_WORK = 1 << 20;

  private static final long BYTES_PER_PIXEL = 3;

  private final ClinSegNetConfig config;
  private final NDManager manager;
  private final TensorScript script;
  private final boolean bf16;
  private final TensorScript.Value weights;
  private final SoloThreads threads;

  /**
   * Copies the weights into native memory.
   *
   * @param bf16 whether to compute in bf16, which the CPU must have
   */
  CpuEngine(FoldedWeights folded, boolean bf16) {
    this(folded, bf16, TensorRuntime.threads());
  }

  CpuEngine(FoldedWeights folded, boolean bf16, int cores) {
    config = folded.config();
    manager = TensorRuntime.newManager(Device.cpu());
    script = TensorScript.load("clinsegnet.torchscript", "ClinSegNet", manager);
    this.bf16 = bf16;
    weights = script.list(arrays(folded));
    threads = new SoloThreads(cores);
  }

  @Override
  public float[] probabilities(ByteBuffer pixels, int n, int h, int w, List<Integer> organs) {
    float[] all = new float[n * h * w];
    int cores = threads.count();
    if (cores > 1 && n >= cores && (long) cores * h * w <= MAX_PIXELS_IN_WORK) {
      threads.forEach(n, i -> one(pixels, i, h, w, organs.get(i), all));
    } else {
      for (int i = 0; i < n; i++) {
        one(pixels, i, h, w, organs.get(i), all);
      }
    }
    return all;
  }

  private void one(ByteBuffer pixels, int i, int h, int w, int organ, float[] all) {
    int size = Math.toIntExact(BYTES_PER_PIXEL * h * w);
    try (NDManager scope = manager.newSubManager()) {
      NDArray image =
          InputTensor.image(scope, config.inputColour(), pixels.slice(i * size, size), 1, h, w);
      float[] probabilities;
      try (TensorScript.Value x = script.value(image);
          TensorScript.Value row = script.value(organ)) {
        probabilities = script.call(scope, "forward", x, row, weights).toFloatArray();
      }
      System.arraycopy(probabilities, 0, all, i * h * w, h * w);
    }
  }

  /** The order is the script's: ten arrays a stage, then two for each doubling and the head. */
  private List<NDArray> arrays(FoldedWeights folded) {
    List<NDArray> arrays = new ArrayList<>();
    for (StageName stage : StageName.values()) {
      for (int i = 1; i <= 2; i++) {
        FoldedWeights.Layer layer = folded.convolution(stage, i);
        arrays.add(converted("packed", layer.weight()));
        arrays.add(converted("cast", layer.bias()));
      }
      if (config.squeezeExcitation()) {
        addLayer(arrays, folded.squeeze(stage));
        addLayer(arrays, folded.excite(stage));
      } else {
        for (int i = 0; i < 4; i++) {
          arrays.add(array(new WeightTensor(List.of(0), new float[0])));
        }
      }
      arrays.add(config.film() ? array(folded.gammas(stage)) : constant(stage, 1f));
      arrays.add(config.film() ? array(folded.betas(stage)) : constant(stage, 0f));
    }
    for (StageName stage : StageName.values()) {
      if (!stage.encoder()) {
        addLayer(arrays, folded.up(stage));
      }
    }
    addLayer(arrays, folded.head());
    return arrays;
  }

  private NDArray converted(String method, WeightTensor tensor) {
    try (NDArray fp32 = array(tensor);
        TensorScript.Value values = script.value(fp32);
        TensorScript.Value low = script.value(bf16)) {
      return script.call(manager, method, values, low);
    }
  }

  private void addLayer(List<NDArray> arrays, FoldedWeights.Layer layer) {
    List<Integer> shape = layer.weight().shape();
    arrays.add(array(new WeightTensor(shape.subList(0, 2), layer.weight().values())));
    arrays.add(array(layer.bias()));
  }

  private NDArray constant(StageName stage, float value) {
    int organs = config.organs().size();
    float[] table = new float[organs * config.channels(stage)];
    Arrays.fill(table, value);
    return array(new WeightTensor(List.of(organs, config.channels(stage)), table));
  }

  private NDArray array(WeightTensor tensor) {
    return FoldedNetwork.array(tensor, manager);
  }

  @Override
  public int liveArrays() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    threads.close();
    weights.close();
    manager.close();
  }
}
