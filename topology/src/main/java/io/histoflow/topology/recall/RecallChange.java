package io.histoflow.topology.recall;

import io.histoflow.recall.Counts;
import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.TileComparison;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;

/**
 * What one tile changes in the sums of its slide. What was said of it before is taken back exactly.
 *
 * @param place whose sums
 * @param asked reviews more that were asked for: 1, 0 or -1
 * @param before what its verdict added before; empty where it had none
 * @param after what its verdict adds now
 * @param readersBefore how its two readers agreed before; empty where there were none
 * @param readersAfter how they agree now
 */
record RecallChange(
    Place place,
    int asked,
    Optional<TileComparison> before,
    Optional<TileComparison> after,
    Optional<ReaderComparison> readersBefore,
    Optional<ReaderComparison> readersAfter) {
  /** Names the topic that carries changes by organ, within the application. */
  static final String BY_ORGAN = "recall-by-organ";

  /**
   * To which sums a tile belongs.
   *
   * @param slideId its slide
   * @param scanner its scanner; the empty name where it names none
   * @param modelVersion weights that first segmented it
   * @param probability with which it came to review, above 0, at most 1
   * @param drawn whether chance drew it
   */
  record Place(
      String slideId, String scanner, long modelVersion, double probability, boolean drawn) {
    void write(DataOutput out) throws IOException {
      out.writeUTF(slideId);
      out.writeUTF(scanner);
      out.writeLong(modelVersion);
      out.writeDouble(probability);
      out.writeBoolean(drawn);
    }

    static Place read(DataInput in) throws IOException {
      return new Place(
          in.readUTF(), in.readUTF(), in.readLong(), in.readDouble(), in.readBoolean());
    }
  }

  static Serde<RecallChange> serde() {
    return new StateSerde<>(
        "recall changes",
        2,
        (change, out) -> {
          change.place.write(out);
          out.writeByte(change.asked);
          write(change.before, out);
          write(change.after, out);
          writeReaders(change.readersBefore, out);
          writeReaders(change.readersAfter, out);
        },
        in ->
            new RecallChange(
                Place.read(in),
                in.readByte(),
                readTile(in),
                readTile(in),
                readReaders(in),
                readReaders(in)));
  }

  static void writeReaders(Optional<ReaderComparison> readers, DataOutput out) throws IOException {
    out.writeBoolean(readers.isPresent());
    if (readers.isPresent()) {
      write(readers.get(), out);
    }
  }

  static Optional<ReaderComparison> readReaders(DataInput in) throws IOException {
    return in.readBoolean() ? Optional.of(readReader(in)) : Optional.empty();
  }

  static void write(ReaderComparison readers, DataOutput out) throws IOException {
    out.writeLong(readers.tiles());
    out.writeLong(readers.both());
    out.writeLong(readers.onlyFirst());
    out.writeLong(readers.onlySecond());
    out.writeLong(readers.neither());
    write(readers.byFirst(), out);
    write(readers.bySecond(), out);
  }

  static ReaderComparison readReader(DataInput in) throws IOException {
    return new ReaderComparison(
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        readCounts(in),
        readCounts(in));
  }

  static void write(Optional<TileComparison> tile, DataOutput out) throws IOException {
    out.writeBoolean(tile.isPresent());
    if (tile.isPresent()) {
      write(tile.get().pixels(), out);
      write(tile.get().objects(), out);
    }
  }

  static Optional<TileComparison> readTile(DataInput in) throws IOException {
    return in.readBoolean()
        ? Optional.of(new TileComparison(readCounts(in), readCounts(in)))
        : Optional.empty();
  }

  static void write(Counts counts, DataOutput out) throws IOException {
    out.writeLong(counts.found());
    out.writeLong(counts.missed());
    out.writeLong(counts.wrong());
  }

  static Counts readCounts(DataInput in) throws IOException {
    return new Counts(in.readLong(), in.readLong(), in.readLong());
  }
}
