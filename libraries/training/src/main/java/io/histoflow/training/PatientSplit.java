package io.histoflow.training;

import io.histoflow.datasets.LabelledTile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A data set in two parts with no patient in both.
 *
 * @param training tiles to train on
 * @param validation tiles held out
 */
public record PatientSplit(List<LabelledTile> training, List<LabelledTile> validation) {

  /** Copies the lists. */
  public PatientSplit {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * Holds out whole patients of every organ, drawn at random, until the share of the organ's images
   * is reached, but never an organ's last patient.
   *
   * @param share of the images to hold out, 0 up to below 1
   * @param seed the same tiles and seed give the same split
   */
  public static PatientSplit of(List<LabelledTile> tiles, double share, long seed) {
    Set<String> heldOut = new HashSet<>();
    Random random = new Random(seed);
    imagesByOrgan(tiles)
        .forEach((organ, patients) -> heldOut.addAll(draw(patients, share, random)));
    return holdingOut(tiles, heldOut::contains);
  }

  /**
   * Cuts a data set into folds for cross-validation: every image is held out in exactly one fold,
   * all images of a patient in the same one, and the images of each organ are spread over the folds
   * as evenly as its patients allow.
   *
   * @param count of folds, 2 or more
   * @param seed the same tiles and seed give the same folds
   */
  public static List<PatientSplit> folds(List<LabelledTile> tiles, int count, long seed) {
    if (count < 2) {
      throw new IllegalArgumentException("cross-validation needs at least 2 folds, not " + count);
    }
    Map<String, Map<String, Integer>> imagesByOrgan = imagesByOrgan(tiles);
    Map<String, Integer> foldOf = new HashMap<>();
    int[] total = new int[count];
    Random random = new Random(seed);
    for (Map<String, Integer> patients : imagesByOrgan.values()) {
      List<String> order = new ArrayList<>(patients.keySet());
      Collections.shuffle(order, random);
      // The patients with most images first: they are the hardest to place evenly.
      order.sort(Comparator.comparing(patients::get, Comparator.reverseOrder()));
      int[] own = new int[count];
      for (String patient : order) {
        int images = patients.get(patient);
        int fold =
            foldOf.computeIfAbsent(
                patient,
                p ->
                    IntStream.range(0, count)
                        .boxed()
                        .min(
                            Comparator.<Integer>comparingInt(f -> own[f])
                                .thenComparingInt(f -> total[f]))
                        .orElseThrow());
        own[fold] += images;
        total[fold] += images;
      }
    }
    return IntStream.range(0, count)
        .mapToObj(fold -> holdingOut(tiles, patient -> foldOf.get(patient) == fold))
        .toList();
  }

  private static Map<String, Map<String, Integer>> imagesByOrgan(List<LabelledTile> tiles) {
    Map<String, Map<String, Integer>> imagesByOrgan = new TreeMap<>();
    for (LabelledTile tile : tiles) {
      imagesByOrgan
          .computeIfAbsent(tile.organ(), organ -> new TreeMap<>())
          .merge(tile.patient(), 1, Integer::sum);
    }
    return imagesByOrgan;
  }

  /** Holds out the patients that are named. */
  static PatientSplit holdingOut(List<LabelledTile> tiles, Predicate<String> heldOut) {
    Map<Boolean, List<LabelledTile>> parts =
        tiles.stream().collect(Collectors.partitioningBy(tile -> heldOut.test(tile.patient())));
    return new PatientSplit(parts.get(false), parts.get(true));
  }

  private static Set<String> draw(Map<String, Integer> patients, double share, Random random) {
    double wanted = share * patients.values().stream().mapToInt(Integer::intValue).sum();
    List<String> order = new ArrayList<>(patients.keySet());
    Collections.shuffle(order, random);
    Set<String> drawn = new HashSet<>();
    int images = 0;
    for (String patient : order.subList(0, order.size() - 1)) {
      if (images < wanted) {
        drawn.add(patient);
        images += patients.get(patient);
      }
    }
    return drawn;
  }
}
