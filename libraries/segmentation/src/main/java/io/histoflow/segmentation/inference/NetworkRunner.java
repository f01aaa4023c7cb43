package io.histoflow.segmentation.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a network over images of any sizes: pads by reflection to sides that the network takes,
 * groups equal sizes into bounded batches and crops the probabilities back.
 */
public final class NetworkRunner implements AutoCloseable {

  /** The most pixels that go through the network at a time, unless one image alone has more. */
  static final int MAX_BATCH_PIXELS = 1 << 20;

  private final Architecture config;
  private final Precision precision;
  private final NetworkEngine engine;

  /** Loads the weights onto the device, to compute in fp32. */
  public NetworkRunner(Weights weights, Compute compute) {
    this(weights, compute, Precision.FP32);
  }

  /**
   * Loads the weights onto the device; {@link Precision#AUTO} takes the time of some ten small
   * tiles to choose, on a GPU and on a CPU with bf16.
   *
   * @throws IllegalStateException where a precision is asked for that the device does not have
   */
  public NetworkRunner(Weights weights, Compute compute, Precision wanted) {
    config = weights.config();
    wanted.requireOn(compute);
    if (config.stages().isEmpty()) {
      if (wanted != Precision.AUTO && wanted != Precision.FP32) {
        throw new IllegalStateException(
            "%s computes in fp32 only, not in %s: use --precision fp32 or auto"
                .formatted(config.name(), wanted));
      }
      precision = Precision.FP32;
      engine = new ArrayEngine(weights, compute.device());
      return;
    }
    FoldedWeights folded = new FoldedWeights(weights);
    if (wanted == Precision.AUTO
        && (compute == Compute.GPU || CpuFeatures.ofThisMachine().multipliesBf16())) {
      PrecisionCheck check = PrecisionCheck.of(folded, compute);
      precision = check.chosen();
      engine = check.engine();
    } else {
      precision = wanted == Precision.AUTO ? Precision.FP32 : wanted;
      engine = engine(folded, compute, precision);
    }
  }

  /** Loads the weights onto the device, to compute in a precision that it has. */
  static NetworkEngine engine(FoldedWeights weights, Compute compute, Precision precision) {
    return compute == Compute.GPU
        ? new BatchEngine(weights, compute.device(), precision)
        : new CpuEngine(weights, precision == Precision.BF16);
  }

  /** Returns in what the network computes: fp32, bf16 or fp16. */
  public Precision precision() {
    return precision;
  }

  /**
   * Returns the probabilities (height x width each) of the inputs, in their order. May be called
   * from several threads at a time, but not while or after the runner closes.
   */
  public List<float[]> probabilities(List<SegmentationInput> inputs) {
    Map<Long, List<Integer>> bySize = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      RgbImage image = inputs.get(i).image();
      long key = ((long) config.padded(image.width()) << 32) | config.padded(image.height());
      bySize.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    float[][] results = new float[inputs.size()][];
    bySize.forEach(
        (key, members) -> {
          int w = (int) (key >>> 32);
          int h = key.intValue();
          int most = (int) Math.max(1, MAX_BATCH_PIXELS / ((long) w * h));
          for (int from = 0; from < members.size(); from += most) {
            run(
                inputs,
                members.subList(from, Math.min(members.size(), from + most)),
                w,
                h,
                results);
          }
        });
    return List.of(results);
  }

  private void run(
      List<SegmentationInput> inputs, List<Integer> members, int w, int h, float[][] results) {
    int n = members.size();
    ByteBuffer pixels = ByteBuffer.allocateDirect(Math.multiplyExact(3 * n, w * h));
    List<Integer> organs = new ArrayList<>();
    for (int member : members) {
      RgbImage image = inputs.get(member).image();
      pixels.put(image.reflectPad(w - image.width(), h - image.height()).rgb());
      organs.add(config.indexOf(inputs.get(member).organ()));
    }
    pixels.rewind();
    float[] all = engine.probabilities(pixels, n, h, w, organs);
    for (int i = 0; i < n; i++) {
      RgbImage original = inputs.get(members.get(i)).image();
      results[members.get(i)] = crop(all, i * w * h, w, original.width(), original.height());
    }
  }

  private static float[] crop(float[] all, int offset, int stride, int width, int height) {
    float[] cropped = new float[width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(all, offset + y * stride, cropped, y * width, width);
    }
    return cropped;
  }

  /** Returns the number of arrays in native memory: the same after every batch. */
  int liveArrays() {
    return engine.liveArrays();
  }

  @Override
  public void close() {
    engine.close();
  }
}
