package io.histoflow.segmentation.model.unet;

import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.ArchitectureOptions;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.ParameterSpec.Kind;
import io.histoflow.segmentation.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * U-Net (Ronneberger et al., 2015) as it is used today, with padded convolutions and BatchNorm, and
 * Attention U-Net, which adds a gate to each skip (Oktay et al., 2018, in the common 2-D form).
 * Weights before a ReLU start from normal distributions of variance 2 / fan-in, as both
 * publications have it, those of 1x1 convolutions from variance 1 / fan-in, biases from zero.
 *
 * @param width channels of the first stage, a multiple of 4 in 4..64: 64 as published, 16 light
 * @param gated whether skips pass attention gates
 * @param inputColour what the network sees of a tile's colours
 */
public record UNet(int width, boolean gated, InputColour inputColour) implements Architecture {

  /** The name of the plain network in weights files. */
  public static final String NAME = "UNet";

  /** The name of the gated network in weights files. */
  public static final String GATED_NAME = "AttentionUNet";

  /** Halvings of the image's sides. */
  static final int LEVELS = 4;

  private static final String WIDTH = "width";

  /** Checks the width. */
  public UNet {
    if (width < 4 || width > 64 || width % 4 != 0) {
      throw new IllegalArgumentException(
          "the width of a U-Net must be a multiple of 4 in 4..64, not " + width);
    }
  }

  /** Reads the options of a plain network. */
  public static UNet plain(ArchitectureOptions options) {
    return new UNet(options.number(WIDTH), false, options.colour());
  }

  /** Reads the options of a gated network. */
  public static UNet gated(ArchitectureOptions options) {
    return new UNet(options.number(WIDTH), true, options.colour());
  }

  @Override
  public String name() {
    return gated ? GATED_NAME : NAME;
  }

  @Override
  public Map<String, String> options() {
    return new TreeMap<>(
        Map.of(WIDTH, Integer.toString(width), ArchitectureOptions.COLOUR, inputColour.name()));
  }

  @Override
  public int sideMultiple() {
    return 1 << LEVELS;
  }

  @Override
  public Network open(Weights weights, NDManager manager, Predicate<ParameterGroup> statistics) {
    return new UNetNetwork(this, weights, manager, statistics);
  }

  @Override
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    int in = inputColour.channels();
    for (int level = 0; level <= LEVELS; level++) {
      int out = width << level;
      stage(specs, "encoder." + level, ParameterGroup.ENCODER, in, out);
      in = out;
    }
    for (int level = LEVELS - 1; level >= 0; level--) {
      int out = width << level;
      add(
          specs,
          "up." + level + ".weight",
          ParameterGroup.DECODER,
          Kind.HE_NORMAL,
          4 * out,
          in,
          1,
          1);
      add(specs, "up." + level + ".bias", ParameterGroup.DECODER, Kind.ZERO, out);
      if (gated) {
        gate(specs, "gate." + level, out);
      }
      stage(specs, "decoder." + level, ParameterGroup.DECODER, 2 * out, out);
      in = out;
    }
    layer(specs, "head", in, 1);
    return specs;
  }

  @Override
  public long multiplyAdds(int side) {
    long sum = (long) side * side * width;
    int in = inputColour.channels();
    for (int level = 0; level <= LEVELS; level++) {
      long out = (long) width << level;
      long pixels = (long) (side >> level) * (side >> level);
      sum += 9 * pixels * out * (in + out);
      if (level < LEVELS) {
        // The transposed convolution computes four pixels from each of the level below.
        sum += 2 * pixels * out * out + 9 * pixels * out * 3 * out;
        sum += gated ? pixels * (out * out + out / 2) : 0;
      }
      in = (int) out;
    }
    return sum;
  }

  private static void stage(
      List<ParameterSpec> specs, String prefix, ParameterGroup group, int in, int out) {
    for (int i = 1; i <= 2; i++) {
      String conv = prefix + ".conv" + i + ".weight";
      add(specs, conv, group, Kind.HE_NORMAL, out, i == 1 ? in : out, 3, 3);
      norm(specs, prefix + ".bn" + i, group, out);
    }
  }

  private static void gate(List<ParameterSpec> specs, String prefix, int channels) {
    int inner = channels / 2;
    layer(specs, prefix + ".signal", channels, inner);
    norm(specs, prefix + ".signal.bn", ParameterGroup.DECODER, inner);
    layer(specs, prefix + ".skip", channels, inner);
    norm(specs, prefix + ".skip.bn", ParameterGroup.DECODER, inner);
    layer(specs, prefix + ".psi", inner, 1);
    norm(specs, prefix + ".psi.bn", ParameterGroup.DECODER, 1);
  }

  /** A 1x1 convolution with bias. */
  private static void layer(List<ParameterSpec> specs, String name, int in, int out) {
    add(specs, name + ".weight", ParameterGroup.DECODER, Kind.LECUN_NORMAL, out, in, 1, 1);
    add(specs, name + ".bias", ParameterGroup.DECODER, Kind.ZERO, out);
  }

  private static void norm(
      List<ParameterSpec> specs, String name, ParameterGroup group, int channels) {
    add(specs, name + ".gamma", group, Kind.ONE, channels);
    add(specs, name + ".beta", group, Kind.ZERO, channels);
    add(specs, name + ".runningMean", group, Kind.ZERO, channels);
    add(specs, name + ".runningVar", group, Kind.ONE, channels);
  }

  private static void add(
      List<ParameterSpec> specs, String name, ParameterGroup group, Kind kind, Integer... shape) {
    specs.add(new ParameterSpec(name, List.of(shape), group, kind));
  }
}
