package io.histoflow.platform.embedded;

import io.histoflow.platform.lifecycle.Causes;
import io.histoflow.platform.lifecycle.PartNotice;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node, broker and KRaft controller at once, in this process, on loopback ports.
 *
 * <p>Started again on the same directory it has the same cluster id, topics, records and offsets.
 * Its ports may differ: the quorum's only voter is named by configuration and not on disk. A disk
 * that fails or is full ends the whole process: Kafka halts rather than lose records; the listener
 * hears it first.
 */
final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String CLIENTS = "CLIENTS";
  private static final int NODE_ID = 1;
  private static final int ATTEMPTS = 3;
  private static final String GROUP_SESSION_MS = "10000";
  private static final String GROUP_HEARTBEAT_MS = "1000";

  /** What a cluster of one node needs. */
  private static final Map<String, String> SINGLE_NODE =
      Map.ofEntries(
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("auto.create.topics.enable", "false"),
          // A group on this machine has few members: they need not wait for more to join.
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.streams.initial.rebalance.delay.ms", "0"),
          Map.entry("group.consumer.assignment.interval.ms", "0"),
          Map.entry("group.streams.assignment.interval.ms", "0"),
          // On one machine a silent worker is a dead one: its work moves on after this time.
          Map.entry("group.consumer.session.timeout.ms", GROUP_SESSION_MS),
          Map.entry("group.consumer.min.session.timeout.ms", GROUP_SESSION_MS),
          Map.entry("group.consumer.heartbeat.interval.ms", GROUP_HEARTBEAT_MS),
          Map.entry("group.consumer.min.heartbeat.interval.ms", GROUP_HEARTBEAT_MS),
          Map.entry("group.streams.session.timeout.ms", GROUP_SESSION_MS),
          Map.entry("group.streams.min.session.timeout.ms", GROUP_SESSION_MS),
          Map.entry("group.streams.heartbeat.interval.ms", GROUP_HEARTBEAT_MS),
          Map.entry("group.streams.min.heartbeat.interval.ms", GROUP_HEARTBEAT_MS),
          // After a kill the controller takes a new broker only when the old one's session ends.
          Map.entry("broker.session.timeout.ms", "5000"),
          Map.entry("broker.heartbeat.interval.ms", "1000"),
          // A laptop sleeps for weeks: positions must not be forgotten (10 years, in minutes).
          Map.entry("offsets.retention.minutes", "5256000"));

  /** Sizes that suit a laptop: one disk, few clients, a small heap. */
  private static final Map<String, String> SMALL =
      Map.ofEntries(
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("num.recovery.threads.per.data.dir", "1"),
          Map.entry("group.coordinator.threads", "1"),
          Map.entry("share.coordinator.threads", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          // Must exceed the largest record, 64 MiB of decoder weights.
          Map.entry("log.segment.bytes", Integer.toString(128 << 20)),
          Map.entry("log.index.size.max.bytes", Integer.toString(1 << 20)),
          Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20)),
          Map.entry("log.cleaner.io.buffer.size", Integer.toString(128 << 10)),
          // Requests are read into memory as they come: whoever sends many large ones waits.
          Map.entry("queued.max.request.bytes", Integer.toString(192 << 20)),
          // JMX would let two brokers in one process collide.
          Map.entry("metric.reporters", ""));

  private final KafkaRaftServer server;
  private final int port;
  private boolean closed;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts the node and returns when clients can use it.
   *
   * @param directory where its data lies; formatted when it is new
   * @param ports proposes the port for clients, and another when that is taken meanwhile
   * @param listener hears why the process is about to be halted
   * @throws ServiceException when it cannot start
   */
  static EmbeddedBroker start(Path directory, IntSupplier ports, Consumer<PartNotice> listener) {
    return start(directory, ports, listener, Map.of());
  }

  /**
   * As the other.
   *
   * @param overrides Kafka's settings that take the place of ours; clients come in by the listener
   *     {@value #CLIENTS}
   */
  static EmbeddedBroker start(
      Path directory,
      IntSupplier ports,
      Consumer<PartNotice> listener,
      Map<String, String> overrides) {
    format(directory);
    tellBeforeHalting(directory, listener);
    for (int attempt = 1; ; attempt++) {
      int port = ports.getAsInt();
      int controllerPort = LoopbackPorts.free(0);
      KafkaRaftServer server =
          new KafkaRaftServer(
              KafkaConfig.fromProps(settings(directory, port, controllerPort, overrides)),
              Time.SYSTEM);
      try {
        server.startup();
        return new EmbeddedBroker(server, port);
      } catch (RuntimeException e) {
        server.shutdown();
        if (attempt == ATTEMPTS || !Causes.areAny(e, BindException.class)) {
          throw new ServiceException(
              "The embedded Kafka broker cannot start on " + directory + ": " + Sentences.of(e), e);
        }
        log.atDebug().addKeyValue("port", port).log("The port was taken; trying another");
      }
    }
  }

  /** Returns the address for {@code bootstrap.servers}. */
  String bootstrapServers() {
    return LoopbackPorts.HOST + ":" + port;
  }

  /** Returns the port that clients use. */
  int port() {
    return port;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      server.shutdown();
      server.awaitShutdown();
    }
  }

  /** Kafka's own way to end the process; a message in its log says more. */
  private static void tellBeforeHalting(Path directory, Consumer<PartNotice> listener) {
    Exit.Procedure last =
        (status, message) -> {
          try {
            listener.accept(
                new PartNotice(
                    "broker",
                    PartNotice.State.DOWN,
                    "It cannot go on, most likely because it cannot write ("
                        + new DiskSpace(directory).free()
                        + "), and ends this process rather than lose records: make room, then start"
                        + " again; what was acknowledged is kept."));
          } finally {
            Runtime.getRuntime().halt(status == 0 ? 1 : status);
          }
        };
    Exit.setHaltProcedure(last);
    Exit.setExitProcedure(last);
  }

  private static void format(Path directory) {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try {
      Files.createDirectories(directory);
      new Formatter()
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(directory.toString())
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
    } catch (Exception e) {
      throw new ServiceException(
          "The directory %s cannot be prepared for the embedded Kafka broker: %s"
              .formatted(directory, Sentences.of(e)),
          e);
    }
  }

  private static Properties settings(
      Path directory, int port, int controllerPort, Map<String, String> overrides) {
    String broker = CLIENTS + "://" + LoopbackPorts.HOST + ":" + port;
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            Integer.toString(NODE_ID),
            "listeners",
            broker + ",CONTROLLER://" + LoopbackPorts.HOST + ":" + controllerPort,
            "advertised.listeners",
            broker,
            "inter.broker.listener.name",
            CLIENTS,
            "controller.listener.names",
            "CONTROLLER",
            "controller.quorum.voters",
            NODE_ID + "@" + LoopbackPorts.HOST + ":" + controllerPort,
            "log.dirs",
            directory.toString(),
            "listener.security.protocol.map",
            CLIENTS + ":PLAINTEXT,CONTROLLER:PLAINTEXT"));
    settings.putAll(SINGLE_NODE);
    settings.putAll(SMALL);
    settings.putAll(overrides);
    return settings;
  }
}
