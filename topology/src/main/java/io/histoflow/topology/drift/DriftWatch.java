package io.histoflow.topology.drift;

import io.histoflow.schemas.DistributionSummary;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftFinding;
import io.histoflow.schemas.DriftState;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.summaries.RouterNews;
import io.histoflow.topology.summaries.ScoreKind;
import io.histoflow.topology.summaries.ScoreSummary;
import io.histoflow.topology.summaries.TileFigures;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Merges the summaries of all routers and compares the latest tiles of each organ and scanner with
 * their reference. A drift is said once, and once more when it is over.
 */
final class DriftWatch implements Processor<String, RouterNews, String, DriftAlarm> {
  private static final char SEPARATOR = '\0';

  /** Of organs on scanners: their names come from outside. */
  private static final int MOST_WATCHED = 10_000;

  private final DriftSettings settings;
  private final Consumer<DriftAlarm> listener;
  private ProcessorContext<String, DriftAlarm> context;
  private JournaledStates<DriftHistory, DriftHistory.Told> histories;
  private Set<String> watched;

  DriftWatch(DriftSettings settings, Consumer<DriftAlarm> listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, DriftAlarm> processorContext) {
    context = processorContext;
    histories =
        new JournaledStates<>(
            context.getStateStore(DriftPart.ORGAN_DRIFT), DriftHistory.format(settings));
    watched = histories.keys();
  }

  @Override
  public void process(Record<String, RouterNews> record) {
    ScoreSummary summary = record.value().summary();
    summary
        .figures()
        .forEach((scanner, tiles) -> add(record.key(), scanner, summary.kind(), tiles));
  }

  private void add(String organ, String scanner, ScoreKind kind, TileFigures tiles) {
    // Scanners may have no name, organs have one: keys do not end as those of journals do.
    String key = scanner + SEPARATOR + organ;
    if (watched.size() < MOST_WATCHED) {
      watched.add(key);
    } else if (!watched.contains(key)) {
      return;
    }
    DriftHistory history = histories.get(key);
    Optional<DriftHistory.Comparison> comparison = history.add(kind.modelVersion(), tiles);
    histories.append(key, history, new DriftHistory.Told(kind.modelVersion(), tiles));
    comparison
        .filter(DriftHistory.Comparison::news)
        .map(news -> alarm(organ, scanner, history.modelVersion(), news))
        .ifPresent(this::raise);
  }

  private void raise(DriftAlarm alarm) {
    context.forward(
        new Record<>(
            alarm.getOrgan() + "/" + alarm.getScanner(), alarm, context.currentSystemTimeMs()));
    listener.accept(alarm);
  }

  private DriftAlarm alarm(
      String organ, String scanner, long modelVersion, DriftHistory.Comparison news) {
    return DriftAlarm.newBuilder()
        .setOrgan(organ)
        .setScanner(scanner)
        .setState(news.drifted() ? DriftState.DRIFTED : DriftState.NORMAL)
        .setModelVersion(modelVersion)
        .setEntropy(finding(news.entropy()))
        .setPositiveArea(finding(news.positiveArea()))
        .setDetectedAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
        .build();
  }

  private static DriftFinding finding(KolmogorovSmirnov.Result result) {
    return DriftFinding.newBuilder()
        .setReference(summary(result.reference()))
        .setWindow(summary(result.window()))
        .setDistance(result.distance())
        .setLimit(result.limit())
        .setPValue(result.probability())
        .setDesignEffect(result.designEffect())
        .setDrifted(result.drifted())
        .build();
  }

  private static DistributionSummary summary(KllDoublesSketch sketch) {
    return DistributionSummary.newBuilder()
        .setCount(sketch.getN())
        .setMin(sketch.getMinItem())
        .setP10(sketch.getQuantile(0.1))
        .setP25(sketch.getQuantile(0.25))
        .setP50(sketch.getQuantile(0.5))
        .setP75(sketch.getQuantile(0.75))
        .setP90(sketch.getQuantile(0.9))
        .setMax(sketch.getMaxItem())
        .setSketch(ByteBuffer.wrap(sketch.toByteArray()))
        .build();
  }
}
