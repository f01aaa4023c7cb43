package io.histoflow.loadtests.routing;

import io.histoflow.platform.kafka.Partitions;
import io.histoflow.schemas.AvroSerdes;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.TaskTopologies;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.TopologySettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * The routing topology on several partitions, in one thread and without brokers. Kafka Streams'
 * test driver runs one task: each partition of the segmentations has a driver for its router, and
 * one more merges what they tell, as the tasks by organ do. Summaries and thresholds travel between
 * them when {@link #exchange} is called, as bytes.
 */
final class RoutingPartitions implements AutoCloseable {
  private static final String APPLICATION = "routing-bench";

  private final Map<String, Object> config;
  private final List<Router> routers = new ArrayList<>();
  private final TopologyTestDriver keeper;
  private final TestInputTopic<byte[], byte[]> summariesIn;
  private final TestOutputTopic<byte[], byte[]> thresholdsOut;

  RoutingPartitions(
      TopologySettings settings,
      int partitions,
      Path folder,
      Instant start,
      TopologyListener listener) {
    config = TaskTopologies.unconnected(APPLICATION, folder);
    SubjectCatalogue.ensure(config);
    StreamsConfig streams = new StreamsConfig(config);
    for (int partition = 0; partition < partitions; partition++) {
      routers.add(
          new Router(
              driver(
                  TaskTopologies.routers(settings, streams, listener, partition),
                  folder.resolve("router-" + partition),
                  start)));
    }
    keeper =
        driver(
            TaskTopologies.keepers(settings, streams, listener), folder.resolve("keeper"), start);
    summariesIn = input(keeper, TaskTopologies.summaries(APPLICATION));
    thresholdsOut = output(keeper, Topics.ORGANS_THRESHOLDS.name());
  }

  /** Feeds a tile to the partition of its slide, as a producer chooses it. */
  void segment(TileSegmented tile, Instant at) {
    byte[] key = tile.getSlideId().getBytes(StandardCharsets.UTF_8);
    int partition = Partitions.ofKey(key, routers.size());
    routers.get(partition).segmented.pipeInput(tile.getSlideId(), tile, at);
  }

  /**
   * Commits once: the thresholds that the keeper has made since the last commit reach every router,
   * and the routers' summaries reach the keeper. So what a router tells comes back two commits
   * later, as between tasks that each wait for their own.
   */
  void exchange() {
    thresholdsOut
        .readRecordsToList()
        .forEach(
            record ->
                routers.forEach(
                    router ->
                        router.thresholds.pipeInput(
                            record.key(), record.value(), record.getRecordTime())));
    for (Router router : routers) {
      router
          .summaries
          .readRecordsToList()
          .forEach(
              record ->
                  summariesIn.pipeInput(record.key(), record.value(), record.getRecordTime()));
    }
  }

  /** Lets time pass. */
  void pass(Duration time) {
    routers.forEach(router -> router.driver.advanceWallClockTime(time));
    keeper.advanceWallClockTime(time);
    routers.forEach(router -> forget(router.driver, TaskTopologies.summaries(APPLICATION)));
    forget(keeper, Topics.ORGANS_THRESHOLDS.name());
  }

  @Override
  public void close() {
    routers.forEach(router -> router.driver.close());
    keeper.close();
  }

  /** A driver keeps every record of every topic, changelogs included. */
  private static void forget(TopologyTestDriver driver, String underWay) {
    for (String topic : driver.producedTopicNames()) {
      if (!topic.equals(underWay)) {
        output(driver, topic).readRecordsToList();
      }
    }
  }

  private TopologyTestDriver driver(Topology topology, Path folder, Instant start) {
    Map<String, Object> own = new HashMap<>(config);
    own.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    Properties properties = new Properties();
    properties.putAll(own);
    return new TopologyTestDriver(topology, properties, start);
  }

  private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The router of one partition. */
  private final class Router {
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, TileSegmented> segmented;
    private final TestInputTopic<byte[], byte[]> thresholds;
    private final TestOutputTopic<byte[], byte[]> summaries;

    Router(TopologyTestDriver driver) {
      this.driver = driver;
      this.segmented =
          driver.createInputTopic(
              Topics.TILES_SEGMENTED.name(),
              new StringSerializer(),
              AvroSerdes.of(Topics.TILES_SEGMENTED, config).serializer());
      this.thresholds = input(driver, Topics.ORGANS_THRESHOLDS.name());
      this.summaries = output(driver, TaskTopologies.summaries(APPLICATION));
    }
  }
}
