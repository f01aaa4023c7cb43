package io.histoflow.topology.recall;

import io.histoflow.recall.Counts;
import io.histoflow.recall.SlideSums;
import io.histoflow.recall.Stratum;
import io.histoflow.recall.TileComparison;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;

/**
 * What is kept of a slide by one version of the weights, some hundred bytes.
 *
 * @param number of the slide within its group, in the order in which reviews were asked for
 * @param sums what its reviewed tiles add up to
 * @param drawn what those tiles add up to that chance drew
 * @param closed when the slide became evidence; {@link Closed#NOT} before
 */
record SlideCase(long number, SlideSums sums, Drawn drawn, Closed closed) {

  /**
   * Tiles of a slide that chance drew.
   *
   * @param asked all of them
   * @param read those with a verdict
   * @param positive those of them that hold something to find
   * @param missedBillionths sum over these of the share missed, in billionths: whole numbers can be
   *     taken back exactly
   */
  record Drawn(long asked, long read, long positive, long missedBillionths) {
    static final Drawn NONE = new Drawn(0, 0, 0, 0);
    private static final double BILLION = 1e9;

    private Drawn with(long sign, TileComparison tile) {
      double share = tile.missedShare();
      boolean counts = !Double.isNaN(share);
      return new Drawn(
          asked,
          read + sign,
          positive + (counts ? sign : 0),
          missedBillionths + (counts ? sign * Math.round(share * BILLION) : 0));
    }

    /** Returns the mean share missed, 0..1. */
    double missedShare() {
      return missedBillionths / BILLION / positive;
    }

    /** Says whether all tiles that were drawn have their verdict, and some something to find. */
    boolean complete() {
      return asked == read && positive > 0;
    }
  }

  /**
   * A slide as it became evidence. It stays as it was then: a later verdict must not change a bet
   * that has been settled.
   *
   * @param number in the order in which slides did; -1 where this one has not
   * @param missedShare mean share missed of its drawn tiles, 0..1
   */
  record Closed(long number, double missedShare) {
    static final Closed NOT = new Closed(-1, 0);
  }

  static SlideCase first(long number) {
    return new SlideCase(number, SlideSums.EMPTY, Drawn.NONE, Closed.NOT);
  }

  /** Returns the slide after a change of one of its tiles. */
  SlideCase with(RecallChange change) {
    double probability = change.place().probability();
    Stratum stratum = sums.of(probability).withAsked(change.asked());
    Drawn next = drawn;
    boolean byChance = change.place().drawn();
    if (change.before().isPresent()) {
      stratum = stratum.minus(change.before().get());
      next = byChance ? next.with(-1, change.before().get()) : next;
    }
    if (change.after().isPresent()) {
      stratum = stratum.plus(change.after().get());
      next = byChance ? next.with(1, change.after().get()) : next;
    }
    next =
        byChance
            ? new Drawn(
                next.asked + change.asked(), next.read, next.positive, next.missedBillionths)
            : next;
    return new SlideCase(number, sums.with(probability, stratum), next, closed);
  }

  /** Returns the slide as evidence. */
  SlideCase close(long order) {
    return new SlideCase(number, sums, drawn, new Closed(order, drawn.missedShare()));
  }

  static Serde<SlideCase> serde() {
    return new StateSerde<>("slides in review", 1, SlideCase::write, SlideCase::read);
  }

  private static void write(SlideCase slide, DataOutput out) throws IOException {
    out.writeLong(slide.number);
    out.writeInt(slide.sums.strata().size());
    for (Map.Entry<Double, Stratum> entry : slide.sums.strata().entrySet()) {
      Stratum stratum = entry.getValue();
      out.writeDouble(entry.getKey());
      out.writeLong(stratum.asked());
      out.writeLong(stratum.read());
      RecallChange.write(stratum.pixels(), out);
      RecallChange.write(stratum.objects(), out);
    }
    out.writeLong(slide.drawn.asked);
    out.writeLong(slide.drawn.read);
    out.writeLong(slide.drawn.positive);
    out.writeLong(slide.drawn.missedBillionths);
    out.writeLong(slide.closed.number);
    out.writeDouble(slide.closed.missedShare);
  }

  private static SlideCase read(DataInput in) throws IOException {
    long number = in.readLong();
    SortedMap<Double, Stratum> strata = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      double probability = in.readDouble();
      long asked = in.readLong();
      long read = in.readLong();
      Counts pixels = RecallChange.readCounts(in);
      strata.put(probability, new Stratum(asked, read, pixels, RecallChange.readCounts(in)));
    }
    return new SlideCase(
        number,
        new SlideSums(strata),
        new Drawn(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
        new Closed(in.readLong(), in.readDouble()));
  }
}
