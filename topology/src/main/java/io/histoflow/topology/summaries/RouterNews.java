package io.histoflow.topology.summaries;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.topology.streams.StateSerde;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a router sends of one organ.
 *
 * @param summary what it saw since it last told
 * @param booked all that it has counted, the summary included
 */
public record RouterNews(ScoreSummary summary, OrganPartition booked) {
  /** Names the topic that carries news by organ, within the application. */
  public static final String BY_ORGAN = "organ-scores-by-organ";

  /** Returns the serde by which routers tell. */
  public static Serde<RouterNews> serde() {
    return new StateSerde<>("score summary", 4, RouterNews::write, RouterNews::read);
  }

  private static void write(RouterNews news, DataOutput out) throws IOException {
    news.summary.write(out);
    write(news.booked, out);
  }

  private static RouterNews read(DataInput in) throws IOException {
    return new RouterNews(ScoreSummary.read(in), readBooked(in));
  }

  /** Writes all that a router has counted of an organ. */
  public static void write(OrganPartition booked, DataOutput out) throws IOException {
    out.writeInt(booked.getPartition());
    out.writeLong(booked.getTilesSeen());
    out.writeLong(booked.getTilesRouted());
    out.writeLong(booked.getTilesHeldBack());
    out.writeDouble(booked.getCredit());
  }

  /** Reads what {@link #write(OrganPartition, DataOutput)} wrote. */
  public static OrganPartition readBooked(DataInput in) throws IOException {
    return new OrganPartition(
        in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readDouble());
  }
}
