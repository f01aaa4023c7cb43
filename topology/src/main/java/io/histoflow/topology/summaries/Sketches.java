package io.histoflow.topology.summaries;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;

/**
 * KLL sketches (Karnin, Lang, Liberty, FOCS 2016) of one size, so that they merge without loss:
 * exact up to a few hundred values, then with a rank error of about 1 %, in a few kilobytes.
 */
public final class Sketches {
  private static final int K = 256;
  private static final int MAX_BYTES = 1 << 16;

  private Sketches() {}

  /** Returns a sketch of no value. */
  public static KllDoublesSketch empty() {
    return KllDoublesSketch.newHeapInstance(K);
  }

  /** Returns a sketch of all values of others, which stay as they are. */
  public static KllDoublesSketch merged(Iterable<KllDoublesSketch> sketches) {
    KllDoublesSketch merged = empty();
    sketches.forEach(merged::merge);
    return merged;
  }

  /**
   * Writes a sketch: its length in bytes, then DataSketches' binary format; no bytes where it is
   * empty.
   *
   * @throws IOException where {@code out} cannot be written
   */
  public static void write(DataOutput out, KllDoublesSketch sketch) throws IOException {
    byte[] bytes = sketch.isEmpty() ? new byte[0] : sketch.toByteArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException where the length is none that a sketch has, or bytes are missing
   */
  public static KllDoublesSketch read(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("a sketch of " + length + " bytes");
    }
    if (length == 0) {
      return empty();
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return KllDoublesSketch.heapify(Memory.wrap(bytes));
  }
}
