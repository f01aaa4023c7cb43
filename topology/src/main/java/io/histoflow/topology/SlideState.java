package io.histoflow.topology;

import org.apache.kafka.common.serialization.Serde;

/**
 * How far the report of one slide is.
 *
 * @param organ organ of the slide: the manifest's, or the first tile's until it comes
 * @param expected tiles in the manifest; -1 until it comes
 * @param seen distinct tiles segmented
 * @param revision number of the last report; 0 before the first
 * @param complete whether the last report was complete
 */
record SlideState(String organ, int expected, int seen, int revision, boolean complete) {
  private static final int NO_MANIFEST = -1;

  static final SlideState EMPTY = new SlideState("", NO_MANIFEST, 0, 0, false);

  boolean hasManifest() {
    return expected != NO_MANIFEST;
  }

  /** Says whether every tile of the manifest is in. */
  boolean isWhole() {
    return hasManifest() && seen >= expected;
  }

  boolean isReported() {
    return revision > 0;
  }

  SlideState withManifest(String manifestOrgan, int tileCount) {
    return new SlideState(manifestOrgan, tileCount, seen, revision, complete);
  }

  SlideState withTile(String tileOrgan) {
    return new SlideState(
        organ.isEmpty() ? tileOrgan : organ, expected, seen + 1, revision, complete);
  }

  SlideState afterReport() {
    return new SlideState(organ, expected, seen, revision + 1, isWhole());
  }

  static Serde<SlideState> serde() {
    return new StateSerde<>(
        "slides",
        (slide, out) -> {
          out.writeUTF(slide.organ);
          out.writeInt(slide.expected);
          out.writeInt(slide.seen);
          out.writeInt(slide.revision);
          out.writeBoolean(slide.complete);
        },
        in ->
            new SlideState(
                in.readUTF(), in.readInt(), in.readInt(), in.readInt(), in.readBoolean()));
  }
}
