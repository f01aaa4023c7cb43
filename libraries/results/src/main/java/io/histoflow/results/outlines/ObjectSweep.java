package io.histoflow.results.outlines;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds connected objects in rows of pixels that come from the top down. Pixels are connected
 * through edges, not corners. An object is handed on when a row has come that holds nothing more of
 * it, so that memory grows with what is open at a time and not with the number of objects.
 *
 * <p>Where the open objects have more runs together than fit, the largest is handed on as it is and
 * what follows of it is another object; {@link #cut} counts that.
 *
 * @param <T> what is known of an object besides its pixels
 */
public final class ObjectSweep<T extends ObjectSweep.Traits<T>> {
  /** Some 100 MB. */
  private static final int MOST_RUNS = 4 << 20;

  private final Supplier<T> traits;
  private final BiConsumer<PixelSet, T> objects;
  private final int mostRuns;
  private List<Run<T>> above = new ArrayList<>();
  private List<Run<T>> current = new ArrayList<>();
  private int next;
  private int row = Integer.MIN_VALUE;
  private long held;
  private long cut;

  /**
   * What is known of an object besides its pixels.
   *
   * @param <T> itself
   */
  public interface Traits<T> {
    /** Takes in those of another part of the same object. */
    void add(T other);
  }

  /**
   * Begins above the first row.
   *
   * @param traits makes those of no pixel
   * @param objects is handed every object once, its pixels and traits
   */
  public ObjectSweep(Supplier<T> traits, BiConsumer<PixelSet, T> objects) {
    this(traits, objects, MOST_RUNS);
  }

  ObjectSweep(Supplier<T> traits, BiConsumer<PixelSet, T> objects, int mostRuns) {
    this.traits = traits;
    this.objects = objects;
    this.mostRuns = mostRuns;
  }

  /**
   * Adds a run of pixels.
   *
   * @param y its row, not above that of the run before
   * @param from its first column, in a row after the end of the run before
   * @param to the column after its last
   * @param its what is known of these pixels
   */
  public void add(int y, int from, int to, T its) {
    if (y != row) {
      turnTo(y);
    }
    Part<T> part = null;
    while (next < above.size() && above.get(next).to <= from) {
      next++;
    }
    for (int i = next; i < above.size() && above.get(i).from < to; i++) {
      Part<T> other = above.get(i).part.root();
      part = part == null || part == other ? other : joined(part, other);
    }
    if (part == null) {
      part = new Part<>(traits.get());
    }
    part.runs.add(y, from, to);
    part.traits.add(its);
    part.lastRow = y;
    held++;
    current.add(new Run<>(from, to, part));
  }

  /** Hands on what is still open. */
  public void finish() {
    turnTo(Integer.MAX_VALUE);
  }

  /** Returns how often an object was handed on before it had ended. */
  public long cut() {
    return cut;
  }

  private void turnTo(int y) {
    // Of the row before, what nothing of this row continued; across a gap, everything.
    closeEnded(above, row);
    above = current;
    current = new ArrayList<>();
    next = 0;
    if (y != row + 1) {
      closeEnded(above, Integer.MAX_VALUE);
      above = new ArrayList<>();
    }
    while (held > mostRuns) {
      cutLargest();
    }
    row = y;
  }

  private void closeEnded(List<Run<T>> runs, int continued) {
    for (Run<T> run : runs) {
      Part<T> part = run.part.root();
      if (!part.closed && part.lastRow < continued) {
        part.closed = true;
        emit(part);
      }
    }
  }

  private void emit(Part<T> part) {
    held -= part.runs.size();
    objects.accept(part.runs.pixels(), part.traits);
  }

  private void cutLargest() {
    Set<Part<T>> open = new HashSet<>();
    above.forEach(run -> open.add(run.part.root()));
    Part<T> largest =
        open.stream().max((a, b) -> Integer.compare(a.runs.size(), b.runs.size())).orElseThrow();
    cut++;
    largest.closed = true;
    emit(largest);
    above.removeIf(run -> run.part.root() == largest);
  }

  /** The smaller is poured into the larger. */
  private static <T extends Traits<T>> Part<T> joined(Part<T> one, Part<T> other) {
    Part<T> larger = one.runs.size() >= other.runs.size() ? one : other;
    Part<T> smaller = larger == one ? other : one;
    larger.runs.addAll(smaller.runs);
    larger.traits.add(smaller.traits);
    larger.lastRow = Math.max(larger.lastRow, smaller.lastRow);
    smaller.runs = null;
    smaller.joinedTo = larger;
    return larger;
  }

  private record Run<T extends Traits<T>>(int from, int to, Part<T> part) {}

  /** An open object, or what has become part of one. */
  private static final class Part<T extends Traits<T>> {
    private final T traits;
    private RunList runs = new RunList();
    private int lastRow;
    private boolean closed;
    private Part<T> joinedTo;

    Part(T traits) {
      this.traits = traits;
    }

    Part<T> root() {
      Part<T> root = this;
      while (root.joinedTo != null) {
        root = root.joinedTo;
      }
      Part<T> at = this;
      while (at.joinedTo != null) {
        Part<T> following = at.joinedTo;
        at.joinedTo = root;
        at = following;
      }
      return root;
    }
  }
}
