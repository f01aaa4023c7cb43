package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * ClinSegNet: a U-Net of seven stages with squeeze-and-excitation, conditioned on the organ by FiLM
 * at every stage (Bioengineering 2025, 12, 1156, section 2).
 *
 * <p>Inputs: image (N, C, H, W) with H and W multiples of 8, as {@link InputTensor} makes it, and
 * organs as one-hot rows (N, organs). Outputs: mask logits (N, 1, H, W) and, in training with an
 * edge head, edge logits (N, 1, H, W).
 */
public final class ClinSegNet extends AbstractBlock {

  private static final Shape TWO = new Shape(2, 2);

  private final ClinSegNetConfig config;
  private final OrganEmbedding embedding;
  private final Map<StageName, Stage> stages = new LinkedHashMap<>();
  private final Map<StageName, PixelShuffleUp> ups = new LinkedHashMap<>();
  private final Conv2d maskHead;
  private final Conv2d edgeHead;

  private ClinSegNet(ClinSegNetConfig config, Predicate<StageName> movingStatistics) {
    this.config = config;
    embedding =
        config.film()
            ? addChildBlock(
                "embedding", new OrganEmbedding(config.organs().size(), config.embeddingSize()))
            : null;
    for (StageName name : StageName.values()) {
      int channels = config.channels(name);
      if (!name.encoder()) {
        String up = "up." + name.prefix().substring("decoder.".length());
        ups.put(name, addChildBlock(up, new PixelShuffleUp(channels)));
      }
      stages.put(
          name,
          addChildBlock(name.prefix(), new Stage(config, channels, movingStatistics.test(name))));
    }
    maskHead = addChildBlock("head.mask", head());
    edgeHead = config.edgeHead() ? addChildBlock("head.edge", head()) : null;
  }

  /** Makes a network whose BatchNorm learns the statistics of what it is trained on. */
  public static ClinSegNet forTraining(ClinSegNetConfig config) {
    return new ClinSegNet(config, name -> true);
  }

  /**
   * Makes a network whose encoder's BatchNorm keeps its running statistics even in training.
   *
   * @param decoderStatistics whether the decoder's BatchNorm learns the statistics of what it is
   *     trained on; a few tiles may say too little for that
   */
  public static ClinSegNet forFineTuning(ClinSegNetConfig config, boolean decoderStatistics) {
    return new ClinSegNet(config, name -> decoderStatistics && !name.encoder());
  }

  /** Returns the network's configuration. */
  public ClinSegNetConfig config() {
    return config;
  }

  /** Loads the weights into native memory of the manager; for a network without weights only. */
  public void load(Weights weights, NDManager manager) {
    if (!weights.config().equals(config)) {
      throw new IllegalArgumentException("the weights belong to another configuration");
    }
    Map<String, Parameter> named = namedParameters();
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      Parameter parameter = named.get(spec.name());
      parameter.setShape(null);
      parameter.setArray(
          manager.create(
              weights.values(spec.name()),
              new Shape(spec.shape().stream().mapToLong(Integer::longValue).toArray())));
    }
    initialize(
        manager,
        DataType.FLOAT32,
        new Shape(1, config.inputColour().channels(), 32, 32),
        new Shape(1, config.organs().size()));
  }

  /** Returns the network's parameters by their stable names. */
  public Map<String, Parameter> namedParameters() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    collect(this, "", named);
    return named;
  }

  /** Returns a copy of the parameters' present values. */
  public Weights weights() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    Map<String, Parameter> named = namedParameters();
    for (ParameterSpec spec : ParameterCatalogue.of(config).all()) {
      tensors.put(
          spec.name(),
          new WeightTensor(spec.shape(), named.get(spec.name()).getArray().toFloatArray()));
    }
    return new Weights(config, tensors);
  }

  private static void collect(Block block, String prefix, Map<String, Parameter> named) {
    for (Pair<String, Parameter> parameter : block.getDirectParameters()) {
      named.put(prefix + parameter.getKey(), parameter.getValue());
    }
    for (Pair<String, Block> child : block.getChildren()) {
      // DJL puts the child's two-digit position before its name; files must not depend on it.
      String name = child.getKey().substring(2);
      boolean ownLayer = child.getValue() instanceof Conv2d && name.equals("conv");
      collect(child.getValue(), ownLayer ? prefix : prefix + name + ".", named);
    }
  }

  private static Conv2d head() {
    return Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(1).build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray organs = inputs.size() > 1 ? inputs.get(1) : null;
    NDList maps = encode(store, stem(store, inputs.get(0), training), organs, training);
    return decode(store, maps, organs, training);
  }

  /**
   * The first part of a forward pass: what the first stage yields before it is conditioned, which
   * depends on the image alone. In a network for fine-tuning nothing in it moves, so that it is the
   * same for all organs and in every step.
   *
   * @param images (N, C, H, W)
   * @return the maps (N, width, H, W) and, with squeeze-and-excitation, their scale (N, width)
   */
  public NDList stem(ParameterStore store, NDArray images, boolean training) {
    return stages.get(StageName.ENCODER_0).extract(store, images, training);
  }

  /**
   * The second part of a forward pass.
   *
   * @param stem as {@link #stem} gives it
   * @param organs one-hot rows (N, organs); unused without FiLM
   * @return the maps of the encoder's stages, the deepest last
   */
  public NDList encode(ParameterStore store, NDList stem, NDArray organs, boolean training) {
    NDArray organ = embed(store, organs, training);
    NDArray x = stages.get(StageName.ENCODER_0).condition(store, stem, organ, training);
    NDList maps = new NDList(x);
    for (StageName name : StageName.values()) {
      if (name.encoder() && name != StageName.ENCODER_0) {
        x = Pool.maxPool2d(x, TWO, TWO, new Shape(0, 0), false);
        x = stages.get(name).forward(store, inputs(x, organ), training).head();
        maps.add(x);
      }
    }
    return maps;
  }

  /**
   * The last part of a forward pass.
   *
   * @param maps as {@link #encode} gives them
   * @param organs one-hot rows (N, organs); unused without FiLM
   * @return what the network gives
   */
  public NDList decode(ParameterStore store, NDList maps, NDArray organs, boolean training) {
    NDArray organ = embed(store, organs, training);
    int skip = maps.size() - 1;
    NDArray x = maps.get(skip);
    for (StageName name : StageName.values()) {
      if (!name.encoder()) {
        x = ups.get(name).forward(store, new NDList(x), training).head();
        x = NDArrays.concat(new NDList(maps.get(--skip), x), 1);
        x = stages.get(name).forward(store, inputs(x, organ), training).head();
      }
    }
    NDList outputs = new NDList(maskHead.forward(store, new NDList(x), training).head());
    if (training && edgeHead != null) {
      outputs.add(edgeHead.forward(store, new NDList(x), training).head());
    }
    return outputs;
  }

  /** Returns the organs' embeddings (N, d), null without FiLM. */
  private NDArray embed(ParameterStore store, NDArray organs, boolean training) {
    return embedding == null ? null : embedding.forward(store, new NDList(organs), training).head();
  }

  private static NDList inputs(NDArray x, NDArray organ) {
    return organ == null ? new NDList(x) : new NDList(x, organ);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape in = inputs[0];
    return new Shape[] {new Shape(in.get(0), 1, in.get(2), in.get(3))};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape embedded = new Shape(inputs[0].get(0), config.embeddingSize());
    if (embedding != null) {
      embedding.initialize(manager, type, inputs[1]);
    }
    Shape x = inputs[0];
    List<Shape> skips = new ArrayList<>();
    for (StageName name : StageName.values()) {
      if (name.encoder() && name != StageName.ENCODER_0) {
        skips.add(x);
        x = new Shape(x.get(0), x.get(1), x.get(2) / 2, x.get(3) / 2);
      } else if (!name.encoder()) {
        ups.get(name).initialize(manager, type, x);
        Shape skip = skips.remove(skips.size() - 1);
        x = new Shape(x.get(0), 2 * skip.get(1), skip.get(2), skip.get(3));
      }
      stages.get(name).initialize(manager, type, x, embedded);
      x = new Shape(x.get(0), config.channels(name), x.get(2), x.get(3));
    }
    maskHead.initialize(manager, type, x);
    if (edgeHead != null) {
      edgeHead.initialize(manager, type, x);
    }
  }
}
