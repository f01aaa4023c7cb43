package io.histoflow.results.slide;

import io.histoflow.results.outlines.PixelSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A connected object of a slide's mask. The mask tells tissue from nucleus, not one nucleus from
 * another: those that touch are one object.
 *
 * @param id the same from export to export
 * @param pixels on the slide's canvas
 * @param meanEntropy of its pixels, 0..1 bit; empty where the tiles have no entropy maps
 * @param origins of the tiles that it lies on, one or more
 */
public record Nucleus(
    UUID id, PixelSet pixels, OptionalDouble meanEntropy, List<TileOrigin> origins) {

  /** Returns its organ; where tiles differ all of them, joined by plus signs. */
  public String organ() {
    return joined(TileOrigin::organ);
  }

  /** Returns the model; where tiles differ all of them, joined by plus signs. */
  public String modelId() {
    return joined(TileOrigin::modelId);
  }

  /** Returns the version of the weights, the newest where tiles differ. */
  public long modelVersion() {
    return origins.stream().map(TileOrigin::modelVersion).max(Comparator.naturalOrder()).orElse(0L);
  }

  /** Returns what readers say: a word, or several joined by plus signs. */
  public String verdict() {
    return joined(origin -> origin.judgement().word());
  }

  private String joined(Function<TileOrigin, String> part) {
    return origins.stream().map(part).distinct().sorted().collect(Collectors.joining("+"));
  }
}
