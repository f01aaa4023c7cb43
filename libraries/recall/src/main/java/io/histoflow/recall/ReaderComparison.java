package io.histoflow.recall;

import io.histoflow.imaging.Mask;
import java.util.Objects;

/**
 * Two people's masks of the same tiles, pixel by pixel, and what the network found of the truth of
 * each. Whole numbers, so that a reading can be taken back exactly.
 *
 * @param tiles that both have read
 * @param both pixels that are positive in both masks
 * @param onlyFirst in the first reader's only
 * @param onlySecond in the second reader's only
 * @param neither in none
 * @param byFirst the network's mask, where the first reader's is the truth
 * @param bySecond the same, where the second reader's is
 */
public record ReaderComparison(
    long tiles,
    long both,
    long onlyFirst,
    long onlySecond,
    long neither,
    Counts byFirst,
    Counts bySecond) {
  /** No tile. */
  public static final ReaderComparison NONE =
      new ReaderComparison(0, 0, 0, 0, 0, Counts.NONE, Counts.NONE);

  /** Requires the counts. */
  public ReaderComparison {
    Objects.requireNonNull(byFirst, "byFirst");
    Objects.requireNonNull(bySecond, "bySecond");
  }

  /**
   * Compares the masks of one tile.
   *
   * @param model the network's
   * @param first the first reader's, of the same size
   * @param second the second reader's, of the same size
   * @throws IllegalArgumentException where the sizes differ
   */
  public static ReaderComparison of(Mask model, Mask first, Mask second) {
    Counts readers = TileComparison.of(first, second).pixels();
    long all = (long) first.width() * first.height();
    return new ReaderComparison(
        1,
        readers.found(),
        readers.wrong(),
        readers.missed(),
        all - readers.found() - readers.wrong() - readers.missed(),
        TileComparison.of(model, first).pixels(),
        TileComparison.of(model, second).pixels());
  }

  /** Returns the sum of both. */
  public ReaderComparison plus(ReaderComparison other) {
    return new ReaderComparison(
        tiles + other.tiles,
        both + other.both,
        onlyFirst + other.onlyFirst,
        onlySecond + other.onlySecond,
        neither + other.neither,
        byFirst.plus(other.byFirst),
        bySecond.plus(other.bySecond));
  }

  /** Returns what remains without the other. */
  public ReaderComparison minus(ReaderComparison other) {
    return new ReaderComparison(
        tiles - other.tiles,
        both - other.both,
        onlyFirst - other.onlyFirst,
        onlySecond - other.onlySecond,
        neither - other.neither,
        byFirst.minus(other.byFirst),
        bySecond.minus(other.bySecond));
  }

  /**
   * Returns Cohen's kappa ("A coefficient of agreement for nominal scales", Educational and
   * Psychological Measurement 20, 1960): with p the share of pixels in which the readers agree and
   * q that in which they would if each had placed as many positive pixels at random,
   *
   * <pre>kappa = (p - q) / (1 - q)</pre>
   *
   * Pixels of a nucleus are alike, so it says how much of the masks is the same, and nothing of how
   * many nuclei are.
   *
   * @return -1..1; NaN where there is no pixel, or both readers say the same of all
   */
  public double kappa() {
    double all = (double) both + onlyFirst + onlySecond + neither;
    double first = (both + onlyFirst) / all;
    double second = (both + onlySecond) / all;
    double agreed = (both + neither) / all;
    double byChance = first * second + (1 - first) * (1 - second);
    return byChance < 1 ? (agreed - byChance) / (1 - byChance) : Double.NaN;
  }
}
