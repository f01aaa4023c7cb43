package io.histoflow.finetuning;

import io.histoflow.weights.WeightsVerifier;
import java.util.HashSet;
import java.util.Set;

/**
 * Which version comes next. Numbers that were given out count up; one that lies far beyond those
 * before it was not given out here, so that it is left alone and nothing is counted on from it. No
 * number that anybody used is given out again.
 */
final class VersionNumbers {
  /** More versions than anybody withdraws from the topics between two that stay. */
  private static final long FARTHEST_STEP = 1_000;

  private final Set<Long> used = new HashSet<>();
  private long highest;

  /** Takes in a number that somebody used. */
  void use(long version) {
    if (!WeightsVerifier.isVersion(version)) {
      return;
    }
    used.add(version);
    if (version > highest && version - highest <= FARTHEST_STEP) {
      highest = version;
    }
  }

  /** Returns the next number, 1 or more. */
  long next() {
    long next = highest + 1;
    while (used.contains(next)) {
      next++;
    }
    return next;
  }
}
