package io.histoflow.segmentation.model;

import java.util.ArrayList;
import java.util.List;

/**
 * ClinSegNet as a U-Net of seven stages (Bioengineering 2025, 12, 1156, section 2): which layers an
 * image passes, in which order and under which names. This is the only place that says so: the
 * parameters ({@link ClinSegNetParameters}), training ({@link ClinSegNet}), inference in batches
 * and the program that a CPU runs all follow from it.
 *
 * <p>A stage is two 3x3 convolutions, each with BatchNorm and ReLU, then squeeze-and-excitation
 * {@code s = sigmoid(W2 relu(W1 mean(x) + b1) + b2)} (Hu et al., 2018), then FiLM (Perez et al.,
 * 2018) by the organ's embedding e: {@code y = sigmoid(Wg e + bg) s x + Wb e + bb}.
 *
 * @param <M> what stands for feature maps: arrays, or the names of variables in a program
 */
public abstract class ForwardPass<M> {

  /** The 1x1 convolution to mask logits. */
  public static final String MASK_HEAD = "head.mask";

  /** The 1x1 convolution to edge logits, which guides training. */
  public static final String EDGE_HEAD = "head.edge";

  private final ClinSegNetConfig config;

  /** Makes a pass through a network. */
  protected ForwardPass(ClinSegNetConfig config) {
    this.config = config;
  }

  /**
   * What a stage yields before it is conditioned, which depends on the image alone.
   *
   * @param maps after both convolutions
   * @param excitation the channels' weights in 0..1; null without squeeze-and-excitation
   */
  public record Extracted<M>(M maps, M excitation) {}

  /** Passes the stage's convolutions. */
  public final Extracted<M> extract(StageName stage, M x) {
    M maps = convolve(stage, 2, convolve(stage, 1, x));
    return new Extracted<>(maps, config.squeezeExcitation() ? excite(stage, maps) : null);
  }

  /**
   * Passes the encoder.
   *
   * @param stem what the first stage extracted from the image
   * @return the maps of its stages, as {@link #keep} gives them but for the deepest, the last
   */
  public final List<M> encode(Extracted<M> stem) {
    List<M> maps = new ArrayList<>();
    M x = condition(StageName.ENCODER_0, stem);
    for (StageName stage : StageName.values()) {
      if (stage.encoder() && stage != StageName.ENCODER_0) {
        maps.add(keep(x));
        x = condition(stage, extract(stage, halve(x)));
      }
    }
    maps.add(x);
    return maps;
  }

  /**
   * Passes the decoder.
   *
   * @param maps as {@link #encode} gives them
   * @return the maps that the heads see
   */
  public final M decode(List<M> maps) {
    int skip = maps.size() - 1;
    M x = maps.get(skip);
    for (StageName stage : StageName.values()) {
      if (!stage.encoder()) {
        M wide = pointwise(stage.up(), 4 * config.channels(stage), x);
        x = condition(stage, extract(stage, join(maps.get(--skip), wide)));
      }
    }
    return x;
  }

  /** Returns the network's configuration. */
  protected final ClinSegNetConfig config() {
    return config;
  }

  /** A 3x3 convolution, BatchNorm and ReLU: the stage's first or second, 1 or 2. */
  protected abstract M convolve(StageName stage, int i, M x);

  /** Squeeze-and-excitation: the channels' weights, of their means. */
  protected abstract M excite(StageName stage, M maps);

  /** Scales by the excitation, where there is one, and scales and shifts as the organ asks. */
  protected abstract M condition(StageName stage, Extracted<M> extracted);

  /** Sets maps aside until {@link #join} takes them up. */
  protected abstract M keep(M x);

  /** Halves height and width: the greatest of every 2x2 pixels. */
  protected abstract M halve(M x);

  /** A 1x1 convolution with bias to so many channels. */
  protected abstract M pointwise(String layer, int outputs, M x);

  /**
   * Doubles height and width of 4C channels, of which channel {@code (2i + j) C + c} becomes pixel
   * (2y + i, 2x + j) of channel c, and puts them behind the kept maps' channels. With the 1x1
   * convolution before it computes what a 2x2 transposed convolution of stride 2 does.
   */
  protected abstract M join(M kept, M wide);
}
