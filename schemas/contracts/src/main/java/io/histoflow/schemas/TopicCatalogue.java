package io.histoflow.schemas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the brokers' topics as the catalogue says. */
public final class TopicCatalogue {
  private static final Logger log = LoggerFactory.getLogger(TopicCatalogue.class);
  private static final int VISIBLE_AFTER_ATTEMPTS = 50;
  private static final long ATTEMPT_PAUSE_MS = 100;

  private TopicCatalogue() {}

  /**
   * Creates the topics that are missing and checks those that exist. Safe to call from many
   * processes at once.
   *
   * @param admin client of the cluster
   * @param replicationFactor copies of each partition, 1 or more, or -1 for the brokers' default;
   *     with 3 or more a write needs two of them
   * @param layouts the topics
   * @throws TopicMismatchException where an existing topic would lose or refuse records
   */
  public static void ensure(Admin admin, short replicationFactor, List<TopicLayout> layouts) {
    Set<String> existing = get(admin.listTopics().names());
    List<TopicLayout> missing =
        layouts.stream().filter(layout -> !existing.contains(layout.name())).toList();
    create(admin, replicationFactor, missing);
    check(admin, layouts);
  }

  /**
   * Checks the topics and creates none, for sites where others do.
   *
   * @throws TopicMismatchException where topics are missing, or would lose or refuse records
   */
  public static void require(Admin admin, List<TopicLayout> layouts) {
    Set<String> existing = get(admin.listTopics().names());
    List<String> missing =
        layouts.stream().map(TopicLayout::name).filter(name -> !existing.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new TopicMismatchException(
          "Topics are missing, or hidden from this user, and are not created from here: "
              + String.join(", ", missing));
    }
    check(admin, layouts);
  }

  private static void create(Admin admin, short replicationFactor, List<TopicLayout> missing) {
    List<NewTopic> wanted =
        missing.stream().map(layout -> newTopic(layout, replicationFactor)).toList();
    CreateTopicsResult result = admin.createTopics(wanted);
    result
        .values()
        .forEach(
            (name, created) -> {
              try {
                get(created);
                log.atInfo().addKeyValue("topic", name).log("topic created");
              } catch (TopicExistsException e) {
                // Another process was faster; the check below covers it.
                log.atDebug().addKeyValue("topic", name).log("topic exists already");
              }
            });
  }

  private static NewTopic newTopic(TopicLayout layout, short replicationFactor) {
    Map<String, String> settings = new HashMap<>(layout.settings());
    if (replicationFactor >= 3) {
      settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    return new NewTopic(layout.name(), layout.partitions(), replicationFactor).configs(settings);
  }

  private static void check(Admin admin, List<TopicLayout> layouts) {
    Map<String, TopicDescription> descriptions = describe(admin, layouts);
    Map<ConfigResource, Config> configs =
        get(admin.describeConfigs(layouts.stream().map(TopicCatalogue::resource).toList()).all());
    List<String> wrong = new ArrayList<>();
    for (TopicLayout layout : layouts) {
      int partitions = descriptions.get(layout.name()).partitions().size();
      mismatches(layout, partitions, configs.get(resource(layout))).forEach(wrong::add);
    }
    if (!wrong.isEmpty()) {
      String sentence = String.join("; ", wrong);
      throw new TopicMismatchException(
          Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1));
    }
  }

  private static List<String> mismatches(TopicLayout layout, int partitions, Config config) {
    List<String> wrong = new ArrayList<>();
    if (partitions != layout.partitions() && !Topics.hasAnyPartitions(layout.name())) {
      wrong.add(
          ("topic %s has %s partitions where %s are needed (records of one slide must meet in"
                  + " one partition): delete the topic, histoflow creates it anew")
              .formatted(layout.name(), partitions, layout.partitions()));
    }
    String cleanup = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
    if (!cleanup.equals(layout.cleanup().policy())) {
      wrong.add(
          "topic %s has cleanup.policy=%s where %s is needed: alter the topic's cleanup.policy"
              .formatted(layout.name(), cleanup, layout.cleanup().policy()));
    }
    String maxBytes = value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (Long.parseLong(maxBytes) < layout.maxMessageBytes()) {
      wrong.add(
          ("topic %s has max.message.bytes=%s where at least %s is needed: alter the topic's"
                  + " max.message.bytes")
              .formatted(layout.name(), maxBytes, layout.maxMessageBytes()));
    }
    return wrong;
  }

  private static String value(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry == null ? "" : entry.value();
  }

  private static ConfigResource resource(TopicLayout layout) {
    return new ConfigResource(ConfigResource.Type.TOPIC, layout.name());
  }

  /** A topic is created by the controller first; a broker may learn of it a moment later. */
  private static Map<String, TopicDescription> describe(Admin admin, List<TopicLayout> layouts) {
    Set<String> names = layouts.stream().map(TopicLayout::name).collect(Collectors.toSet());
    for (int attempt = 1; ; attempt++) {
      try {
        return get(admin.describeTopics(names).allTopicNames());
      } catch (UnknownTopicOrPartitionException e) {
        if (attempt == VISIBLE_AFTER_ATTEMPTS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ATTEMPT_PAUSE_MS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException kafka) {
        throw kafka;
      }
      throw new KafkaException(e.getCause());
    }
  }
}
