package io.histoflow.topology.summaries;

import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a router sends of one organ.
 *
 * @param summary what it saw since it last told
 * @param tally all that it has counted, the summary included; empty where an earlier release told
 */
public record RouterNews(ScoreSummary summary, Optional<RouterTally> tally) {
  /** Names the topic that carries news by organ, within the application. */
  public static final String BY_ORGAN = "organ-scores-by-organ";

  private static final int WITHOUT_TALLY = 2;
  private static final int FORMAT = 3;

  /** Returns the serde by which routers tell. */
  public static Serde<RouterNews> serde() {
    return StateSerde.since(
        "score summary",
        WITHOUT_TALLY,
        FORMAT,
        (news, out) -> news.write(out),
        (in, format) -> read(in, format));
  }

  private void write(DataOutput out) throws IOException {
    summary.write(out);
    out.writeBoolean(tally.isPresent());
    if (tally.isPresent()) {
      tally.get().write(out);
    }
  }

  private static RouterNews read(DataInput in, int format) throws IOException {
    ScoreSummary summary = ScoreSummary.read(in);
    boolean tallied = format > WITHOUT_TALLY && in.readBoolean();
    return new RouterNews(summary, tallied ? Optional.of(RouterTally.read(in)) : Optional.empty());
  }
}
