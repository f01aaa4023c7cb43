package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.segmentation.checkpoint.Safetensors;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that a network is trained on.
 *
 * @param sets data sets, at least one
 * @param licence under which weights that learned from them may be used, for people
 */
public record TrainingData(List<TrainingSet> sets, String licence) {

  /** Checks every field. */
  public TrainingData {
    sets = List.copyOf(sets);
    Objects.requireNonNull(licence, "licence");
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("training needs at least one data set");
    }
  }

  /** Makes data of one set. */
  public static TrainingData of(String name, List<LabelledTile> tiles, String licence) {
    return new TrainingData(List.of(new TrainingSet(name, tiles, 1)), licence);
  }

  /** Returns the tiles of all sets. */
  public List<LabelledTile> tiles() {
    return sets.stream().flatMap(set -> set.tiles().stream()).toList();
  }

  /**
   * Returns the organs that get an embedding of their own: of one set all, of several those that
   * two of them show. What one laboratory alone shows of an organ is how that laboratory's slides
   * look, and conditioned on it the network misses more of the same organ elsewhere.
   */
  public Set<String> organs() {
    Map<String, Long> shownBy =
        sets.stream()
            .flatMap(set -> set.tiles().stream().map(LabelledTile::organ).distinct())
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    if (sets.size() > 1) {
      shownBy.values().removeIf(count -> count < 2);
    }
    return shownBy.keySet();
  }

  /** Returns the sets' names, for people. */
  public String about() {
    return sets.stream().map(TrainingSet::name).collect(Collectors.joining(", "));
  }

  /**
   * Returns the name of the set that a tile is of.
   *
   * @throws IllegalArgumentException where it is of none
   */
  public String setOf(LabelledTile tile) {
    return sets.stream()
        .filter(set -> set.tiles().contains(tile))
        .map(TrainingSet::name)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the image " + tile.id() + " is of none of the data sets"));
  }

  /**
   * Holds out patients of every organ of every set, as {@link PatientSplit#of} does for one; a
   * patient of two sets is held out in both.
   *
   * @param share of the images to hold out, 0 up to below 1
   * @param seed the same data and seed give the same split
   */
  public PatientSplit split(double share, long seed) {
    Set<String> heldOut =
        sets.stream()
            .flatMap(set -> PatientSplit.of(set.tiles(), share, seed).validation().stream())
            .map(LabelledTile::patient)
            .collect(Collectors.toSet());
    return PatientSplit.holdingOut(tiles(), heldOut::contains);
  }

  /** Returns a draw from some of the tiles that respects the sets' weights. */
  TileDraw draw(List<LabelledTile> tiles) {
    IdentityHashMap<LabelledTile, Double> weights = new IdentityHashMap<>();
    sets.forEach(set -> set.tiles().forEach(tile -> weights.put(tile, set.weight())));
    return new TileDraw(tiles, weights::get);
  }

  /**
   * Returns what tells these data from others: weights, ids, and a digest of all pixels and masks.
   * Not where they lie: the same data in another folder are the same.
   */
  String identity() {
    return sets.stream()
        .map(
            set ->
                set.weight()
                    + set.tiles().stream()
                        .map(TrainingData::identity)
                        .collect(Collectors.joining(",")))
        .collect(Collectors.joining(";"));
  }

  private static String identity(LabelledTile tile) {
    return tile.id()
        + "="
        + Safetensors.sha256(tile.image().rgb())
        + Safetensors.sha256(tile.mask().values())
        + tile.uncertain().map(mask -> Safetensors.sha256(mask.values())).orElse("");
  }
}
