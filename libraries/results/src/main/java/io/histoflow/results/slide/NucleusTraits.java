package io.histoflow.results.slide;

import io.histoflow.results.outlines.ObjectSweep;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What is summed up over the pixels of a nucleus; belongs to one thread. */
final class NucleusTraits implements ObjectSweep.Traits<NucleusTraits> {
  private static final double WHITE = 255;

  private final List<TileOrigin> origins = new ArrayList<>(1);
  private long entropy;
  private long entropyPixels;

  /** Takes in pixels of a tile; each of them has an entropy of 0 to 255. */
  void addEntropy(long sum, int pixels) {
    entropy += sum;
    entropyPixels += pixels;
  }

  void addOrigin(TileOrigin origin) {
    if (!origins.contains(origin)) {
      origins.add(origin);
    }
  }

  void clear() {
    origins.clear();
    entropy = 0;
    entropyPixels = 0;
  }

  @Override
  public void add(NucleusTraits other) {
    other.origins.forEach(this::addOrigin);
    entropy += other.entropy;
    entropyPixels += other.entropyPixels;
  }

  List<TileOrigin> origins() {
    return List.copyOf(origins);
  }

  OptionalDouble meanEntropy() {
    return entropyPixels == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(entropy / WHITE / entropyPixels);
  }
}
