package io.histoflow.finetuning;

import io.histoflow.imaging.resolution.Rescaling;
import java.time.Instant;
import java.util.OptionalDouble;

/** Corrections for tests whose images nobody looks at. */
final class Corrections {
  private Corrections() {}

  static Correction of(String tileId, int partition, long offset) {
    return of(tileId, partition, offset, Instant.EPOCH);
  }

  static Correction of(String tileId, int partition, long offset, Instant publishedAt) {
    return of(tileId, "kidney", partition, offset, publishedAt);
  }

  static Correction of(
      String tileId, String organ, int partition, long offset, Instant publishedAt) {
    return new Correction(
        tileId,
        organ,
        64,
        64,
        OptionalDouble.empty(),
        Rescaling.NONE,
        100,
        partition,
        offset,
        publishedAt,
        false);
  }
}
