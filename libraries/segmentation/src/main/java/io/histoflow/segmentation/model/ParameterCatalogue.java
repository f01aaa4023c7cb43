package io.histoflow.segmentation.model;

import io.histoflow.segmentation.model.ParameterSpec.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every parameter that a ClinSegNet of a configuration has, by its stable name.
 *
 * <p>It is written down apart from the DJL blocks, so that a weights file can be checked before any
 * native memory is allocated; a test holds the two together.
 */
public final class ParameterCatalogue {

  /** Channels per unit of the squeeze-and-excitation's hidden layer. */
  static final int SE_REDUCTION = 8;

  private final Map<String, ParameterSpec> specs = new LinkedHashMap<>();

  private ParameterCatalogue(ClinSegNetConfig config) {
    int width = config.width();
    if (config.film()) {
      add(
          "embedding.weight",
          ParameterGroup.CONDITIONING,
          Kind.EMBEDDING,
          config.organs().size(),
          config.embeddingSize());
    }
    int in = config.inputColour().channels();
    for (StageName stage : StageName.values()) {
      int out = config.channels(stage);
      if (!stage.encoder()) {
        conv("up." + stage.prefix().substring("decoder.".length()), in, 4 * out, Kind.HE_NORMAL);
        in = 2 * out;
      }
      stage(config, stage, in, out);
      in = out;
    }
    conv("head.mask", width, 1, Kind.LECUN_NORMAL);
    if (config.edgeHead()) {
      conv("head.edge", width, 1, Kind.LECUN_NORMAL);
    }
  }

  /** Returns the catalogue of the configuration's network. */
  public static ParameterCatalogue of(ClinSegNetConfig config) {
    return new ParameterCatalogue(config);
  }

  /** Returns the hidden units of squeeze-and-excitation over so many channels. */
  public static int hiddenUnits(int channels) {
    return Math.max(4, channels / SE_REDUCTION);
  }

  /** Returns all parameters, in the order of the forward pass. */
  public Collection<ParameterSpec> all() {
    return specs.values();
  }

  /** Returns the parameter of that name, null where there is none. */
  public ParameterSpec find(String name) {
    return specs.get(name);
  }

  private void stage(ClinSegNetConfig config, StageName stage, int in, int out) {
    ParameterGroup group = stage.encoder() ? ParameterGroup.ENCODER : ParameterGroup.DECODER;
    String prefix = stage.prefix();
    for (int i = 1; i <= 2; i++) {
      add(prefix + ".conv" + i + ".weight", group, Kind.HE_NORMAL, out, i == 1 ? in : out, 3, 3);
      String norm = prefix + ".bn" + i;
      add(norm + ".gamma", group, Kind.ONE, out);
      add(norm + ".beta", group, Kind.ZERO, out);
      add(norm + ".runningMean", group, Kind.ZERO, out);
      add(norm + ".runningVar", group, Kind.ONE, out);
    }
    if (config.squeezeExcitation()) {
      int hidden = hiddenUnits(out);
      linear(prefix + ".se.reduce", group, Kind.HE_NORMAL, hidden, out);
      linear(prefix + ".se.expand", group, Kind.LECUN_NORMAL, out, hidden);
    }
    if (config.film()) {
      int d = config.embeddingSize();
      film(prefix + ".film.gamma", Kind.OPEN_GATE, out, d);
      film(prefix + ".film.beta", Kind.ZERO, out, d);
    }
  }

  private void conv(String name, int in, int out, Kind kind) {
    add(name + ".weight", ParameterGroup.DECODER, kind, out, in, 1, 1);
    add(name + ".bias", ParameterGroup.DECODER, Kind.ZERO, out);
  }

  private void linear(String name, ParameterGroup group, Kind kind, int out, int in) {
    add(name + ".weight", group, kind, out, in);
    add(name + ".bias", group, Kind.ZERO, out);
  }

  /**
   * At first the same for all organs and nearly without effect: organs learn what they have in
   * common, and then how they differ.
   */
  private void film(String name, Kind bias, int out, int in) {
    add(name + ".weight", ParameterGroup.CONDITIONING, Kind.ZERO, out, in);
    add(name + ".bias", ParameterGroup.CONDITIONING, bias, out);
  }

  private void add(String name, ParameterGroup group, Kind kind, Integer... shape) {
    specs.put(name, new ParameterSpec(name, List.of(shape), group, kind));
  }
}
