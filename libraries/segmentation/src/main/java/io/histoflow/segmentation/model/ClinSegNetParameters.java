package io.histoflow.segmentation.model;

import io.histoflow.segmentation.model.ParameterSpec.Kind;
import java.util.ArrayList;
import java.util.List;

/** Every parameter that a ClinSegNet has, as it follows from {@link ForwardPass}. */
public final class ClinSegNetParameters {

  /** Channels per unit of the squeeze-and-excitation's hidden layer. */
  private static final int SE_REDUCTION = 8;

  private static final int LEAST_HIDDEN = 4;

  private final List<ParameterSpec> specs = new ArrayList<>();

  private ClinSegNetParameters(ClinSegNetConfig config) {
    if (config.film()) {
      add(
          "embedding.weight",
          ParameterGroup.CONDITIONING,
          Kind.EMBEDDING,
          config.organs().size(),
          config.embeddingSize());
    }
    Shapes shapes = new Shapes(config);
    Integer image = config.inputColour().channels();
    Integer features = shapes.decode(shapes.encode(shapes.extract(StageName.ENCODER_0, image)));
    shapes.pointwise(ForwardPass.MASK_HEAD, 1, features);
    if (config.edgeHead()) {
      shapes.pointwise(ForwardPass.EDGE_HEAD, 1, features);
    }
  }

  /** Returns the parameters of the configuration's network, in the order of the forward pass. */
  static List<ParameterSpec> of(ClinSegNetConfig config) {
    return List.copyOf(new ClinSegNetParameters(config).specs);
  }

  /** Returns the hidden units of squeeze-and-excitation over so many channels. */
  public static int hiddenUnits(int channels) {
    return Math.max(LEAST_HIDDEN, channels / SE_REDUCTION);
  }

  private void add(String name, ParameterGroup group, Kind kind, Integer... shape) {
    specs.add(new ParameterSpec(name, List.of(shape), group, kind));
  }

  /** A pass in which a number of channels stands for feature maps. */
  private final class Shapes extends ForwardPass<Integer> {

    Shapes(ClinSegNetConfig config) {
      super(config);
    }

    @Override
    protected Integer convolve(StageName stage, int i, Integer in) {
      int out = config().channels(stage);
      ParameterGroup group = ParameterGroup.of(stage);
      add(stage.prefix() + ".conv" + i + ".weight", group, Kind.HE_NORMAL, out, in, 3, 3);
      String norm = stage.prefix() + ".bn" + i;
      add(norm + ".gamma", group, Kind.ONE, out);
      add(norm + ".beta", group, Kind.ZERO, out);
      add(norm + ".runningMean", group, Kind.ZERO, out);
      add(norm + ".runningVar", group, Kind.ONE, out);
      return out;
    }

    @Override
    protected Integer excite(StageName stage, Integer channels) {
      int hidden = hiddenUnits(channels);
      ParameterGroup group = ParameterGroup.of(stage);
      layer(stage.prefix() + ".se.reduce", group, Kind.HE_NORMAL, Kind.ZERO, hidden, channels);
      layer(stage.prefix() + ".se.expand", group, Kind.LECUN_NORMAL, Kind.ZERO, channels, hidden);
      return channels;
    }

    /**
     * At first the same for all organs and nearly without effect: organs learn what they have in
     * common, and then how they differ.
     */
    @Override
    protected Integer condition(StageName stage, Extracted<Integer> extracted) {
      int channels = extracted.maps();
      if (config().film()) {
        ParameterGroup group = ParameterGroup.CONDITIONING;
        String film = stage.prefix() + ".film";
        int d = config().embeddingSize();
        layer(film + ".gamma", group, Kind.ZERO, Kind.OPEN_GATE, channels, d);
        layer(film + ".beta", group, Kind.ZERO, Kind.ZERO, channels, d);
      }
      return channels;
    }

    @Override
    protected Integer keep(Integer channels) {
      return channels;
    }

    @Override
    protected Integer halve(Integer channels) {
      return channels;
    }

    @Override
    protected Integer pointwise(String layer, int outputs, Integer in) {
      Kind kind = layer.startsWith("head.") ? Kind.LECUN_NORMAL : Kind.HE_NORMAL;
      layer(layer, ParameterGroup.DECODER, kind, Kind.ZERO, outputs, in, 1, 1);
      return outputs;
    }

    @Override
    protected Integer join(Integer kept, Integer wide) {
      return kept + wide / 4;
    }

    private void layer(
        String name, ParameterGroup group, Kind weight, Kind bias, Integer... shape) {
      add(name + ".weight", group, weight, shape);
      add(name + ".bias", group, bias, shape[0]);
    }
  }
}
