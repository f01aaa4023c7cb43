package io.histoflow.scanning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Why brokers take no records, as far as they tell: a producer hears of nothing while it tries
 * again.
 */
final class BrokerTrouble {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Less than this and the next segment of a log does not fit. */
  private static final long LITTLE_SPACE = 64L << 20;

  private final Admin admin;
  private final String brokers;

  /**
   * @param brokers where they are said to be
   */
  BrokerTrouble(Admin admin, String brokers) {
    this.admin = admin;
    this.brokers = brokers;
  }

  /** One sentence on what keeps the brokers from taking records for a topic. */
  String reason(String topic) {
    Collection<Node> nodes;
    try {
      nodes = await(admin.describeCluster().nodes());
    } catch (TimeoutException e) {
      return "They do not answer at " + brokers + ".";
    } catch (ExecutionException | KafkaException e) {
      return "They cannot be reached at " + brokers + ": " + e.getMessage();
    }
    return Stream.concat(disks(nodes).stream(), partitions(topic).stream())
        .findFirst()
        .orElse("Why, they do not tell; see their logs.");
  }

  private List<String> disks(Collection<Node> nodes) {
    List<String> troubles = new ArrayList<>();
    try {
      List<Integer> ids = nodes.stream().map(Node::id).toList();
      await(admin.describeLogDirs(ids).allDescriptions())
          .forEach((id, dirs) -> dirs.forEach((dir, state) -> disk(id, dir, state, troubles)));
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      // Not everybody may ask; what remains is said.
      return troubles;
    }
    return troubles;
  }

  private static void disk(int broker, String dir, LogDirDescription state, List<String> troubles) {
    if (state.error() != null) {
      troubles.add(
          "Broker %s cannot use its folder %s: %s"
              .formatted(broker, dir, state.error().getMessage()));
    } else if (state.usableBytes().isPresent() && state.usableBytes().getAsLong() < LITTLE_SPACE) {
      troubles.add(
          "The disk of broker %s is full: %s MB are left in %s."
              .formatted(broker, state.usableBytes().getAsLong() >> 20, dir));
    }
  }

  private List<String> partitions(String topic) {
    try {
      TopicDescription description =
          await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      int leastInSync =
          Integer.parseInt(
              await(admin.describeConfigs(List.of(resource)).all())
                  .get(resource)
                  .get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)
                  .value());
      return description.partitions().stream()
          .flatMap(partition -> partition(topic, partition, leastInSync).stream())
          .toList();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return List.of();
    }
  }

  private static List<String> partition(
      String topic, TopicPartitionInfo partition, int leastInSync) {
    if (partition.leader() == null || partition.leader().isEmpty()) {
      return List.of(
          "Partition %s of %s has no leader: a broker is down."
              .formatted(partition.partition(), topic));
    }
    if (partition.isr().size() < Math.min(leastInSync, partition.replicas().size())) {
      String inSync =
          partition.isr().stream().map(Node::idString).collect(Collectors.joining(", "));
      return List.of(
          "Partition %s of %s is in sync on brokers %s only, and min.insync.replicas asks for %s."
              .formatted(partition.partition(), topic, inSync, leastInSync));
    }
    return List.of();
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }
}
