package io.histoflow.segmentation.model;

import io.histoflow.datasets.OrganName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

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
    InputColour inputColour) {

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

  /** Returns the row of the organ's embedding, 0 (unknown) where the model does not know it. */
  public int indexOf(String organ) {
    return Math.max(0, organs.indexOf(OrganName.of(organ)));
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
