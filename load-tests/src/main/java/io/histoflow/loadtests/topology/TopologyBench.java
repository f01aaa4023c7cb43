package io.histoflow.loadtests.topology;

import static java.util.Objects.requireNonNull;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.routing.StreamsSettings;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.topology.RoutingTopology;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.TopologySettings;
import io.histoflow.topology.streams.Contracts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;

/**
 * What routing costs: records per second of the routing topology, alone and with drift alarm and
 * slide reports, beside a topology that reads and writes every record with the same serdes and does
 * nothing else. All run as the routing service configures Kafka Streams, one after the other in
 * each round, on the same records and the same embedded broker.
 *
 * <p>A rate is taken between commits, from a fifth of the records to the last one: starting up does
 * not count, and work that was not committed does not either. Where one commit holds them all, it
 * is taken from the start. A first round warms the JVM up and is left out. CPU time is that of the
 * whole process, so the embedded broker and the clients count.
 */
public final class TopologyBench {
  private static final String PHASE = "topology bench";
  private static final String PASSED = "histoflow.bench.passed-through-";
  private static final int START_SHARE = 5;
  private static final int WARM_UP_ROUNDS = 1;
  private static final double MICROS = 1e6;

  private final TopologyBenchSettings settings;
  private final ProgressListener progress;
  private final TopologySettings topology = TopologySettings.defaults();

  /**
   * @param settings what to measure
   * @param progress told about each step
   */
  public TopologyBench(TopologyBenchSettings settings, ProgressListener progress) {
    this.settings = requireNonNull(settings, "settings");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * Runs the benchmark.
   *
   * @param dataDir an empty folder for the broker's, the registry's and Kafka Streams' data
   * @throws BenchException when a topology stops
   */
  public TopologyBenchResult run(Path dataDir) {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(dataDir.resolve("platform"));
        Admin admin = new KafkaClients(platform.config(), "bench").admin()) {
      ServiceConfig config = platform.config();
      SubjectCatalogue.ensure(config.clientProperties());
      int rounds = WARM_UP_ROUNDS + settings.rounds();
      int steps = 1 + 3 * rounds;
      progress.onProgress(PHASE, 0, steps, "publishing " + settings.tiles() + " tiles");
      publish(config);
      GroupOffsets offsets = new GroupOffsets(admin, Topics.TILES_SEGMENTED.name());
      List<Cost> passThrough = new ArrayList<>();
      List<Cost> routing = new ArrayList<>();
      List<Cost> whole = new ArrayList<>();
      List<Double> restored = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        int done = 1 + 3 * round;
        progress.onProgress(PHASE, done, steps, "passing through");
        String passed = PASSED + round;
        createTopic(admin, passed);
        StreamsConfig passing = streams(config, dataDir, "pass-through-" + round);
        passThrough.add(cost(passThrough(passing, passed), passing, offsets));
        admin.deleteTopics(List.of(passed)).all().get();
        progress.onProgress(PHASE, done + 1, steps, "routing");
        StreamsConfig alone = streams(config, dataDir, "routing-" + round);
        routing.add(cost(routing(alone), alone, offsets));
        progress.onProgress(PHASE, done + 2, steps, "routing, drift and reports");
        StreamsConfig all = streams(config, dataDir, "whole-" + round);
        whole.add(cost(whole(all), all, offsets));
        restored.add(restore(whole(all), streams(config, dataDir.resolve("fresh"), id(all))));
      }
      progress.onProgress(PHASE, steps, steps, "done");
      return new TopologyBenchResult(
          settings,
          Runtime.getRuntime().availableProcessors(),
          costs(passThrough),
          costs(routing),
          costs(whole),
          restored.subList(WARM_UP_ROUNDS, rounds));
    } catch (ExecutionException e) {
      throw new BenchException("The bench could not go on: " + e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }

  private void publish(ServiceConfig config) {
    SegmentedTiles tiles = new SegmentedTiles(settings);
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (Producer<String, TileSegmented> producer =
        new KafkaClients(config, "bench")
            .producer(Topics.TILES_SEGMENTED, Map.of(ProducerConfig.LINGER_MS_CONFIG, 20))) {
      for (int i = 0; i < settings.tiles(); i++) {
        TileSegmented tile = tiles.next(i);
        var unused =
            producer.send(
                new ProducerRecord<>(Topics.TILES_SEGMENTED.name(), tile.getSlideId(), tile),
                (metadata, e) -> failure.compareAndSet(null, e));
      }
    }
    if (failure.get() != null) {
      throw new BenchException("A tile was not published: " + failure.get().getMessage());
    }
  }

  private static void createTopic(Admin admin, String name)
      throws ExecutionException, InterruptedException {
    NewTopic topic =
        new NewTopic(name, Topics.TILES_SEGMENTED.partitions(), (short) 1)
            .configs(
                Map.of(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(Topics.TILES_SEGMENTED.maxMessageBytes())));
    admin.createTopics(List.of(topic)).all().get();
  }

  private static StreamsConfig streams(ServiceConfig config, Path folder, String id) {
    Map<String, Object> streams = new HashMap<>(StreamsSettings.of(config).originals());
    streams.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    streams.put(StreamsConfig.CLIENT_ID_CONFIG, id);
    streams.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
    return new StreamsConfig(streams);
  }

  private static String id(StreamsConfig config) {
    return config.getString(StreamsConfig.APPLICATION_ID_CONFIG);
  }

  private static Topology passThrough(StreamsConfig config, String output) {
    // Its output topic is in no catalogue, so nobody else registers its contract.
    Map<String, Object> registry = new HashMap<>(config.originals());
    registry.put("auto.register.schemas", true);
    Contracts contracts = new Contracts(registry);
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    contracts
        .read(builder, Topics.TILES_SEGMENTED, "read-segmentations")
        .to(output, contracts.produced(Topics.TILES_SEGMENTED, "write-segmentations"));
    return builder.build();
  }

  private Topology routing(StreamsConfig config) {
    return RoutingTopology.routingAlone(topology, config, TopologyListener.NONE);
  }

  private Topology whole(StreamsConfig config) {
    return RoutingTopology.build(topology, config, TopologyListener.NONE);
  }

  private static TopologyBenchResult.Costs costs(List<Cost> rounds) {
    List<Cost> warm = rounds.subList(WARM_UP_ROUNDS, rounds.size());
    return new TopologyBenchResult.Costs(
        warm.stream().map(Cost::perSecond).toList(), warm.stream().map(Cost::cpuMicros).toList());
  }

  private Cost cost(Topology measured, StreamsConfig config, GroupOffsets offsets) {
    try (KafkaStreams streams = new KafkaStreams(measured, config)) {
      streams.start();
      Waiting.until(
          id(config) + " to run",
          () -> streams.state() == KafkaStreams.State.RUNNING || hasEnded(streams, config));
      Mark[] from = {Mark.at(0)};
      Waiting.until(
          id(config) + " to read a fifth of the tiles",
          () -> {
            Mark now = Mark.at(offsets.committed(id(config)));
            boolean read = now.tiles() >= settings.tiles() / START_SHARE;
            // Few tiles may all be in the first commit: then nothing is left to measure after it.
            if (read && now.tiles() < settings.tiles()) {
              from[0] = now;
            }
            return read || hasEnded(streams, config);
          });
      Waiting.until(
          id(config) + " to read all tiles",
          () -> offsets.committed(id(config)) >= settings.tiles() || hasEnded(streams, config));
      return from[0].costUntil(Mark.at(settings.tiles()));
    }
  }

  /** Starts where there is no state: all of it comes from the brokers. Returns tiles a second. */
  private double restore(Topology measured, StreamsConfig config) {
    RestoreClock clock = new RestoreClock();
    try (KafkaStreams streams = new KafkaStreams(measured, config)) {
      streams.setGlobalStateRestoreListener(clock);
      streams.start();
      Waiting.until(
          id(config) + " to restore its state",
          () -> streams.state() == KafkaStreams.State.RUNNING || hasEnded(streams, config));
      if (clock.restored() < settings.tiles()) {
        throw new BenchException(
            "Only %d records came back for %d tiles: there was state already."
                .formatted(clock.restored(), settings.tiles()));
      }
      return settings.tiles() / clock.seconds();
    }
  }

  private record Cost(double perSecond, double cpuMicros) {}

  /** How many tiles were committed when, and what CPU time the process had used by then. */
  private record Mark(long tiles, long nanos, double cpuSeconds) {
    static Mark at(long tiles) {
      return new Mark(tiles, System.nanoTime(), CpuClock.seconds());
    }

    Cost costUntil(Mark end) {
      long done = end.tiles - tiles;
      return new Cost(
          done / ((end.nanos - nanos) / 1e9), (end.cpuSeconds - cpuSeconds) * MICROS / done);
    }
  }

  private static boolean hasEnded(KafkaStreams streams, StreamsConfig config) {
    if (streams.state().hasCompletedShutdown()) {
      throw new BenchException("The topology " + id(config) + " ended: see the log.");
    }
    return false;
  }
}
