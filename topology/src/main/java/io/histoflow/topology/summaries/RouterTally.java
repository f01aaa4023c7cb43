package io.histoflow.topology.summaries;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * All that one router has counted of one organ.
 *
 * @param partition its partition of the segmentations, 0 or more
 * @param credit what it has booked on the organ's review budget, in alerts; negative where its
 *     tiles took more out than they paid in
 * @param seen distinct tiles, 0 or more
 * @param routed alerts raised for them
 * @param heldBack tiles among them that the reviewers' capacity held back
 */
public record RouterTally(int partition, double credit, long seen, long routed, long heldBack) {
  /** Writes all fields. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(partition);
    out.writeDouble(credit);
    out.writeLong(seen);
    out.writeLong(routed);
    out.writeLong(heldBack);
  }

  /** Reads what {@link #write} wrote. */
  public static RouterTally read(DataInput in) throws IOException {
    return new RouterTally(
        in.readInt(), in.readDouble(), in.readLong(), in.readLong(), in.readLong());
  }
}
