package io.histoflow.loadtests.recall;

import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TaskTopologies;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.TopologySettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * The real topology, for which Kafka Streams' test driver stands for the brokers: segmented tiles
 * and verdicts go in, alerts and estimates come out. Not safe for use by several threads.
 */
final class RecallDeployment implements AutoCloseable {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final TopologyTestDriver driver;
  private final TestInputTopic<String, TileSegmented> segmented;
  private final TestInputTopic<String, MaskCorrected> corrected;
  private final TestOutputTopic<String, ReviewRequested> alerts;
  private final TestOutputTopic<String, RecallEstimate> published;
  private final TestOutputTopic<String, RecallAlarm> raised;
  private final List<RecallAlarm> alarms = new ArrayList<>();
  private final Map<String, RecallEstimate> estimates = new TreeMap<>();

  /**
   * Starts it.
   *
   * @param folder of its state, of no other deployment
   */
  RecallDeployment(RoutingSettings routing, Path folder) {
    Map<String, Object> config = TaskTopologies.unconnected("recall-bench", folder);
    SubjectCatalogue.ensure(config);
    Properties properties = new Properties();
    properties.putAll(config);
    driver =
        new TopologyTestDriver(
            RoutingTopology.build(
                TopologySettings.defaults().withRouting(routing),
                new StreamsConfig(config),
                TopologyListener.NONE),
            properties,
            START);
    segmented = input(Topics.TILES_SEGMENTED, config);
    corrected = input(Topics.MASKS_CORRECTED, config);
    alerts = output(Topics.TILES_REVIEW, config);
    published = output(Topics.RECALL_ESTIMATES, config);
    raised = output(Topics.RECALL_ALARMS, config);
  }

  void segment(TileSegmented tile) {
    segmented.pipeInput(tile.getSlideId(), tile);
  }

  void judge(MaskCorrected verdict) {
    corrected.pipeInput(verdict.getTileId(), verdict);
  }

  /** Returns the alerts since the last call. */
  List<ReviewRequested> alerts() {
    return alerts.readValuesToList().stream().filter(Objects::nonNull).toList();
  }

  /** Lets the clock go on. */
  void pass(Duration time) {
    driver.advanceWallClockTime(time);
    published.readKeyValuesToList().forEach(one -> estimates.put(one.key, one.value));
    alarms.addAll(raised.readValuesToList());
    // A driver keeps every record of every topic, changelogs included.
    for (String topic : driver.producedTopicNames()) {
      if (!topic.equals(Topics.TILES_REVIEW.name())) {
        driver
            .createOutputTopic(topic, new StringDeserializer(), new StringDeserializer())
            .readRecordsToList();
      }
    }
  }

  /** Returns all alarms of recall. */
  List<RecallAlarm> alarms() {
    return List.copyOf(alarms);
  }

  /** Returns the latest estimate of each group. */
  List<RecallEstimate> estimates() {
    return List.copyOf(estimates.values());
  }

  @Override
  public void close() {
    driver.close();
  }

  private <V extends SpecificRecord> TestInputTopic<String, V> input(
      TopicSpec<V> spec, Map<String, Object> config) {
    return driver.createInputTopic(
        spec.name(), new StringSerializer(), AvroSerdes.of(spec, config).serializer());
  }

  private <V extends SpecificRecord> TestOutputTopic<String, V> output(
      TopicSpec<V> spec, Map<String, Object> config) {
    return driver.createOutputTopic(
        spec.name(), new StringDeserializer(), AvroSerdes.of(spec, config).deserializer());
  }
}
