package io.histoflow.topology.routing;

import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.ledger.InputCheck;
import io.histoflow.topology.ledger.SlideEvent;
import io.histoflow.topology.ledger.SlideTiles;
import io.histoflow.topology.ledger.TileEntry;
import io.histoflow.topology.routing.PublishedThresholds.Published;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import io.histoflow.topology.summaries.ScoreSummary.Outcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;

/**
 * Routes each distinct tile once, by the threshold of its organ and what its budget owes, as far as
 * its share of the reviewers' capacity goes, and tells what it saw of each organ. A tile that newer
 * weights segment again gets a {@link SecondLook}, which counts for neither.
 */
final class TileRouter implements Processor<String, TileSegmented, String, RouterOutput> {
  private static final double TELL_AFTER_SHARE = 0.05;

  /** What others should know at once, lest they spend it as well: half an alert not paid for. */
  private static final double TELL_WHEN_OVERDRAWN = 0.5;

  private static final String ALL_ORGANS = "all";
  private static final int MOST_ORGANS = 1_000;

  private final RoutingSettings settings;
  private final int mostTilesUntold;
  private final IntUnaryOperator partitionOf;
  private final BudgetRouter rule;
  private final AuditDraw audit;
  private final RoutingListener listener;
  private final Deserializer<OrganThreshold> thresholdReader;
  private ProcessorContext<String, RouterOutput> context;
  private int partition;
  private JournaledStates<OrganState, TileCounted> organs;
  private KeyValueStore<String, AlertHour> lastHour;
  private PublishedThresholds thresholds;
  private SlideTiles tiles;
  private SecondLook secondLook;
  private Set<String> accounts;

  TileRouter(
      RoutingSettings settings,
      int mostTilesUntold,
      IntUnaryOperator partitionOf,
      Deserializer<OrganThreshold> thresholdReader,
      RoutingListener listener) {
    this.settings = settings;
    this.mostTilesUntold = mostTilesUntold;
    this.partitionOf = partitionOf;
    this.listener = listener;
    this.thresholdReader = thresholdReader;
    this.rule = new BudgetRouter(settings);
    this.audit = new AuditDraw(settings);
  }

  @Override
  public void init(ProcessorContext<String, RouterOutput> processorContext) {
    context = processorContext;
    partition = partitionOf.applyAsInt(context.taskId().partition());
    organs =
        new JournaledStates<>(
            context.getStateStore(RoutingPart.ORGAN_SCORES),
            OrganState.format(settings.windowTiles()));
    accounts = organs.keys();
    lastHour = context.getStateStore(RoutingPart.ALERTS_LAST_HOUR);
    TimestampedKeyValueStore<String, byte[]> published =
        context.getStateStore(RoutingPart.ORGAN_THRESHOLDS);
    thresholds = new PublishedThresholds(published, thresholdReader);
    tiles = new SlideTiles(context.getStateStore(SlideTiles.STORE));
    secondLook = new SecondLook(settings, context.getStateStore(RoutingPart.SECOND_LOOKS));
    context.schedule(settings.summaryInterval(), PunctuationType.WALL_CLOCK_TIME, this::tellAll);
  }

  @Override
  public void process(Record<String, TileSegmented> segmented) {
    TileSegmented tile = segmented.value();
    if (tile == null) {
      return;
    }
    TileSegmented usable = InputCheck.check(segmented.key(), tile);
    TileEntry before = tiles.find(usable);
    // Under ink on glass there may be tissue.
    boolean candidate = !usable.getBackground() || settings.isInky(usable);
    Record<String, TileSegmented> record = segmented.withValue(usable);
    boolean alerted = candidate ? route(record, before) : auditBackground(record, before);
    TileEntry after = before.with(usable, candidate, alerted);
    if (!after.equals(before)) {
      tiles.put(usable.getSlideId(), usable.getTileId(), SlideTiles.scanOf(usable), after);
    }
    context.forward(
        record.withValue(
            new RouterOutput.ForReport(new SlideEvent.TileArrived(usable, before, after))));
  }

  private boolean route(Record<String, TileSegmented> segmented, TileEntry entry) {
    boolean known = entry.counted() || entry.closed();
    return known ? lookAgain(segmented, entry) : routeFirst(segmented, entry);
  }

  private boolean routeFirst(Record<String, TileSegmented> segmented, TileEntry entry) {
    TileSegmented tile = segmented.value();
    String organ = account(tile.getOrgan());
    double score = tile.getRoutingScore();
    ScoreKind kind = new ScoreKind(tile.getRoutingScoreName(), tile.getModelVersion());
    OrganState state = organs.get(organ);

    state.history().add(kind, score);
    Optional<Published> published = thresholds.find(organ);
    OrganBudget budget = budget(published, state).afterTile(settings.budget());
    ScoreDistribution scores = distribution(published, kind, budget.own(), state.history());
    // A tile that was background at first may have been drawn: then reviewers have it.
    Optional<BudgetRouter.Routing> byScore =
        entry.alerted()
            ? Optional.empty()
            : rule.route(score, settings.isInky(tile), budget, scores);
    Optional<BudgetRouter.Routing> routing =
        entry.segmented() ? byScore : withDraw(segmented, byScore, scores);
    Outcome outcome =
        routing.map(r -> outcome(segmented, r, !entry.segmented())).orElse(Outcome.NOT_ROUTED);

    if (!state.pending().kind().equals(kind)) {
      tell(organ, state, segmented.timestamp());
    }
    TileCounted counted = TileCounted.of(tile, kind, outcome, after(budget, outcome));
    OrganState next = state.afterTile(counted);
    if (isWorthTelling(next)) {
      tell(organ, next, segmented.timestamp());
      organs.append(organ, next.afterTelling(), counted.andTold());
    } else {
      organs.append(organ, next, counted);
    }
    boolean routed = outcome == Outcome.ROUTED;
    listener.onTile(organ, routing.filter(r -> routed).map(BudgetRouter.Routing::reason));
    return routed;
  }

  /** Adds the draw of a tile to what its score says: a drawn tile is never held back. */
  private Optional<BudgetRouter.Routing> withDraw(
      Record<String, TileSegmented> segmented,
      Optional<BudgetRouter.Routing> byScore,
      ScoreDistribution scores) {
    boolean goes = byScore.filter(r -> mayGo(r, segmented.timestamp())).isPresent();
    return goes || !audit.draws(segmented.value().getTileId(), false)
        ? byScore
        : Optional.of(drawn(scores));
  }

  private BudgetRouter.Routing drawn(ScoreDistribution scores) {
    double threshold =
        scores.count() < settings.coldStartTiles()
            ? settings.coldStartThreshold()
            : scores.reachedBy(settings.shareByScore());
    return new BudgetRouter.Routing(ReviewReason.AUDIT, threshold);
  }

  /**
   * Draws a background tile when it is first segmented. The draw takes an alert out of the organ's
   * account; otherwise background changes nothing here.
   */
  private boolean auditBackground(Record<String, TileSegmented> segmented, TileEntry entry) {
    TileSegmented tile = segmented.value();
    if (entry.segmented() || entry.closed() || !audit.draws(tile.getTileId(), true)) {
      return false;
    }
    String organ = account(tile.getOrgan());
    OrganState state = organs.get(organ);
    countAlert(segmented.timestamp());
    BudgetRouter.Routing routing = drawn(state.history().distribution(settings.coldStartTiles()));
    context.forward(segmented.withKey(tile.getTileId()).withValue(alert(tile, routing, true)));
    OrganBudget budget = budget(thresholds.find(organ), state).afterBackgroundAlert();
    organs.put(organ, new OrganState(budget, state.history(), state.pending()));
    listener.onBackgroundAudited(organ);
    return true;
  }

  private boolean mayGo(BudgetRouter.Routing routing, long timestamp) {
    return switch (routing.reason()) {
      case FLOOR, AUDIT -> true;
      default -> hasCapacity(timestamp);
    };
  }

  /**
   * Sends a tile to review, or holds it back where this router's share of the hour is used up.
   *
   * @param first whether it is first segmented, so that the audit counts it
   */
  private Outcome outcome(
      Record<String, TileSegmented> segmented, BudgetRouter.Routing routing, boolean first) {
    TileSegmented tile = segmented.value();
    if (!mayGo(routing, segmented.timestamp())) {
      TileHeldBack heldBack = heldBack(tile, routing);
      context.forward(
          segmented.withKey(tile.getTileId()).withValue(new RouterOutput.HeldBack(heldBack)));
      listener.onHeldBack(heldBack);
      return Outcome.HELD_BACK;
    }
    countAlert(segmented.timestamp());
    context.forward(segmented.withKey(tile.getTileId()).withValue(alert(tile, routing, first)));
    return Outcome.ROUTED;
  }

  private boolean hasCapacity(long timestamp) {
    return settings.capacityPerHour() == RoutingSettings.NO_LIMIT
        || hourUntil(timestamp).count() < settings.capacityOf(partition);
  }

  private void countAlert(long timestamp) {
    if (settings.capacityPerHour() != RoutingSettings.NO_LIMIT) {
      AlertHour hour = hourUntil(timestamp);
      hour.add();
      lastHour.put(ALL_ORGANS, hour);
    }
  }

  private AlertHour hourUntil(long timestamp) {
    AlertHour hour = Optional.ofNullable(lastHour.get(ALL_ORGANS)).orElseGet(AlertHour::new);
    // A tile from the future would stop the clock there, and with it every alert.
    hour.moveTo(Math.min(timestamp, context.currentSystemTimeMs()));
    lastHour.put(ALL_ORGANS, hour);
    return hour;
  }

  private boolean isWorthTelling(OrganState state) {
    double enough = Math.min(TELL_AFTER_SHARE * state.budget().own().seen(), mostTilesUntold);
    return state.pending().tilesSeen() >= enough || isOverdrawn(state.pending());
  }

  private boolean isOverdrawn(ScoreSummary pending) {
    long wanted = pending.tilesRouted() + pending.tilesHeldBack();
    return settings.budget() * pending.tilesSeen() - wanted <= -TELL_WHEN_OVERDRAWN;
  }

  private static OrganBudget after(OrganBudget budget, Outcome outcome) {
    return switch (outcome) {
      case ROUTED -> budget.afterAlert();
      case HELD_BACK -> budget.afterHoldingBack();
      case NOT_ROUTED -> budget;
    };
  }

  private boolean lookAgain(Record<String, TileSegmented> segmented, TileEntry entry) {
    TileSegmented tile = segmented.value();
    if (!SecondLook.isDue(entry, tile.getModelVersion())) {
      return false;
    }
    String organ = account(tile.getOrgan());
    ScoreKind kind = new ScoreKind(tile.getRoutingScoreName(), tile.getModelVersion());
    OrganState state = organs.get(organ);
    Optional<BudgetRouter.Routing> routing =
        secondLook.route(
            organ,
            tile.getModelVersion(),
            tile.getRoutingScore(),
            settings.isInky(tile),
            distribution(thresholds.find(organ), kind, state.budget().own(), state.history()));
    boolean routed =
        routing.map(r -> outcome(segmented, r, false)).orElse(Outcome.NOT_ROUTED) == Outcome.ROUTED;
    listener.onSecondLook(organ, routed);
    return routed;
  }

  /**
   * Returns the organ's distribution over all partitions, or this partition's own where the
   * published one is of another score or has not caught up with this partition.
   */
  private ScoreDistribution distribution(
      Optional<Published> published, ScoreKind kind, BudgetAccount booked, ScoreHistory own) {
    return published
        .filter(known -> known.scoreName().equals(kind.scoreName()))
        .filter(known -> known.tilesSeen() >= booked.seen())
        .map(Published::scores)
        .orElseGet(() -> own.distribution(settings.coldStartTiles()));
  }

  /** Returns what is known of the organ's budget by now. */
  private OrganBudget budget(Optional<Published> published, OrganState state) {
    return published
        .map(known -> state.budget().asPublished(known, partition))
        .orElse(state.budget());
  }

  /**
   * Returns the organ whose account a tile goes to. Names come from outside: where there are too
   * many, further ones share the account of {@value OrganName#UNKNOWN}.
   */
  private String account(String organ) {
    if (accounts.size() < MOST_ORGANS) {
      accounts.add(organ);
    }
    return accounts.contains(organ) ? organ : OrganName.UNKNOWN;
  }

  private RouterOutput alert(TileSegmented tile, BudgetRouter.Routing routing, boolean first) {
    boolean background = tile.getBackground() && !settings.isInky(tile);
    double probability = audit.probability(background);
    boolean byChance = routing.reason() == ReviewReason.AUDIT;
    boolean counts = first && probability > 0;
    return new RouterOutput.Alert(
        ReviewRequested.newBuilder()
            .setSegmentation(fittingAnAlert(tile))
            .setReason(routing.reason())
            .setScore(byChance ? routing.threshold() : tile.getRoutingScore())
            .setThreshold(routing.threshold())
            .setBudget(settings.budget())
            .setAudited(counts && audit.draws(tile.getTileId(), background))
            .setSecondReader(counts && audit.drawsSecondReader(tile.getTileId(), background))
            .setInclusionProbability(counts ? Double.valueOf(byChance ? probability : 1) : null)
            .setRequestedAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
            .build());
  }

  /** An alert is larger than its segmentation, and must fit its topic as well. */
  private static TileSegmented fittingAnAlert(TileSegmented tile) {
    int least = tile.getMask().remaining() + bytes(tile.getEntropyMap());
    if (least + bytes(tile.getProbabilities()) <= InputCheck.MOST_IMAGE_BYTES) {
      return tile;
    }
    TileSegmented fitting = RecordCopy.with(tile, Collections.singletonMap("probabilities", null));
    return least <= InputCheck.MOST_IMAGE_BYTES
        ? fitting
        : RecordCopy.with(fitting, Collections.singletonMap("entropyMap", null));
  }

  private static int bytes(ByteBuffer image) {
    return image == null ? 0 : image.remaining();
  }

  private TileHeldBack heldBack(TileSegmented tile, BudgetRouter.Routing routing) {
    return TileHeldBack.newBuilder()
        .setTileId(tile.getTileId())
        .setSlideId(tile.getSlideId())
        .setOrgan(tile.getOrgan())
        .setReason(routing.reason())
        .setScore(tile.getRoutingScore())
        .setRoutingScoreName(tile.getRoutingScoreName())
        .setThreshold(routing.threshold())
        .setModelVersion(tile.getModelVersion())
        .setCapacityPerHour(settings.capacityPerHour())
        .setTile(tile.getTile())
        .setHeldBackAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
        .build();
  }

  private void tellAll(long now) {
    for (String organ : organs.keys()) {
      OrganState state = organs.get(organ);
      if (state.pending().tilesSeen() > 0) {
        tell(organ, state, now);
        organs.put(organ, state.afterTelling());
      }
    }
  }

  /** Tells what was seen since the last time, and what was booked for that and all before. */
  private void tell(String organ, OrganState state, long timestamp) {
    if (state.pending().tilesSeen() > 0) {
      RouterNews news = new RouterNews(state.pending(), state.budget().own().bookedBy(partition));
      context.forward(new Record<>(organ, new RouterOutput.Scores(news), timestamp));
    }
  }
}
