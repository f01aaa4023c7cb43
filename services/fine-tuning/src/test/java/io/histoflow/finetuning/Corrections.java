package io.histoflow.finetuning;

import java.time.Instant;

/** Corrections for tests whose images nobody looks at. */
final class Corrections {
  private Corrections() {}

  static Correction of(String tileId, int partition, long offset) {
    return of(tileId, partition, offset, Instant.EPOCH, 100);
  }

  static Correction of(
      String tileId, int partition, long offset, Instant publishedAt, int imageBytes) {
    return of(tileId, "kidney", partition, offset, publishedAt, imageBytes);
  }

  static Correction of(
      String tileId,
      String organ,
      int partition,
      long offset,
      Instant publishedAt,
      int imageBytes) {
    return new Correction(
        tileId, organ, new byte[imageBytes], new byte[0], partition, offset, publishedAt);
  }
}
