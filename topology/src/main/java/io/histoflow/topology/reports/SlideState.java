package io.histoflow.topology.reports;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * How far the report of one slide is.
 *
 * @param manifest what the manifest says; {@link Manifest#NONE} until it comes
 * @param seen distinct tiles of the manifest's scan; 0 until the manifest comes
 * @param revision number of the last report; 0 before the first
 * @param history the versions of the weights that segmented the slide's tiles
 * @param rest whether the slide waits for another manifest, and why
 * @param gone what has left the slide
 * @param changedAt when it last changed, milliseconds since the epoch by the topology's clock; 0
 *     where nothing is kept of it but this
 */
record SlideState(
    Manifest manifest,
    int seen,
    int revision,
    ModelHistory history,
    Rest rest,
    Gone gone,
    long changedAt) {
  static final SlideState EMPTY =
      new SlideState(Manifest.NONE, 0, 0, ModelHistory.EMPTY, Rest.NONE, Gone.NOTHING, 0);

  /**
   * What is used of a manifest.
   *
   * @param known whether it has come
   * @param scan the scan that it counts; {@link SlideTiles#NO_SCAN} where it names none
   * @param organ organ of the slide
   * @param tiles tiles that it counts
   * @param grid where it says that they lie
   * @param glass tiles of the grid that it does not count
   * @param micronsPerPixel NaN where not known
   */
  record Manifest(
      boolean known,
      String scan,
      String organ,
      int tiles,
      SlideGrid grid,
      GlassPlaces glass,
      double micronsPerPixel) {
    static final Manifest NONE =
        new Manifest(
            false, SlideTiles.NO_SCAN, "", 0, SlideGrid.NONE, GlassPlaces.NONE, Double.NaN);

    static Manifest of(SlideScanned manifest) {
      Double microns = manifest.getMicronsPerPixel();
      return new Manifest(
          true,
          manifest.getScanId() == null ? SlideTiles.NO_SCAN : manifest.getScanId(),
          manifest.getOrgan(),
          manifest.getTileCount(),
          SlideGrid.of(manifest),
          GlassPlaces.of(manifest),
          microns == null ? Double.NaN : microns);
    }

    /** Says whether it counts the tiles of a scan. */
    boolean counts(String other) {
      return known && scan.equals(other);
    }
  }

  /** Whether a slide waits for another manifest before it is reported again. */
  enum Rest {
    /** It does not. */
    NONE,
    /** Its tiles are forgotten: what is reported of it stays until a scan comes anew. */
    FORGOTTEN,
    /** It was taken out. */
    REMOVED
  }

  /**
   * Which tiles have left a slide: those that were scanned before a time.
   *
   * @param scan of this scan only; null for all
   * @param before milliseconds since the epoch
   */
  record Gone(String scan, long before) {
    static final Gone NOTHING = new Gone(null, Long.MIN_VALUE);
  }

  /** Says whether exactly as many tiles are in as the manifest counts. */
  boolean isWhole() {
    return manifest.known() && seen == manifest.tiles();
  }

  /** Returns how many tiles of the manifest are not in; 0 without a manifest. */
  int missing() {
    return manifest.known() ? Math.max(0, manifest.tiles() - seen) : 0;
  }

  boolean isReported() {
    return revision > 0;
  }

  /** Says whether there is anything to report that does not stand in a better report already. */
  boolean isReportable() {
    return switch (rest) {
      case NONE -> true;
      case FORGOTTEN -> manifest.known() && seen > 0;
      case REMOVED -> manifest.known();
    };
  }

  /** Says whether a tile left before it came, with its scan or with one before that. */
  boolean isLate(String scan, long scannedAt) {
    return scannedAt < gone.before && (gone.scan == null || !manifest.counts(scan));
  }

  SlideState withManifest(Manifest next) {
    return new SlideState(next, seen, revision, history, rest, gone, changedAt);
  }

  /** Counts the tiles of the manifest's scan anew. */
  SlideState recounted(int tiles, ModelHistory versions) {
    return new SlideState(manifest, tiles, revision, versions, rest, gone, changedAt);
  }

  SlideState without(Gone left) {
    return new SlideState(manifest, seen, revision, history, rest, left, changedAt);
  }

  SlideState withTile() {
    return recounted(seen + 1, history);
  }

  /** Takes note of a result by a version of the weights. */
  SlideState withResult(long modelVersion, long segmentedAt) {
    return recounted(seen, history.with(modelVersion, segmentedAt));
  }

  SlideState changed(long now) {
    return new SlideState(manifest, seen, revision, history, rest, gone, now);
  }

  SlideState afterReport() {
    return new SlideState(manifest, seen, revision + 1, history, Rest.NONE, gone, changedAt);
  }

  /** Returns what is kept of a slide whose tiles are forgotten. */
  SlideState forgotten() {
    return new SlideState(Manifest.NONE, 0, revision, ModelHistory.EMPTY, Rest.FORGOTTEN, gone, 0);
  }

  /** Returns what is kept of a slide that was taken out. */
  SlideState removed(long at) {
    return new SlideState(
        Manifest.NONE, 0, revision, ModelHistory.EMPTY, Rest.REMOVED, new Gone(null, at), 0);
  }

  static Serde<SlideState> serde() {
    return new StateSerde<>("slides", 5, SlideState::write, SlideState::read);
  }

  private static void write(SlideState slide, DataOutput out) throws IOException {
    out.writeInt(slide.revision);
    out.writeUTF(slide.rest.name());
    out.writeLong(slide.changedAt);
    out.writeLong(slide.gone.before);
    out.writeBoolean(slide.gone.scan != null);
    if (slide.gone.scan != null) {
      out.writeUTF(slide.gone.scan);
    }
    if (slide.changedAt == 0) {
      return;
    }
    out.writeInt(slide.seen);
    slide.history.write(out);
    Manifest manifest = slide.manifest;
    out.writeBoolean(manifest.known);
    if (manifest.known) {
      out.writeUTF(manifest.scan);
      out.writeUTF(manifest.organ);
      out.writeInt(manifest.tiles);
      out.writeInt(manifest.grid.width());
      out.writeInt(manifest.grid.height());
      out.writeInt(manifest.grid.tileSize());
      out.writeInt(manifest.grid.overlap());
      manifest.glass.write(out);
      out.writeDouble(manifest.micronsPerPixel);
    }
  }

  private static SlideState read(DataInput in) throws IOException {
    int revision = in.readInt();
    Rest rest = Rest.valueOf(in.readUTF());
    long changedAt = in.readLong();
    long before = in.readLong();
    Gone gone = new Gone(in.readBoolean() ? in.readUTF() : null, before);
    if (changedAt == 0) {
      return new SlideState(Manifest.NONE, 0, revision, ModelHistory.EMPTY, rest, gone, changedAt);
    }
    int seen = in.readInt();
    ModelHistory history = ModelHistory.read(in);
    return new SlideState(readManifest(in), seen, revision, history, rest, gone, changedAt);
  }

  private static Manifest readManifest(DataInput in) throws IOException {
    if (!in.readBoolean()) {
      return Manifest.NONE;
    }
    return new Manifest(
        true,
        in.readUTF(),
        in.readUTF(),
        in.readInt(),
        new SlideGrid(in.readInt(), in.readInt(), in.readInt(), in.readInt()),
        GlassPlaces.read(in),
        in.readDouble());
  }
}
