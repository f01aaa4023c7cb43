package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.topology.streams.StateSerde;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Merges the summaries of all routers and publishes each organ's threshold. */
final class ThresholdKeeper implements Processor<String, ScoreSummary, String, OrganThreshold> {
  private final RoutingSettings settings;
  private final RoutingListener listener;
  private ProcessorContext<String, OrganThreshold> context;
  private KeyValueStore<String, OrganTotal> totals;

  ThresholdKeeper(RoutingSettings settings, RoutingListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, OrganThreshold> processorContext) {
    context = processorContext;
    totals = context.getStateStore(RoutingPart.ORGAN_TOTALS);
  }

  @Override
  public void process(Record<String, ScoreSummary> record) {
    ScoreSummary summary = record.value();
    OrganTotal total =
        Optional.ofNullable(totals.get(record.key()))
            .orElseGet(() -> new OrganTotal(new ScoreHistory(settings.windowTiles()), 0, 0, 0));
    total.history().add(summary.kind(), summary.scores());
    OrganTotal next =
        new OrganTotal(
            total.history(),
            total.tilesSeen() + summary.tilesSeen(),
            total.tilesRouted() + summary.tilesRouted(),
            total.tilesHeldBack() + summary.tilesHeldBack());
    totals.put(record.key(), next);
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
        .setThreshold(scores.reachedBy(settings.budget()))
        .setRoutingScoreName(kind.scoreName())
        .setQuantile(1 - settings.budget())
        .setSampleCount(scores.count())
        .setModelVersion(kind.modelVersion())
        .setTilesSeen(total.tilesSeen())
        .setTilesRouted(total.tilesRouted())
        .setTilesHeldBack(total.tilesHeldBack())
        .setSketch(ByteBuffer.wrap(scores.toBytes()))
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
   */
  record OrganTotal(ScoreHistory history, long tilesSeen, long tilesRouted, long tilesHeldBack) {
    static Serde<OrganTotal> serde(int window) {
      return StateSerde.onlyFormat(
          "organ totals",
          2,
          (total, out) -> {
            total.history.write(out);
            out.writeLong(total.tilesSeen);
            out.writeLong(total.tilesRouted);
            out.writeLong(total.tilesHeldBack);
          },
          in ->
              new OrganTotal(
                  ScoreHistory.read(in, window), in.readLong(), in.readLong(), in.readLong()));
    }
  }
}
