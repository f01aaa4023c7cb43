package io.histoflow.topology.recall;

import io.histoflow.recall.ReaderComparison;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;

/**
 * What is kept of an organ on a scanner by a version of the weights, beside its slides.
 *
 * @param number of the group among those of its partition, from 1
 * @param since when its first review was asked for, milliseconds since the epoch
 * @param changed whether a verdict has come since the last estimate
 * @param slides that it has had
 * @param closed those of them that have become evidence
 * @param open slides that have a drawn tile read and are no evidence yet, in order
 * @param alarmedAt when the alarm was raised, milliseconds since the epoch; 0 where it was not
 * @param readers how far second readers agree with the verdicts
 * @param history an estimate a day
 */
record GroupCase(
    int number,
    long since,
    boolean changed,
    long slides,
    long closed,
    List<String> open,
    long alarmedAt,
    ReaderComparison readers,
    List<Point> history) {
  /** A slide of which a tile is never read must not keep others from being looked at. */
  static final int MOST_OPEN = 200;

  private static final int MOST_POINTS = 400;
  private static final long DAY_MS = 86_400_000;

  GroupCase {
    open = List.copyOf(open);
    history = List.copyOf(history);
  }

  /** An estimate at a time: milliseconds since the epoch, recall with its interval, tiles read. */
  record Point(long at, double recall, double low, double high, long tiles) {}

  static GroupCase first(int number, long since) {
    return new GroupCase(number, since, true, 0, 0, List.of(), 0, ReaderComparison.NONE, List.of());
  }

  GroupCase withSlide() {
    return new GroupCase(
        number, since, changed, slides + 1, closed, open, alarmedAt, readers, history);
  }

  GroupCase withOpen(long nowClosed, List<String> nowOpen) {
    int surplus = Math.max(0, nowOpen.size() - MOST_OPEN);
    return new GroupCase(
        number,
        since,
        true,
        slides,
        nowClosed,
        nowOpen.subList(surplus, nowOpen.size()),
        alarmedAt,
        readers,
        history);
  }

  GroupCase withReaders(RecallChange change) {
    ReaderComparison next =
        readers
            .minus(change.readersBefore().orElse(ReaderComparison.NONE))
            .plus(change.readersAfter().orElse(ReaderComparison.NONE));
    return new GroupCase(number, since, changed, slides, closed, open, alarmedAt, next, history);
  }

  GroupCase published(long alarm, List<Point> points) {
    return new GroupCase(number, since, false, slides, closed, open, alarm, readers, points);
  }

  /** Returns the history with an estimate, where the latest is of another day. */
  List<Point> with(Point point) {
    List<Point> next = new ArrayList<>(history);
    if (!next.isEmpty() && next.get(next.size() - 1).at / DAY_MS == point.at / DAY_MS) {
      next.remove(next.size() - 1);
    }
    next.add(point);
    return next.subList(Math.max(0, next.size() - MOST_POINTS), next.size());
  }

  static Serde<GroupCase> serde() {
    return new StateSerde<>("recall of organs", 2, GroupCase::write, GroupCase::read);
  }

  private static void write(GroupCase group, DataOutput out) throws IOException {
    out.writeInt(group.number);
    out.writeLong(group.since);
    out.writeBoolean(group.changed);
    out.writeLong(group.slides);
    out.writeLong(group.closed);
    out.writeLong(group.alarmedAt);
    out.writeInt(group.open.size());
    for (String slide : group.open) {
      out.writeUTF(slide);
    }
    RecallChange.write(group.readers, out);
    out.writeInt(group.history.size());
    for (Point point : group.history) {
      out.writeLong(point.at);
      out.writeDouble(point.recall);
      out.writeDouble(point.low);
      out.writeDouble(point.high);
      out.writeLong(point.tiles);
    }
  }

  private static GroupCase read(DataInput in) throws IOException {
    int number = in.readInt();
    long since = in.readLong();
    boolean changed = in.readBoolean();
    long slides = in.readLong();
    long closed = in.readLong();
    long alarmedAt = in.readLong();
    List<String> open = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      open.add(in.readUTF());
    }
    ReaderComparison readers = RecallChange.readReader(in);
    List<Point> history = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      history.add(
          new Point(
              in.readLong(), in.readDouble(), in.readDouble(), in.readDouble(), in.readLong()));
    }
    return new GroupCase(number, since, changed, slides, closed, open, alarmedAt, readers, history);
  }
}
