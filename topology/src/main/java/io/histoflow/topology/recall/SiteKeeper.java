package io.histoflow.topology.recall;

import io.histoflow.schemas.RecallAlarm;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Bets on all slides of a version of the weights, whatever their organ and scanner, in the order in
 * which they become evidence: a little more that is missed everywhere shows long before any organ
 * has slides enough. Which slide comes next looks at no value, so the game is as fair as that of
 * one organ.
 */
final class SiteKeeper implements Processor<String, RecallOutput.Settled, String, RecallAlarm> {
  /** In the place of organ and scanner in the key of an alarm. */
  private static final String ALL = "*";

  // Versions are made here, but their numbers come from outside.
  private static final int MOST_VERSIONS = 10_000;

  private final RecallSettings settings;
  private final RecallListener listener;
  private ProcessorContext<String, RecallAlarm> context;
  private KeyValueStore<String, SiteCase> versions;
  private int known;

  SiteKeeper(RecallSettings settings, RecallListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  @Override
  public void init(ProcessorContext<String, RecallAlarm> processorContext) {
    context = processorContext;
    versions = context.getStateStore(RecallPart.VERSIONS);
    known = 0;
    try (KeyValueIterator<String, SiteCase> all = versions.all()) {
      all.forEachRemaining(version -> known++);
    }
  }

  @Override
  public void process(Record<String, RecallOutput.Settled> slide) {
    // A bet against one level says nothing of another.
    String version = slide.value().modelVersion() + "@" + settings.level();
    SiteCase site = versions.get(version);
    if (site == null) {
      if (known >= MOST_VERSIONS) {
        return;
      }
      known++;
      site = SiteCase.first(known, settings.level());
    }
    site.evidence().add(slide.value().missedShare());
    site.sequence().add(slide.value().missedShare());
    double limit = RecallKeeper.limit(site.number());
    boolean alarms = !site.alarmed() && site.evidence().logEvidence() >= limit;
    versions.put(
        version,
        new SiteCase(site.number(), site.alarmed() || alarms, site.evidence(), site.sequence()));
    if (alarms) {
      raise(slide.value().modelVersion(), site, limit);
    }
  }

  private void raise(long version, SiteCase site, double limit) {
    long now = context.currentSystemTimeMs();
    RecallAlarm alarm =
        RecallAlarm.newBuilder()
            .setOrgan("")
            .setScanner("")
            .setModelVersion(version)
            .setMissedShare(site.sequence().mean())
            .setMissedShareLow(site.sequence().low())
            .setLevel(settings.level())
            .setSlides(site.sequence().count())
            .setEvidence(site.evidence().logEvidence())
            .setLimit(limit)
            .setDetectedAt(Instant.ofEpochMilli(now))
            .setAllOrgans(true)
            .build();
    context.forward(new Record<>(String.join("/", ALL, ALL, Long.toString(version)), alarm, now));
    listener.onRecallAlarm(alarm);
  }
}
