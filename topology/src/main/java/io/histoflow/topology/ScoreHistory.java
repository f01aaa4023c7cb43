package io.histoflow.topology;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;

/**
 * What the scores of one organ look like, per version of the model: only the two newest versions
 * count, and the older of them only until the newer has scores enough. Scores of another name are
 * on another scale: the first of them starts a new history.
 */
final class ScoreHistory {
  private static final int MAX_SKETCH_BYTES = 1 << 16;

  private static final long NONE = -1;

  private final int window;
  private String scoreName = "";
  private long version = NONE;
  private long previousVersion = NONE;
  private RollingSketch current;
  private RollingSketch previous;

  ScoreHistory(int window) {
    this.window = window;
    this.current = new RollingSketch(window);
    this.previous = new RollingSketch(window);
  }

  void add(ScoreKind kind, double score) {
    RollingSketch place = placeOf(kind);
    if (place != null) {
      place.add(score);
    }
  }

  void add(ScoreKind kind, KllDoublesSketch scores) {
    RollingSketch place = placeOf(kind);
    if (place != null) {
      place.add(scores);
    }
  }

  /** Returns what kind of score this history is of; its version is the newest one. */
  ScoreKind kind() {
    return new ScoreKind(scoreName, version);
  }

  /**
   * Returns the distribution to route by.
   *
   * @param enough scores of the newest version that make older ones superfluous
   */
  ScoreDistribution distribution(int enough) {
    KllDoublesSketch merged = ScoreDistribution.emptySketch();
    current.mergeInto(merged);
    if (current.count() < enough) {
      previous.mergeInto(merged);
    }
    return new ScoreDistribution(merged);
  }

  /** Returns the sketch to add to; null where the version is too old to count. */
  private RollingSketch placeOf(ScoreKind kind) {
    if (!kind.scoreName().equals(scoreName)) {
      scoreName = kind.scoreName();
      version = kind.modelVersion();
      current = new RollingSketch(window);
      previous = new RollingSketch(window);
      previousVersion = NONE;
    } else if (kind.modelVersion() > version) {
      previous = current;
      previousVersion = version;
      current = new RollingSketch(window);
      version = kind.modelVersion();
    }
    if (kind.modelVersion() == version) {
      return current;
    }
    if (previousVersion == NONE) {
      previousVersion = kind.modelVersion();
    }
    return kind.modelVersion() == previousVersion ? previous : null;
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(scoreName);
    out.writeLong(version);
    out.writeLong(previousVersion);
    for (RollingSketch sketch : new RollingSketch[] {current, previous}) {
      writeSketch(out, sketch.older());
      writeSketch(out, sketch.newer());
    }
  }

  static ScoreHistory read(DataInput in, int window) throws IOException {
    ScoreHistory history = new ScoreHistory(window);
    history.scoreName = in.readUTF();
    history.version = in.readLong();
    history.previousVersion = in.readLong();
    history.current = new RollingSketch(window, readSketch(in), readSketch(in));
    history.previous = new RollingSketch(window, readSketch(in), readSketch(in));
    return history;
  }

  static void writeSketch(DataOutput out, KllDoublesSketch sketch) throws IOException {
    byte[] bytes = sketch.isEmpty() ? new byte[0] : sketch.toByteArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static KllDoublesSketch readSketch(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_SKETCH_BYTES) {
      throw new IOException("a sketch of " + length + " bytes");
    }
    if (length == 0) {
      return ScoreDistribution.emptySketch();
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return KllDoublesSketch.heapify(Memory.wrap(bytes));
  }
}
