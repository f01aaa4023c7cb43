package io.histoflow.topology.recall;

import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.TileComparison;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;

/**
 * What is kept of one tile in review, some kilobytes.
 *
 * @param question what was asked; empty where only the verdict came
 * @param verdict what was answered; empty where nothing was
 * @param second what a second reader answered; empty where nobody did
 * @param readers how the two agree; empty until all is there, and where they do not count
 * @param changedAt when it last changed, milliseconds since the epoch
 */
record TileCase(
    Optional<Question> question,
    Optional<Verdict> verdict,
    Optional<SecondReading> second,
    Optional<ReaderComparison> readers,
    long changedAt) {
  static final TileCase EMPTY =
      new TileCase(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);

  /**
   * A review that was asked for.
   *
   * @param place to which sums the tile belongs
   * @param organ its organ
   * @param width of the mask in pixels
   * @param height of the mask in pixels
   * @param mask the network's mask as PNG
   * @param secondReader whether a second person is to read the tile
   */
  record Question(
      RecallChange.Place place,
      String organ,
      int width,
      int height,
      ByteBuffer mask,
      boolean secondReader) {}

  /**
   * A verdict.
   *
   * @param mask the reviewer's mask as PNG; empty where the tile cannot be judged
   * @param reviewer who gave it
   * @param tile the masks compared; empty until both are there
   */
  record Verdict(ByteBuffer mask, String reviewer, Optional<TileComparison> tile) {}

  /**
   * What a second person said, who saw neither the verdict nor the network's mask.
   *
   * @param mask as PNG; empty where the tile cannot be judged
   * @param reviewer who
   */
  record SecondReading(ByteBuffer mask, String reviewer) {}

  /** Says whether the same is known of the tile. */
  boolean says(TileCase other) {
    return question.equals(other.question)
        && verdict.equals(other.verdict)
        && second.equals(other.second);
  }

  static Serde<TileCase> serde() {
    return new StateSerde<>("tiles in review", 2, TileCase::write, TileCase::read);
  }

  private static void write(TileCase known, DataOutput out) throws IOException {
    out.writeLong(known.changedAt);
    out.writeBoolean(known.question.isPresent());
    if (known.question.isPresent()) {
      Question question = known.question.get();
      question.place.write(out);
      out.writeUTF(question.organ);
      out.writeInt(question.width);
      out.writeInt(question.height);
      write(question.mask, out);
      out.writeBoolean(question.secondReader);
    }
    out.writeBoolean(known.verdict.isPresent());
    if (known.verdict.isPresent()) {
      write(known.verdict.get().mask, out);
      out.writeUTF(known.verdict.get().reviewer);
      RecallChange.write(known.verdict.get().tile, out);
    }
    out.writeBoolean(known.second.isPresent());
    if (known.second.isPresent()) {
      write(known.second.get().mask, out);
      out.writeUTF(known.second.get().reviewer);
    }
    RecallChange.writeReaders(known.readers, out);
  }

  private static TileCase read(DataInput in) throws IOException {
    long changedAt = in.readLong();
    Optional<Question> question =
        in.readBoolean()
            ? Optional.of(
                new Question(
                    RecallChange.Place.read(in),
                    in.readUTF(),
                    in.readInt(),
                    in.readInt(),
                    readBytes(in),
                    in.readBoolean()))
            : Optional.empty();
    Optional<Verdict> verdict =
        in.readBoolean()
            ? Optional.of(new Verdict(readBytes(in), in.readUTF(), RecallChange.readTile(in)))
            : Optional.empty();
    Optional<SecondReading> second =
        in.readBoolean()
            ? Optional.of(new SecondReading(readBytes(in), in.readUTF()))
            : Optional.empty();
    return new TileCase(question, verdict, second, RecallChange.readReaders(in), changedAt);
  }

  private static void write(ByteBuffer mask, DataOutput out) throws IOException {
    byte[] bytes = Utils.toArray(mask);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static ByteBuffer readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
