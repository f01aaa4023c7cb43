package io.histoflow.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The mean of differences measured on the same images, with a 95 % interval.
 *
 * @param mean over the images
 * @param low 2.5 % point of the bootstrap
 * @param high 97.5 % point of the bootstrap
 * @param images with a defined difference
 * @param patients that they come from
 */
public record PairedDifference(double mean, double low, double high, int images, int patients) {

  private static final int ROUNDS = 2000;

  /**
   * Estimates it by the percentiles of a bootstrap over patients (Efron, 1979): images of one
   * patient are no independent witnesses, so they are drawn together.
   *
   * @param differences one an image; NaN is left out
   * @param patients whose image it is, in the same order
   * @param seed the same values and seed give the same interval
   */
  public static PairedDifference of(List<Double> differences, List<String> patients, long seed) {
    Map<String, List<Double>> byPatient = new LinkedHashMap<>();
    for (int i = 0; i < differences.size(); i++) {
      if (!Double.isNaN(differences.get(i))) {
        byPatient
            .computeIfAbsent(patients.get(i), patient -> new ArrayList<>())
            .add(differences.get(i));
      }
    }
    List<List<Double>> groups = new ArrayList<>(byPatient.values());
    int images = groups.stream().mapToInt(List::size).sum();
    if (images == 0) {
      return new PairedDifference(Double.NaN, Double.NaN, Double.NaN, 0, 0);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double sum = 0;
      int count = 0;
      for (int draw = 0; draw < groups.size(); draw++) {
        List<Double> group = groups.get(random.nextInt(groups.size()));
        sum += group.stream().mapToDouble(Double::doubleValue).sum();
        count += group.size();
      }
      means[round] = sum / count;
    }
    Arrays.sort(means);
    double mean =
        groups.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sum() / images;
    return new PairedDifference(
        mean,
        means[(int) (0.025 * ROUNDS)],
        means[(int) (0.975 * ROUNDS) - 1],
        images,
        groups.size());
  }
}
