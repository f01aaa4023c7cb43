package io.histoflow.topology.reports;

import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * How far the report of one slide is.
 *
 * @param organ organ of the slide: the manifest's, or the first tile's until it comes
 * @param expected tiles in the manifest; -1 until it comes
 * @param seen distinct tiles segmented
 * @param revision number of the last report; 0 before the first
 * @param complete whether the last report was complete
 * @param grid where the manifest says that tiles lie
 * @param micronsPerPixel of the manifest; NaN where not known
 * @param history the versions of the weights that segmented the slide's tiles
 */
record SlideState(
    String organ,
    int expected,
    int seen,
    int revision,
    boolean complete,
    SlideGrid grid,
    double micronsPerPixel,
    ModelHistory history) {
  private static final int NO_MANIFEST = -1;
  private static final int FORMAT = 2;

  static final SlideState EMPTY =
      new SlideState("", NO_MANIFEST, 0, 0, false, SlideGrid.NONE, Double.NaN, ModelHistory.EMPTY);

  boolean hasManifest() {
    return expected != NO_MANIFEST;
  }

  /** Says whether every tile of the manifest is in. */
  boolean isWhole() {
    return hasManifest() && seen >= expected;
  }

  /** Returns how many tiles of the manifest are not in; 0 without a manifest. */
  int missing() {
    return hasManifest() ? Math.max(0, expected - seen) : 0;
  }

  boolean isReported() {
    return revision > 0;
  }

  SlideState withManifest(SlideScanned manifest) {
    Double microns = manifest.getMicronsPerPixel();
    return new SlideState(
        OrganName.of(manifest.getOrgan()),
        manifest.getTileCount(),
        seen,
        revision,
        complete,
        SlideGrid.of(manifest),
        microns == null ? Double.NaN : microns,
        history);
  }

  SlideState withTile(String tileOrgan) {
    return new SlideState(
        organ.isEmpty() ? OrganName.of(tileOrgan) : organ,
        expected,
        seen + 1,
        revision,
        complete,
        grid,
        micronsPerPixel,
        history);
  }

  /** Takes note of a result by a version of the weights. */
  SlideState withResult(long modelVersion, long segmentedAt) {
    ModelHistory next = history.with(modelVersion, segmentedAt);
    return new SlideState(organ, expected, seen, revision, complete, grid, micronsPerPixel, next);
  }

  SlideState afterReport() {
    return new SlideState(
        organ, expected, seen, revision + 1, isWhole(), grid, micronsPerPixel, history);
  }

  static Serde<SlideState> serde() {
    return new StateSerde<>("slides", FORMAT, SlideState::write, SlideState::read);
  }

  private static void write(SlideState slide, DataOutput out) throws IOException {
    out.writeUTF(slide.organ);
    out.writeInt(slide.expected);
    out.writeInt(slide.seen);
    out.writeInt(slide.revision);
    out.writeBoolean(slide.complete);
    out.writeInt(slide.grid.width());
    out.writeInt(slide.grid.height());
    out.writeInt(slide.grid.tileSize());
    out.writeInt(slide.grid.overlap());
    out.writeDouble(slide.micronsPerPixel);
    slide.history.write(out);
  }

  private static SlideState read(DataInput in, int format) throws IOException {
    String organ = in.readUTF();
    int expected = in.readInt();
    int seen = in.readInt();
    int revision = in.readInt();
    boolean complete = in.readBoolean();
    if (format < FORMAT) {
      return new SlideState(
          organ,
          expected,
          seen,
          revision,
          complete,
          SlideGrid.NONE,
          Double.NaN,
          ModelHistory.EMPTY);
    }
    return new SlideState(
        organ,
        expected,
        seen,
        revision,
        complete,
        new SlideGrid(in.readInt(), in.readInt(), in.readInt(), in.readInt()),
        in.readDouble(),
        ModelHistory.read(in));
  }
}
