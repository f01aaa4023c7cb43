package io.histoflow.topology;

import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileSegmented;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;

/**
 * Routes each distinct tile once, by the threshold of its organ and the budget's account, and tells
 * the threshold keeper of the scores. A tile that newer weights segment again gets a {@link
 * SecondLook}, which counts for neither.
 */
final class TileRouter implements Processor<String, TileSegmented, String, RouterOutput> {
  private static final double TELL_AFTER_SHARE = 0.05;

  private final RoutingSettings settings;
  private final BudgetRouter rule;
  private final RoutingListener listener;
  private final Deserializer<OrganThreshold> thresholdReader;
  private ProcessorContext<String, RouterOutput> context;
  private KeyValueStore<String, OrganState> organs;
  private PublishedThresholds thresholds;
  private SlideTiles tiles;
  private SecondLook secondLook;

  TileRouter(
      RoutingSettings settings,
      Deserializer<OrganThreshold> thresholdReader,
      RoutingListener listener) {
    this.settings = settings;
    this.listener = listener;
    this.thresholdReader = thresholdReader;
    this.rule = new BudgetRouter(settings);
  }

  @Override
  public void init(ProcessorContext<String, RouterOutput> processorContext) {
    context = processorContext;
    organs = context.getStateStore(RoutingTopology.ORGAN_SCORES);
    TimestampedKeyValueStore<String, byte[]> published =
        context.getStateStore(RoutingTopology.ORGAN_THRESHOLDS);
    thresholds = new PublishedThresholds(published, thresholdReader);
    tiles = new SlideTiles(context.getStateStore(RoutingTopology.SLIDE_TILES));
    secondLook = new SecondLook(settings, context.getStateStore(RoutingTopology.SECOND_LOOKS));
    context.schedule(
        settings.summaryInterval(), PunctuationType.WALL_CLOCK_TIME, now -> tellAll(now));
  }

  @Override
  public void process(Record<String, TileSegmented> segmented) {
    TileSegmented tile = segmented.value();
    if (tile == null) {
      return;
    }
    InputCheck.check(segmented.key(), tile);
    TileEntry entry = tiles.find(tile.getSlideId(), tile.getTileId()).orElse(TileEntry.UNKNOWN);
    boolean known = entry.segmented() || entry.closed();
    boolean alerted = known ? lookAgain(segmented, entry) : route(segmented);
    context.forward(
        segmented.withValue(new RouterOutput.ForReport(new SlideEvent.TileArrived(tile, alerted))));
  }

  private boolean route(Record<String, TileSegmented> segmented) {
    TileSegmented tile = segmented.value();
    String organ = tile.getOrgan();
    double score = tile.getRoutingScore();
    ScoreKind kind = new ScoreKind(tile.getRoutingScoreName(), tile.getModelVersion());
    OrganState state =
        Optional.ofNullable(organs.get(organ))
            .orElseGet(() -> OrganState.empty(kind, settings.windowTiles()));

    state.history().add(kind, score);
    BudgetAccount account = state.account().afterTile(settings.budget());
    Optional<BudgetRouter.Routing> routing =
        rule.route(score, account, distribution(organ, kind, account, state.history()));
    routing.ifPresent(
        r -> context.forward(segmented.withKey(tile.getTileId()).withValue(alert(tile, r))));

    ScoreSummary pending = state.pending();
    if (!pending.kind().equals(kind)) {
      tell(organ, pending, segmented.timestamp());
      pending = ScoreSummary.empty(kind);
    }
    pending = pending.plus(score, routing.isPresent());
    if (pending.tilesSeen() >= TELL_AFTER_SHARE * account.seen()) {
      tell(organ, pending, segmented.timestamp());
      pending = ScoreSummary.empty(kind);
    }
    organs.put(
        organ,
        new OrganState(
            routing.isPresent() ? account.afterAlert() : account, state.history(), pending));
    listener.onTile(organ, routing.map(BudgetRouter.Routing::reason));
    return routing.isPresent();
  }

  private boolean lookAgain(Record<String, TileSegmented> segmented, TileEntry entry) {
    TileSegmented tile = segmented.value();
    if (!SecondLook.isDue(entry, tile.getModelVersion())) {
      return false;
    }
    String organ = tile.getOrgan();
    ScoreKind kind = new ScoreKind(tile.getRoutingScoreName(), tile.getModelVersion());
    OrganState state =
        Optional.ofNullable(organs.get(organ))
            .orElseGet(() -> OrganState.empty(kind, settings.windowTiles()));
    Optional<BudgetRouter.Routing> routing =
        secondLook.route(
            organ,
            tile.getModelVersion(),
            tile.getRoutingScore(),
            distribution(organ, kind, state.account(), state.history()));
    routing.ifPresent(
        r -> context.forward(segmented.withKey(tile.getTileId()).withValue(alert(tile, r))));
    listener.onSecondLook(organ, routing.isPresent());
    return routing.isPresent();
  }

  /**
   * Returns the organ's distribution over all partitions, or this partition's own where the
   * published one is of another score or has not caught up with this partition.
   */
  private ScoreDistribution distribution(
      String organ, ScoreKind kind, BudgetAccount account, ScoreHistory own) {
    return thresholds
        .find(organ)
        .filter(published -> published.scoreName().equals(kind.scoreName()))
        .filter(published -> published.tilesSeen() >= account.seen())
        .map(PublishedThresholds.Published::scores)
        .orElseGet(() -> own.distribution(settings.coldStartTiles()));
  }

  private RouterOutput alert(TileSegmented tile, BudgetRouter.Routing routing) {
    return new RouterOutput.Alert(
        ReviewRequested.newBuilder()
            .setSegmentation(tile)
            .setReason(routing.reason())
            .setScore(tile.getRoutingScore())
            .setThreshold(routing.threshold())
            .setBudget(settings.budget())
            .setRequestedAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
            .build());
  }

  private void tellAll(long now) {
    List<KeyValue<String, OrganState>> waiting = new ArrayList<>();
    try (KeyValueIterator<String, OrganState> all = organs.all()) {
      all.forEachRemaining(
          organ -> {
            if (organ.value.pending().tilesSeen() > 0) {
              waiting.add(organ);
            }
          });
    }
    for (KeyValue<String, OrganState> organ : waiting) {
      OrganState state = organ.value;
      tell(organ.key, state.pending(), now);
      organs.put(
          organ.key,
          new OrganState(
              state.account(), state.history(), ScoreSummary.empty(state.pending().kind())));
    }
  }

  private void tell(String organ, ScoreSummary summary, long timestamp) {
    if (summary.tilesSeen() > 0) {
      context.forward(new Record<>(organ, new RouterOutput.Scores(organ, summary), timestamp));
    }
  }
}
