package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganPartition;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.topology.streams.JournalFormat;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Merges what all routers tell, and publishes each organ's threshold and what each router has
 * booked on its budget.
 */
final class ThresholdKeeper implements Processor<String, RouterNews, String, OrganThreshold> {
  private final RoutingSettings settings;
  private final RoutingListener listener;
  private ProcessorContext<String, OrganThreshold> context;
  private JournaledStates<OrganTotal, RouterNews> totals;

  ThresholdKeeper(RoutingSettings settings, RoutingListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, OrganThreshold> processorContext) {
    context = processorContext;
    totals =
        new JournaledStates<>(
            context.getStateStore(RoutingPart.ORGAN_TOTALS),
            OrganTotal.format(settings.windowTiles()));
  }

  @Override
  public void process(Record<String, RouterNews> record) {
    OrganTotal next = totals.get(record.key()).plus(record.value());
    totals.append(record.key(), next, record.value());
    ScoreDistribution scores = next.history().distribution(settings.coldStartTiles());
    if (scores.count() > 0) {
      OrganThreshold threshold = threshold(record.key(), next, scores);
      // Partitions advance at different paces: only this clock keeps an organ's thresholds in
      // order.
      context.forward(record.withValue(threshold).withTimestamp(context.currentSystemTimeMs()));
      listener.onThreshold(threshold);
    }
  }

  private OrganThreshold threshold(String organ, OrganTotal total, ScoreDistribution scores) {
    ScoreKind kind = total.history().kind();
    return OrganThreshold.newBuilder()
        .setOrgan(organ)
        .setThreshold(scores.reachedBy(settings.shareByScore()))
        .setRoutingScoreName(kind.scoreName())
        .setQuantile(1 - settings.shareByScore())
        .setSampleCount(scores.count())
        .setModelVersion(kind.modelVersion())
        .setTilesSeen(total.tilesSeen())
        .setTilesRouted(total.tilesRouted())
        .setTilesHeldBack(total.tilesHeldBack())
        .setSketch(ByteBuffer.wrap(scores.toBytes()))
        .setForgotten(total.forgotten())
        .setPartitions(List.copyOf(total.routers().values()))
        .setUpdatedAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
        .build();
  }

  /**
   * What is known of one organ over all partitions.
   *
   * @param history its scores
   * @param tilesSeen distinct tiles so far
   * @param tilesRouted alerts raised so far
   * @param tilesHeldBack tiles so far that the reviewers' capacity held back
   * @param forgotten what was forgotten of its budget's account, in alerts: added to what the
   *     routers have booked, it leaves what is owed within bounds
   * @param routers what each partition's router has told of it, by partition
   */
  record OrganTotal(
      ScoreHistory history,
      long tilesSeen,
      long tilesRouted,
      long tilesHeldBack,
      double forgotten,
      SortedMap<Integer, OrganPartition> routers) {
    static OrganTotal empty(int window) {
      return new OrganTotal(new ScoreHistory(window), 0, 0, 0, 0, new TreeMap<>());
    }

    /** Adds what a router tells: scores and its tally in place, the counts to the result. */
    OrganTotal plus(RouterNews news) {
      ScoreSummary summary = news.summary();
      history.add(summary.kind(), summary.scores());
      routers.put(news.booked().getPartition(), news.booked());
      return new OrganTotal(
          history,
          tilesSeen + summary.tilesSeen(),
          tilesRouted + summary.tilesRouted(),
          tilesHeldBack + summary.tilesHeldBack(),
          forgotten + account().excess(),
          routers);
    }

    /** Returns what is owed to the organ. */
    BudgetAccount account() {
      return routers.values().stream()
          .map(BudgetAccount::of)
          .reduce(BudgetAccount.EMPTY.withCredit(forgotten), BudgetAccount::plus);
    }

    /** Says how these totals are stored: whole, and between that by what was told since. */
    static JournalFormat<OrganTotal, RouterNews> format(int window) {
      return new JournalFormat<>(
          serde(window), RouterNews.serde(), () -> empty(window), OrganTotal::plus);
    }

    static Serde<OrganTotal> serde(int window) {
      return new StateSerde<>(
          "organ totals", 4, (total, out) -> total.write(out), in -> read(in, window));
    }

    private void write(DataOutput out) throws IOException {
      history.write(out);
      out.writeLong(tilesSeen);
      out.writeLong(tilesRouted);
      out.writeLong(tilesHeldBack);
      out.writeDouble(forgotten);
      out.writeInt(routers.size());
      for (OrganPartition router : routers.values()) {
        RouterNews.write(router, out);
      }
    }

    private static OrganTotal read(DataInput in, int window) throws IOException {
      OrganTotal total =
          new OrganTotal(
              ScoreHistory.read(in, window),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readDouble(),
              new TreeMap<>());
      for (int left = in.readInt(); left > 0; left--) {
        OrganPartition router = RouterNews.readBooked(in);
        total.routers.put(router.getPartition(), router);
      }
      return total;
    }
  }
}
