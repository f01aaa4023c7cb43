package io.histoflow.segmentation.training;

import io.histoflow.segmentation.dataset.LabelledTile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

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
    Map<String, Map<String, Integer>> imagesByOrgan = new TreeMap<>();
    for (LabelledTile tile : tiles) {
      imagesByOrgan
          .computeIfAbsent(tile.organ(), organ -> new TreeMap<>())
          .merge(tile.patient(), 1, Integer::sum);
    }
    Set<String> heldOut = new HashSet<>();
    Random random = new Random(seed);
    imagesByOrgan.forEach((organ, patients) -> heldOut.addAll(draw(patients, share, random)));
    List<LabelledTile> training = new ArrayList<>();
    List<LabelledTile> validation = new ArrayList<>();
    tiles.forEach(tile -> (heldOut.contains(tile.patient()) ? validation : training).add(tile));
    return new PatientSplit(training, validation);
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
