package io.histoflow.weights;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a network says of fixed tiles: synthetic tissue for each organ that it is asked about, and
 * empty glass. Weights whose answers are no numbers, or have next to nothing in common with those
 * of weights that are known to work, are broken, whatever they claim. Good weights differ from one
 * another by far less than the bounds here; how good they are is the gate's affair.
 */
public final class ProbeAnswers {
  private static final long SEED = 17;
  private static final int EDGE = 96;

  /** Less than this of all tissue pixels is too little to compare with. */
  private static final double LEAST_SHARE = 0.005;

  /** As {@link #LEAST_SHARE}, of the one tile of an organ. */
  private static final double LEAST_ORGAN_SHARE = 0.02;

  private static final double NEXT_TO_NOTHING = 0.05;
  private static final double NEARLY_EVERYTHING = 0.95;
  private static final double PLENTY = 0.8;
  private static final double LEAST_DICE = 0.15;
  private static final double GLASS_FOUND = 0.5;
  private static final double GLASS_CLEAN = 0.1;

  private final List<String> organs;
  private final List<Segmentation> tissue;
  private final Segmentation glass;

  private ProbeAnswers(List<String> organs, List<Segmentation> tissue, Segmentation glass) {
    this.organs = organs;
    this.tissue = tissue;
    this.glass = glass;
  }

  /**
   * Asks a network.
   *
   * @param organs the organs to ask about: those that the weights in question tell apart
   */
  public static ProbeAnswers of(TileNetwork network, List<String> organs) {
    List<SegmentationInput> tiles = new ArrayList<>();
    Rescaling scale = scale(network.checkpoint().resolution());
    SyntheticTissue drawn = new SyntheticTissue(SEED);
    List<String> looks = SyntheticTissue.organs();
    for (int i = 0; i < organs.size(); i++) {
      RgbImage image = drawn.tile(looks.get(i % looks.size()), i, EDGE).image();
      tiles.add(new SegmentationInput(scale.toModel(image), organs.get(i)));
    }
    tiles.add(new SegmentationInput(glass(), organs.get(0)));
    List<Segmentation> answers = network.segment(tiles);
    return new ProbeAnswers(
        List.copyOf(organs), answers.subList(0, organs.size()), answers.get(organs.size()));
  }

  /**
   * Says why the network cannot be right.
   *
   * @param known answers, about the same organs, of weights that are known to work
   * @return half a sentence, of the weights; empty where nothing speaks against them
   */
  public Optional<String> whyImplausible(ProbeAnswers known) {
    for (int i = 0; i < organs.size(); i++) {
      if (!areProbabilities(tissue.get(i))) {
        return Optional.of("on a tile of " + organs.get(i) + " they give no probabilities");
      }
    }
    if (!areProbabilities(glass)) {
      return Optional.of("on empty glass they give no probabilities");
    }
    Overlap all = Overlap.of(tissue, known.tissue);
    if (all.known() < LEAST_SHARE) {
      return Optional.empty(); // weights that find nothing say nothing of others
    }
    return whyImplausibleOverall(all)
        .or(() -> whyImplausibleForAnOrgan(known))
        .or(() -> whyImplausibleOnGlass(known));
  }

  /** Tells whether the network finds enough for others to be compared with it. */
  public boolean findsSomething() {
    return Overlap.of(tissue, tissue).known() >= LEAST_SHARE;
  }

  private static Optional<String> whyImplausibleOverall(Overlap all) {
    if (all.found() < NEXT_TO_NOTHING * all.known()) {
      return Optional.of(
          "on tissue they find next to nothing: %s of the pixels, where %s are known"
              .formatted(percent(all.found()), percent(all.known())));
    }
    if (all.found() > NEARLY_EVERYTHING && all.known() < PLENTY) {
      return Optional.of(
          "on tissue they call nearly everything positive: %s of the pixels, where %s are known"
              .formatted(percent(all.found()), percent(all.known())));
    }
    if (all.known() < PLENTY && all.dice() < LEAST_DICE) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "on tissue their masks have next to nothing in common with known ones (Dice %.3f)",
              all.dice()));
    }
    return Optional.empty();
  }

  private Optional<String> whyImplausibleForAnOrgan(ProbeAnswers known) {
    for (int i = 0; i < organs.size(); i++) {
      Overlap one = Overlap.of(tissue.subList(i, i + 1), known.tissue.subList(i, i + 1));
      if (one.known() < LEAST_ORGAN_SHARE) {
        continue;
      }
      if (one.found() == 0) {
        return Optional.of(
            "on a tile of %s they find nothing, where %s of the pixels are known"
                .formatted(organs.get(i), percent(one.known())));
      }
      if (one.found() > NEARLY_EVERYTHING && one.known() < PLENTY) {
        return Optional.of(
            "on a tile of %s they call nearly everything positive, where %s of the pixels are known"
                .formatted(organs.get(i), percent(one.known())));
      }
    }
    return Optional.empty();
  }

  private Optional<String> whyImplausibleOnGlass(ProbeAnswers known) {
    double found = glass.positiveFraction();
    return found > GLASS_FOUND && known.glass.positiveFraction() < GLASS_CLEAN
        ? Optional.of("they call %s of empty glass positive".formatted(percent(found)))
        : Optional.empty();
  }

  /** A model too far from what can be drawn is asked about it as it is. */
  private static Rescaling scale(ModelResolution model) {
    OptionalDouble drawn = OptionalDouble.of(SyntheticTissue.MICRONS_PER_PIXEL);
    return model.fault(drawn).isPresent() ? Rescaling.NONE : model.of(drawn);
  }

  private static boolean areProbabilities(Segmentation answer) {
    for (float p : answer.probabilities()) {
      if (!(p >= 0 && p <= 1)) {
        return false;
      }
    }
    return true;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static RgbImage glass() {
    byte[] rgb = new byte[3 * EDGE * EDGE];
    Arrays.fill(rgb, (byte) 0xF2);
    return RgbImage.of(EDGE, EDGE, rgb);
  }

  /**
   * How two networks' masks lie on each other.
   *
   * @param found share of positive pixels of the one, 0..1
   * @param known share of positive pixels of the other, 0..1
   * @param dice their Dice coefficient, 0..1; 1 where both are empty
   */
  private record Overlap(double found, double known, double dice) {

    static Overlap of(List<Segmentation> ones, List<Segmentation> others) {
      long found = 0;
      long known = 0;
      long both = 0;
      long pixels = 0;
      for (int i = 0; i < ones.size(); i++) {
        byte[] one = ones.get(i).mask().values();
        byte[] other = others.get(i).mask().values();
        pixels += one.length;
        for (int p = 0; p < one.length; p++) {
          found += one[p];
          known += other[p];
          both += one[p] & other[p];
        }
      }
      double dice = found + known == 0 ? 1 : 2.0 * both / (found + known);
      return new Overlap((double) found / pixels, (double) known / pixels, dice);
    }
  }
}
