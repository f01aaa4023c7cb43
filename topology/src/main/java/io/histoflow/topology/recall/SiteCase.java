package io.histoflow.topology.recall;

import io.histoflow.recall.ConfidenceSequence;
import io.histoflow.recall.MissedShareEvidence;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * What is kept of a version of the weights over all organs and scanners, some hundred bytes.
 *
 * @param number of the version among those that were seen, from 1
 * @param alarmed whether its alarm was raised
 * @param evidence that more is missed than promised
 * @param sequence an interval for what is missed
 */
record SiteCase(
    int number, boolean alarmed, MissedShareEvidence evidence, ConfidenceSequence sequence) {

  static SiteCase first(int number, double level) {
    return new SiteCase(
        number, false, new MissedShareEvidence(level), new ConfidenceSequence(RecallKeeper.ALPHA));
  }

  /**
   * Returns its serde.
   *
   * @param level that the evidence is about
   */
  static Serde<SiteCase> serde(double level) {
    return new StateSerde<>(
        "recall of all organs",
        1,
        SiteCase::write,
        in ->
            new SiteCase(
                in.readInt(),
                in.readBoolean(),
                new MissedShareEvidence(level, readValues(in)),
                new ConfidenceSequence(RecallKeeper.ALPHA, readValues(in))));
  }

  private static void write(SiteCase site, DataOutput out) throws IOException {
    out.writeInt(site.number);
    out.writeBoolean(site.alarmed);
    write(site.evidence.state(), out);
    write(site.sequence.state(), out);
  }

  private static void write(double[] values, DataOutput out) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  private static double[] readValues(DataInput in) throws IOException {
    double[] values = new double[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }
}
