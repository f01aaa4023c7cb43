package io.histoflow.topology.drift;

import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.streams.Contracts;
import io.histoflow.topology.streams.JournaledStates;
import io.histoflow.topology.summaries.RouterNews;
import java.util.function.Consumer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;

/** Adds the drift alarm to a topology: {@code watch-drift}, by organ. */
public final class DriftPart {
  static final String ORGAN_DRIFT = "organ-drift";

  private DriftPart() {}

  /**
   * Adds what compares tiles with their reference.
   *
   * @param builder of the topology
   * @param summaries what routers tell, by organ
   * @param settings when tiles count as drifted
   * @param contracts writes the alarms
   * @param listener hears each alarm, on the topology's threads
   */
  public static void watch(
      StreamsBuilder builder,
      KStream<String, RouterNews> summaries,
      DriftSettings settings,
      Contracts contracts,
      Consumer<DriftAlarm> listener) {
    builder.addStateStore(JournaledStates.store(ORGAN_DRIFT));
    contracts.write(
        summaries.process(
            () -> new DriftWatch(settings, listener), Named.as("watch-drift"), ORGAN_DRIFT),
        Topics.DRIFT_ALARMS,
        "write-drift-alarms");
  }
}
