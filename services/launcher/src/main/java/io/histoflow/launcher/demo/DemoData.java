package io.histoflow.launcher.demo;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.Sample;
import io.histoflow.imaging.TileGrid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The images of a demo.
 *
 * @param samples all images, each scanned as a slide of its own
 * @param heldOut the images whose tiles are never corrected, about half of each organ, by patient
 */
record DemoData(List<Sample> samples, Set<Sample> heldOut) {
  DemoData {
    samples = List.copyOf(samples);
    heldOut = Set.copyOf(heldOut);
  }

  /**
   * Chooses images.
   *
   * @param dataset where from
   * @param tiles stop once this many tiles of 256 pixels are reached, organ after organ in turn;
   *     null takes every image
   */
  static DemoData of(Dataset dataset, Integer tiles) {
    List<Sample> samples = tiles == null ? dataset.samples() : inTurn(dataset.samples(), tiles);
    return new DemoData(samples, HeldOutSplit.choose(samples, Sample::organ, Sample::patient));
  }

  /** Number of organs. */
  long organs() {
    return samples.stream().map(Sample::organ).distinct().count();
  }

  /** The truth of the images that may be corrected. */
  GroundTruth reviewable() {
    return new GroundTruth(
        samples.stream()
            .filter(sample -> !heldOut.contains(sample))
            .collect(Collectors.toMap(DemoScan::slideId, Function.identity())));
  }

  private static List<Sample> inTurn(List<Sample> samples, int tiles) {
    Map<String, Deque<Sample>> byOrgan = new TreeMap<>();
    samples.forEach(s -> byOrgan.computeIfAbsent(s.organ(), o -> new ArrayDeque<>()).add(s));
    List<Sample> chosen = new ArrayList<>();
    long count = 0;
    while (count < tiles && chosen.size() < samples.size()) {
      for (Deque<Sample> organ : byOrgan.values()) {
        if (count < tiles && !organ.isEmpty()) {
          Sample sample = organ.poll();
          chosen.add(sample);
          count += tilesOf(sample);
        }
      }
    }
    return chosen;
  }

  private static long tilesOf(Sample sample) {
    var image = sample.load().image();
    return new TileGrid(image.width(), image.height(), 256, 0).count();
  }
}
