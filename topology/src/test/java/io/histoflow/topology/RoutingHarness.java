package io.histoflow.topology;

import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.OrganThreshold;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.SlideReport;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileHeldBack;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/** The real topology with a mock registry. */
final class RoutingHarness implements AutoCloseable {
  private final TopologySettings settings;
  private final Map<String, Object> config;
  private final TopologyTestDriver driver;
  private Instant now;
  private final TestInputTopic<String, TileSegmented> segmented;
  private final TestInputTopic<String, SlideScanned> manifests;
  private final TestInputTopic<String, MaskCorrected> corrections;
  private final TestInputTopic<String, MaskCorrected> opinions;
  private final TestInputTopic<String, OrganThreshold> published;
  private final TestInputTopic<String, ReviewRequested> raised;
  private final TestOutputTopic<String, ReviewRequested> alerts;
  private final TestOutputTopic<String, OrganThreshold> thresholds;
  private final TestOutputTopic<String, SlideReport> reports;
  private final TestOutputTopic<String, TileHeldBack> heldBack;
  private final TestOutputTopic<String, DriftAlarm> driftAlarms;
  private final TestOutputTopic<String, RecallEstimate> estimates;
  private final TestOutputTopic<String, RecallAlarm> recallAlarms;

  RoutingHarness(RoutingSettings settings, Path stateDir) {
    this(TopologySettings.defaults().withRouting(settings), stateDir);
  }

  RoutingHarness(TopologySettings settings, Path stateDir) {
    this(settings, config(stateDir), TestRecords.START, RoutingTopology::build);
  }

  private RoutingHarness(
      TopologySettings settings, Map<String, Object> config, Instant now, Builder builder) {
    this.settings = settings;
    this.config = config;
    this.now = now;
    SubjectCatalogue.ensure(config);
    Topology topology = builder.build(settings, new StreamsConfig(config), TopologyListener.NONE);
    driver = new TopologyTestDriver(topology, properties(config), now);
    segmented = input(Topics.TILES_SEGMENTED);
    manifests = input(Topics.SLIDES_SCANNED);
    corrections = input(Topics.MASKS_CORRECTED);
    opinions = input(Topics.MASKS_OPINIONS);
    published = input(Topics.ORGANS_THRESHOLDS);
    raised = input(Topics.TILES_REVIEW);
    alerts = output(Topics.TILES_REVIEW);
    thresholds = output(Topics.ORGANS_THRESHOLDS);
    reports = output(Topics.SLIDES_REPORTED);
    heldBack = output(Topics.TILES_HELD_BACK);
    driftAlarms = output(Topics.DRIFT_ALARMS);
    estimates = output(Topics.RECALL_ESTIMATES);
    recallAlarms = output(Topics.RECALL_ALARMS);
  }

  /** Starts routing without drift alarm and reports. */
  static RoutingHarness routingAlone(RoutingSettings settings, Path stateDir) {
    return new RoutingHarness(
        TopologySettings.defaults().withRouting(settings),
        config(stateDir),
        TestRecords.START,
        RoutingTopology::routingAlone);
  }

  static Map<String, Object> config(Path stateDir) {
    return TaskTopologies.unconnected("routing-test", stateDir);
  }

  static Topology topology(TopologySettings settings, Map<String, Object> config) {
    return RoutingTopology.build(settings, new StreamsConfig(config), TopologyListener.NONE);
  }

  void segment(TileSegmented tile) {
    segmented.pipeInput(tile.getSlideId(), tile);
  }

  void segment(String key, TileSegmented tile) {
    segmented.pipeInput(key, tile);
  }

  /** Feeds a tile that was segmented at a time, and lets the clock reach that time. */
  void segment(TileSegmented tile, Instant at) {
    reach(at);
    segmentStamped(tile, at);
  }

  /** Lets the clock reach a time. */
  void reach(Instant at) {
    if (at.isAfter(now)) {
      pass(Duration.between(now, at));
    }
  }

  /** Feeds a tile whose timestamp need not be that of the clock. */
  void segmentStamped(TileSegmented tile, Instant stamp) {
    segmented.pipeInput(tile.getSlideId(), tile, stamp);
  }

  void scan(String slideId, String organ, int tiles) {
    manifests.pipeInput(slideId, TestRecords.manifest(slideId, organ, tiles));
  }

  void correct(String slideId, String tileId) {
    corrections.pipeInput(tileId, TestRecords.correction(slideId, tileId));
  }

  void correct(MaskCorrected correction) {
    corrections.pipeInput(correction.getTileId(), correction);
  }

  /** Gives an opinion beside the verdict. */
  void opine(MaskCorrected opinion) {
    opinions.pipeInput(opinion.getTileId(), opinion);
  }

  /** Deletes a verdict. */
  void takeBack(String tileId) {
    corrections.pipeInput(tileId, (MaskCorrected) null);
  }

  /** Raises an alert, in the place of this topology's own. */
  void alert(ReviewRequested alert) {
    raised.pipeInput(alert.getSegmentation().getTileId(), alert);
  }

  void scan(SlideScanned manifest) {
    manifests.pipeInput(manifest.getSlideId(), manifest);
  }

  /** Deletes a slide's manifest. */
  void remove(String slideId) {
    manifests.pipeInput(slideId, (SlideScanned) null);
  }

  /** Deletes a slide's manifest at a time. */
  void remove(String slideId, Instant at) {
    manifests.pipeInput(slideId, null, at);
  }

  /** Publishes what keepers say of an organ, in the place of this topology's own. */
  void publish(OrganThreshold threshold) {
    published.pipeInput(threshold.getOrgan(), threshold);
  }

  void pass(Duration time) {
    driver.advanceWallClockTime(time);
    now = now.plus(time);
  }

  /** Returns the bytes of every store, as a commit makes them durable. */
  Map<String, List<KeyValue<Bytes, byte[]>>> committed() {
    Map<String, List<KeyValue<Bytes, byte[]>>> stores = new HashMap<>();
    for (String name : driver.getAllStateStores().keySet()) {
      List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
      try (KeyValueIterator<Bytes, byte[]> all = bytes(driver, name).all()) {
        all.forEachRemaining(entries::add);
      }
      stores.put(name, entries);
    }
    return stores;
  }

  /** Ends this instance and starts another from what was committed. */
  RoutingHarness crash(Map<String, List<KeyValue<Bytes, byte[]>>> committed) {
    close();
    RoutingHarness next = new RoutingHarness(settings, config, now, RoutingTopology::build);
    committed.forEach((name, entries) -> bytes(next.driver, name).putAll(entries));
    return next;
  }

  /** Returns the innermost layer of a store, which is what its changelog restores. */
  @SuppressWarnings("unchecked")
  private static KeyValueStore<Bytes, byte[]> bytes(TopologyTestDriver driver, String name) {
    StateStore store = driver.getAllStateStores().get(name);
    while (store instanceof WrappedStateStore<?, ?, ?> layer) {
      store = layer.wrapped();
    }
    return (KeyValueStore<Bytes, byte[]>) store;
  }

  List<KeyValue<String, ReviewRequested>> alerts() {
    return alerts.readKeyValuesToList();
  }

  List<OrganThreshold> thresholdRecords() {
    return thresholds.readValuesToList();
  }

  /** Returns the latest threshold of each organ. */
  Map<String, OrganThreshold> thresholds() {
    return latest(thresholds.readKeyValuesToList());
  }

  List<SlideReport> reports() {
    return reports.readValuesToList();
  }

  /** Returns the report of each slide; null where it was taken out. */
  Map<String, SlideReport> reportsAndTombstones() {
    return latest(reports.readKeyValuesToList());
  }

  /** Returns the number of entries of a store. */
  int size(String store) {
    return committed().get(store).size();
  }

  List<TileHeldBack> heldBack() {
    return heldBack.readValuesToList();
  }

  List<KeyValue<String, DriftAlarm>> driftAlarms() {
    return driftAlarms.readKeyValuesToList();
  }

  /** Returns the latest estimate of each organ, scanner and version. */
  Map<String, RecallEstimate> estimates() {
    return latest(estimates.readKeyValuesToList());
  }

  List<RecallAlarm> recallAlarms() {
    return recallAlarms.readValuesToList();
  }

  @Override
  public void close() {
    driver.close();
  }

  /** Builds a topology. */
  private interface Builder {
    Topology build(TopologySettings settings, StreamsConfig config, TopologyListener listener);
  }

  private static <V> Map<String, V> latest(List<KeyValue<String, V>> records) {
    Map<String, V> latest = new LinkedHashMap<>();
    records.forEach(record -> latest.put(record.key, record.value));
    return latest;
  }

  private <V extends SpecificRecord> TestInputTopic<String, V> input(TopicSpec<V> spec) {
    Serde<V> serde = AvroSerdes.of(spec, config);
    return driver.createInputTopic(
        spec.name(),
        new StringSerializer(),
        serde.serializer(),
        TestRecords.START,
        Duration.ofMillis(1));
  }

  private <V extends SpecificRecord> TestOutputTopic<String, V> output(TopicSpec<V> spec) {
    return driver.createOutputTopic(
        spec.name(), new StringDeserializer(), AvroSerdes.of(spec, config).deserializer());
  }

  private static Properties properties(Map<String, Object> config) {
    Properties properties = new Properties();
    config.forEach((key, value) -> properties.put(key, value.toString()));
    properties.put(
        StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class.getName());
    return properties;
  }
}
