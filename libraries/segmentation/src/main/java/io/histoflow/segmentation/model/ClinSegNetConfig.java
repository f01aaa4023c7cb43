package io.histoflow.segmentation.model;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.datasets.OrganName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The shape of a ClinSegNet: everything that decides which parameters it has.
 *
 * @param width channels of the first stage, a multiple of 4 in 4..128; the paper's network has 64,
 *     the light model fewer
 * @param organs organs with an embedding of their own, in the order of the embedding's rows; index
 *     0 is always {@value #UNKNOWN}; lower case, at most {@value #MAX_ORGANS}
 * @param embeddingSize length d of an organ's embedding, 1..1024; the paper's best is 32
 * @param squeezeExcitation whether every stage re-weights its channels
 * @param film whether every stage is modulated by the organ's embedding
 * @param edgeHead whether the network has the edge head that guides training
 * @param inputColour what the network sees of a tile's colours
 */
public record ClinSegNetConfig(
    int width,
    List<String> organs,
    int embeddingSize,
    boolean squeezeExcitation,
    boolean film,
    boolean edgeHead,
    InputColour inputColour)
    implements Architecture {

  /** The name under which weights files know the architecture. */
  public static final String NAME = "ClinSegNet";

  private static final JsonMapper JSON = new JsonMapper();

  /** The organ whose embedding stands for every organ that the model was not trained on. */
  public static final String UNKNOWN = OrganName.UNKNOWN;

  /** The most organs a model can tell apart. */
  public static final int MAX_ORGANS = 256;

  /** The longest name of an organ, in characters. */
  public static final int MAX_ORGAN_LENGTH = 100;

  /** Sides of an input image are multiples of this: three halvings. */
  public static final int SIDE_MULTIPLE = 8;

  /** Checks every field. */
  public ClinSegNetConfig {
    organs = List.copyOf(organs);
    require(
        width >= 4 && width <= 128 && width % 4 == 0,
        "width must be a multiple of 4 in 4..128, not " + width);
    require(
        embeddingSize >= 1 && embeddingSize <= 1024,
        "embedding size must be in 1..1024, not " + embeddingSize);
    require(
        !organs.isEmpty() && organs.get(0).equals(UNKNOWN),
        "the first organ must be '" + UNKNOWN + "'");
    require(
        organs.size() <= MAX_ORGANS,
        "a model tells at most " + MAX_ORGANS + " organs apart, not " + organs.size());
    require(new HashSet<>(organs).size() == organs.size(), "an organ is named twice");
    for (String organ : organs) {
      require(
          !organ.isEmpty()
              && organ.length() <= MAX_ORGAN_LENGTH
              && organ.equals(OrganName.of(organ)),
          "the organ's name '" + organ + "' must be lower case, trimmed and not empty");
    }
  }

  /** Returns the network of the paper at the given width for the given organs. */
  public static ClinSegNetConfig standard(int width, List<String> organs) {
    return new ClinSegNetConfig(
        width, withUnknownFirst(organs), 32, true, true, true, InputColour.RGB);
  }

  /**
   * Reads the options of a weights file.
   *
   * @throws IllegalArgumentException where they describe no network that can be built
   */
  public static ClinSegNetConfig of(ArchitectureOptions options) {
    return new ClinSegNetConfig(
        options.number("width"),
        organs(options.text("organs")),
        options.number("embeddingSize"),
        options.flag("squeezeExcitation"),
        options.flag("film"),
        options.flag("edgeHead"),
        options.colour());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("width", Integer.toString(width));
    texts.put("organs", JSON.valueToTree(organs).toString());
    texts.put("embeddingSize", Integer.toString(embeddingSize));
    texts.put("squeezeExcitation", Boolean.toString(squeezeExcitation));
    texts.put("film", Boolean.toString(film));
    texts.put("edgeHead", Boolean.toString(edgeHead));
    texts.put(ArchitectureOptions.COLOUR, inputColour.name());
    return texts;
  }

  @Override
  public int sideMultiple() {
    return SIDE_MULTIPLE;
  }

  @Override
  public List<ParameterSpec> parameters() {
    return ClinSegNetParameters.of(this);
  }

  @Override
  public long multiplyAdds(int tileSide) {
    long sum = 0;
    int side = tileSide;
    int in = inputColour.channels();
    for (StageName stage : StageName.values()) {
      int out = channels(stage);
      if (!stage.encoder()) {
        sum += convolution(side, 1, in, 4 * out);
        side *= 2;
        in = 2 * out;
      } else if (stage != StageName.ENCODER_0) {
        side /= 2;
      }
      sum += convolution(side, 3, in, out) + convolution(side, 3, out, out);
      if (squeezeExcitation) {
        sum += 2L * out * ClinSegNetParameters.hiddenUnits(out);
      }
      if (film) {
        sum += 2L * out * embeddingSize;
      }
      in = out;
    }
    return sum + convolution(side, 1, in, 1);
  }

  @Override
  public Network open(Weights weights, NDManager manager, Predicate<ParameterGroup> statistics) {
    return new ClinSegNet(this, weights, manager, statistics);
  }

  @Override
  public Optional<ClinSegNetConfig> stages() {
    return Optional.of(this);
  }

  /** Returns the same network with more organs, appended in the given order. */
  public ClinSegNetConfig withMoreOrgans(List<String> more) {
    List<String> all = new ArrayList<>(organs);
    all.addAll(more);
    return new ClinSegNetConfig(
        width, all, embeddingSize, squeezeExcitation, film, edgeHead, inputColour);
  }

  /** Returns the number of channels that the stage puts out. */
  public int channels(StageName stage) {
    return width * stage.widthFactor();
  }

  private static long convolution(int side, int kernel, int in, int out) {
    return (long) side * side * kernel * kernel * in * out;
  }

  private static List<String> organs(String json) {
    try {
      return JSON.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<String> withUnknownFirst(List<String> organs) {
    List<String> all = new ArrayList<>();
    all.add(UNKNOWN);
    organs.stream()
        .map(OrganName::of)
        .filter(organ -> !organ.equals(UNKNOWN))
        .distinct()
        .sorted()
        .forEach(all::add);
    return all;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
