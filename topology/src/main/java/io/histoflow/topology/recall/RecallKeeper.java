package io.histoflow.topology.recall;

import io.histoflow.recall.ConfidenceSequence;
import io.histoflow.recall.Counts;
import io.histoflow.recall.MissedShareEvidence;
import io.histoflow.recall.Ratio;
import io.histoflow.recall.ReaderComparison;
import io.histoflow.recall.RecallEstimator;
import io.histoflow.recall.RecallEstimator.Unit;
import io.histoflow.recall.RecallEstimator.Whose;
import io.histoflow.recall.SlideSums;
import io.histoflow.recall.Totals;
import io.histoflow.schemas.ReaderAgreement;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.RecallFigures;
import io.histoflow.schemas.RecallPoint;
import io.histoflow.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the sums of each slide, and publishes the estimates that verdicts have changed, some
 * seconds later and from the sums alone: they are the same in whatever order tiles came.
 *
 * <p>A slide becomes evidence when all its drawn tiles have their verdict and a drawn tile of
 * another slide of its group is read: that looks at no value, and needs no clock. Tiles that are
 * drawn there later change the estimate and no evidence.
 *
 * <p>The alarms of an installation together are false with a probability of at most {@value
 * #FALSE_ALARMS}: group n of a partition has the share 1 / (n (n + 1)) of its partition's, and all
 * organs together ({@link SiteKeeper}) have as much as one partition.
 */
final class RecallKeeper implements Processor<String, RecallChange, String, RecallOutput> {
  private static final double FALSE_ALARMS = 0.05;

  private static final char SEPARATOR = '\0';

  /** The partitions of organs, and that of all organs together. */
  private static final int FAMILIES = Topics.TILES_SEGMENTED.partitions() + 1;

  static final double ALPHA = 0.05;

  // Names come from outside.
  private static final int MOST_GROUPS = 10_000;
  private static final int MOST_SLIDES = 10_000;

  private final RecallSettings settings;
  private final RecallListener listener;
  private ProcessorContext<String, RecallOutput> context;
  private KeyValueStore<String, GroupCase> groups;
  private KeyValueStore<String, SlideCase> slides;
  private int known;

  RecallKeeper(RecallSettings settings, RecallListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, RecallOutput> processorContext) {
    context = processorContext;
    groups = context.getStateStore(RecallPart.GROUPS);
    slides = context.getStateStore(RecallPart.SLIDES);
    known = 0;
    try (KeyValueIterator<String, GroupCase> all = groups.all()) {
      all.forEachRemaining(group -> known++);
    }
    context.schedule(settings.interval(), PunctuationType.WALL_CLOCK_TIME, this::publish);
  }

  @Override
  public void process(Record<String, RecallChange> record) {
    RecallChange change = record.value();
    RecallChange.Place place = change.place();
    String key = record.key() + SEPARATOR + place.scanner() + SEPARATOR + place.modelVersion();
    GroupCase group = groups.get(key);
    if (group == null) {
      if (known >= MOST_GROUPS) {
        return;
      }
      known++;
      group = GroupCase.first(known, context.currentSystemTimeMs());
    }
    String slideKey = key + SEPARATOR + place.slideId();
    SlideCase slide = slides.get(slideKey);
    if (slide == null) {
      slide = SlideCase.first(group.slides());
      group = group.withSlide();
    }
    slide = slide.with(change);
    slides.put(slideKey, slide);
    groups.put(key, afterVerdict(key, group.withReaders(change), slide, record));
  }

  /** Returns the evidence at which the alarm of a group of a family is raised. */
  static double limit(int number) {
    return MissedShareEvidence.limit(FALSE_ALARMS, FAMILIES, number);
  }

  private GroupCase afterVerdict(
      String key, GroupCase group, SlideCase slide, Record<String, RecallChange> record) {
    RecallChange change = record.value();
    List<String> open = new ArrayList<>(group.open());
    long closed = group.closed();
    if (change.place().drawn() && change.after().isPresent()) {
      String slideId = change.place().slideId();
      if (slide.closed().equals(SlideCase.Closed.NOT) && !open.contains(slideId)) {
        open.add(slideId);
      }
      for (String other : List.copyOf(open)) {
        SlideCase candidate = slides.get(key + SEPARATOR + other);
        if (other.equals(slideId) || candidate == null || !candidate.drawn().complete()) {
          continue;
        }
        SlideCase settled = candidate.close(closed);
        slides.put(key + SEPARATOR + other, settled);
        context.forward(
            record.withValue(
                new RecallOutput.Settled(
                    change.place().modelVersion(), settled.closed().missedShare())));
        closed++;
        open.remove(other);
      }
    }
    return group.withOpen(closed, open);
  }

  private void publish(long now) {
    List<KeyValue<String, GroupCase>> changed = new ArrayList<>();
    try (KeyValueIterator<String, GroupCase> all = groups.all()) {
      while (all.hasNext()) {
        KeyValue<String, GroupCase> group = all.next();
        if (group.value.changed()) {
          changed.add(group);
        }
      }
    }
    changed.forEach(group -> publish(group.key, group.value, now));
  }

  private void publish(String key, GroupCase group, long now) {
    List<SlideCase> all = slidesOf(key);
    String[] names = key.split(String.valueOf(SEPARATOR), -1);
    ConfidenceSequence sequence = new ConfidenceSequence(ALPHA);
    MissedShareEvidence evidence = new MissedShareEvidence(settings.level());
    all.stream()
        .map(SlideCase::closed)
        .filter(closed -> closed.number() >= 0)
        .sorted(Comparator.comparingLong(SlideCase.Closed::number))
        .forEach(
            closed -> {
              sequence.add(closed.missedShare());
              evidence.add(closed.missedShare());
            });
    double limit = limit(group.number());
    boolean alarms = group.alarmedAt() == 0 && evidence.logEvidence() >= limit;
    long alarmedAt = alarms ? now : group.alarmedAt();
    RecallEstimate.Builder estimate =
        RecallEstimate.newBuilder()
            .setOrgan(names[0])
            .setScanner(names[1])
            .setModelVersion(Long.parseLong(names[2]))
            .setSlidesCounted(sequence.count())
            .setMissedShare(sequence.count() == 0 ? null : Double.valueOf(sequence.mean()))
            .setMissedShareLow(sequence.low())
            .setMissedShareHigh(sequence.high())
            .setLevel(settings.level())
            .setEvidence(evidence.logEvidence())
            .setLimit(limit)
            .setAlarmedAt(alarmedAt == 0 ? null : Instant.ofEpochMilli(alarmedAt))
            .setAgreement(agreement(group.readers()))
            .setSince(Instant.ofEpochMilli(group.since()))
            .setUpdatedAt(Instant.ofEpochMilli(now));
    List<GroupCase.Point> history = addFigures(estimate, all, group, now);
    estimate.setHistory(
        group.history().stream()
            .filter(point -> history.contains(point))
            .map(RecallKeeper::point)
            .toList());
    groups.put(key, group.published(alarmedAt, history));
    forward(names, new RecallOutput.Estimate(estimate.build()), now);
    if (alarms) {
      raise(names, estimate.build(), now);
    }
  }

  /** Adds what all slides add up to, and returns the history with it. */
  private static List<GroupCase.Point> addFigures(
      RecallEstimate.Builder estimate, List<SlideCase> all, GroupCase group, long now) {
    List<SlideSums> sums = all.stream().map(SlideCase::sums).toList();
    // Without any tile that only chance sent, nothing is known of those that nobody sees.
    List<SlideSums> known =
        sums.stream().anyMatch(RecallKeeper::standsForOthers) ? sums : List.of();
    boolean drawn = sums.stream().anyMatch(slide -> slide.strata().firstKey() < 1);
    List<SlideSums> routed = drawn ? List.of() : sums;
    long drawnRead = all.stream().mapToLong(slide -> slide.drawn().read()).sum();
    Optional<Totals> pixels = totals(known, Unit.PIXELS, Whose.MODEL);
    estimate
        .setSlides(all.size())
        .setTilesAsked(
            sums.stream()
                .flatMap(slide -> slide.strata().values().stream())
                .mapToLong(stratum -> stratum.asked())
                .sum())
        .setTilesRead(
            sums.stream()
                .flatMap(slide -> slide.strata().values().stream())
                .mapToLong(stratum -> stratum.read())
                .sum())
        .setTilesDrawn(all.stream().mapToLong(slide -> slide.drawn().asked()).sum())
        .setTilesDrawnRead(drawnRead)
        .setModelPixels(pixels.map(RecallKeeper::figures).orElse(null))
        .setModelObjects(figures(known, Unit.OBJECTS, Whose.MODEL))
        .setSystemPixels(figures(known, Unit.PIXELS, Whose.SYSTEM))
        .setSystemObjects(figures(known, Unit.OBJECTS, Whose.SYSTEM))
        .setRoutedModelPixels(figures(routed, Unit.PIXELS, Whose.MODEL))
        .setRoutedSystemPixels(figures(routed, Unit.PIXELS, Whose.SYSTEM));
    return pixels
        .map(Totals::recall)
        .filter(Ratio::known)
        .map(r -> group.with(new GroupCase.Point(now, r.value(), r.low(), r.high(), drawnRead)))
        .orElse(group.history());
  }

  /** Returns the slides of a group; the oldest beyond the most are forgotten. */
  private List<SlideCase> slidesOf(String key) {
    List<KeyValue<String, SlideCase>> all = new ArrayList<>();
    try (KeyValueIterator<String, SlideCase> some =
        slides.prefixScan(key + SEPARATOR, new StringSerializer())) {
      some.forEachRemaining(all::add);
    }
    all.sort(Comparator.comparingLong(slide -> slide.value.number()));
    int surplus = Math.max(0, all.size() - MOST_SLIDES);
    all.subList(0, surplus).forEach(slide -> slides.delete(slide.key));
    return all.subList(surplus, all.size()).stream().map(slide -> slide.value).toList();
  }

  private void raise(String[] names, RecallEstimate estimate, long now) {
    RecallAlarm alarm =
        RecallAlarm.newBuilder()
            .setOrgan(estimate.getOrgan())
            .setScanner(estimate.getScanner())
            .setModelVersion(estimate.getModelVersion())
            .setMissedShare(estimate.getMissedShare())
            .setMissedShareLow(estimate.getMissedShareLow())
            .setLevel(estimate.getLevel())
            .setSlides(estimate.getSlidesCounted())
            .setEvidence(estimate.getEvidence())
            .setLimit(estimate.getLimit())
            .setDetectedAt(Instant.ofEpochMilli(now))
            .build();
    forward(names, new RecallOutput.Alarm(alarm), now);
    listener.onRecallAlarm(alarm);
  }

  private void forward(String[] names, RecallOutput output, long now) {
    context.forward(new Record<>(String.join("/", names), output, now));
  }

  private static RecallFigures figures(List<SlideSums> slides, Unit unit, Whose whose) {
    return totals(slides, unit, whose).map(RecallKeeper::figures).orElse(null);
  }

  private static Optional<Totals> totals(List<SlideSums> slides, Unit unit, Whose whose) {
    return slides.isEmpty() ? Optional.empty() : RecallEstimator.totals(slides, unit, whose);
  }

  private static boolean standsForOthers(SlideSums slide) {
    return slide.strata().entrySet().stream()
        .anyMatch(stratum -> stratum.getKey() < 1 && stratum.getValue().read() > 0);
  }

  private static RecallFigures figures(Totals totals) {
    Ratio recall = totals.recall();
    Ratio precision = totals.precision();
    return RecallFigures.newBuilder()
        .setRecall(recall.known() ? Double.valueOf(recall.value()) : null)
        .setRecallLow(recall.low())
        .setRecallHigh(recall.high())
        .setPrecision(precision.known() ? Double.valueOf(precision.value()) : null)
        .setPrecisionLow(precision.low())
        .setPrecisionHigh(precision.high())
        .setFound(totals.found())
        .setMissed(totals.missed())
        .setWrong(totals.wrong())
        .setFoundFound(totals.foundFound())
        .setFoundMissed(totals.foundMissed())
        .setFoundWrong(totals.foundWrong())
        .setMissedMissed(totals.missedMissed())
        .setWrongWrong(totals.wrongWrong())
        .build();
  }

  private static ReaderAgreement agreement(ReaderComparison readers) {
    if (readers.tiles() == 0) {
      return null;
    }
    double kappa = readers.kappa();
    return ReaderAgreement.newBuilder()
        .setTiles(readers.tiles())
        .setBoth(readers.both())
        .setOnlyFirst(readers.onlyFirst())
        .setOnlySecond(readers.onlySecond())
        .setNeither(readers.neither())
        .setKappa(Double.isNaN(kappa) ? null : Double.valueOf(kappa))
        .setRecallByFirst(recall(readers.byFirst()))
        .setRecallBySecond(recall(readers.bySecond()))
        .build();
  }

  private static Double recall(Counts counts) {
    return counts.truth() == 0 ? null : Double.valueOf((double) counts.found() / counts.truth());
  }

  private static RecallPoint point(GroupCase.Point point) {
    return new RecallPoint(
        Instant.ofEpochMilli(point.at()), point.recall(), point.low(), point.high(), point.tiles());
  }
}
