package io.histoflow.topology.routing;

import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.Sketches;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.datasketches.kll.KllDoublesSketch;

/**
 * What the scores of one organ look like, per version of the model: only two versions count, the
 * one in force and the one before, and the latter only until the former has scores enough. The
 * newest version is in force, until {@value #RETURNS_AFTER} scores of an older one came without one
 * of the newest between them: then older weights were gone back to. Scores of another name are on
 * another scale: the first of them starts a new history.
 */
final class ScoreHistory {
  private static final long NONE = -1;
  private static final int RETURNS_AFTER = 30;

  private final int window;
  private String scoreName = "";
  private long version = NONE;
  private long previousVersion = NONE;
  private long olderInARow;
  private RollingSketch current;
  private RollingSketch previous;

  ScoreHistory(int window) {
    this.window = window;
    this.current = new RollingSketch(window);
    this.previous = new RollingSketch(window);
  }

  void add(ScoreKind kind, double score) {
    placeOf(kind, 1).ifPresent(place -> place.add(score));
  }

  void add(ScoreKind kind, KllDoublesSketch scores) {
    placeOf(kind, scores.getN()).ifPresent(place -> place.add(scores));
  }

  /** Returns what kind of score this history is of; its version is the one in force. */
  ScoreKind kind() {
    return new ScoreKind(scoreName, version);
  }

  /**
   * Returns the distribution to route by. It holds until the next score comes.
   *
   * @param enough scores of the version in force that make older ones superfluous
   */
  ScoreDistribution distribution(int enough) {
    List<KllDoublesSketch> parts =
        Stream.of(current, previous)
            .limit(current.count() < enough ? 2 : 1)
            .flatMap(sketch -> Stream.of(sketch.older(), sketch.newer()))
            .filter(sketch -> !sketch.isEmpty())
            .toList();
    return new ScoreDistribution(parts.size() == 1 ? parts.get(0) : Sketches.merged(parts));
  }

  /** Returns the sketch to add to; empty where the version is too old to count. */
  private Optional<RollingSketch> placeOf(ScoreKind kind, long scores) {
    if (!kind.scoreName().equals(scoreName)) {
      scoreName = kind.scoreName();
      version = kind.modelVersion();
      current = new RollingSketch(window);
      previous = new RollingSketch(window);
      previousVersion = NONE;
      olderInARow = 0;
    } else if (kind.modelVersion() > version) {
      putInForce(kind.modelVersion());
    } else if (kind.modelVersion() == version) {
      olderInARow = 0;
    } else {
      if (previousVersion == NONE) {
        previousVersion = kind.modelVersion();
      }
      olderInARow += scores;
      if (olderInARow >= RETURNS_AFTER) {
        putInForce(kind.modelVersion());
      }
    }
    if (kind.modelVersion() == version) {
      return Optional.of(current);
    }
    return kind.modelVersion() == previousVersion ? Optional.of(previous) : Optional.empty();
  }

  private void putInForce(long next) {
    RollingSketch known = next == previousVersion ? previous : new RollingSketch(window);
    previous = current;
    previousVersion = version;
    current = known;
    version = next;
    olderInARow = 0;
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(scoreName);
    out.writeLong(version);
    out.writeLong(previousVersion);
    out.writeLong(olderInARow);
    for (RollingSketch sketch : new RollingSketch[] {current, previous}) {
      Sketches.write(out, sketch.older());
      Sketches.write(out, sketch.newer());
    }
  }

  static ScoreHistory read(DataInput in, int window) throws IOException {
    ScoreHistory history = new ScoreHistory(window);
    history.scoreName = in.readUTF();
    history.version = in.readLong();
    history.previousVersion = in.readLong();
    history.olderInARow = in.readLong();
    history.current = new RollingSketch(window, Sketches.read(in), Sketches.read(in));
    history.previous = new RollingSketch(window, Sketches.read(in), Sketches.read(in));
    return history;
  }
}
