package io.histoflow.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.common.config.ConfigResource.Type.BROKER;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.rights.Party;
import io.histoflow.schemas.Groups;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.TransactionalIds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * Tries every operation on every topic, group and transactional id that there is, and on some that
 * are not histoflow's, as one user; changes nothing that others would notice.
 */
final class Attempts implements AutoCloseable {
  private static final String FOREIGN = "of-somebody-else";
  private static final String INTERNAL = Groups.ROUTING + "-tiles-changelog";
  private static final List<String> TOPICS =
      Stream.concat(Topics.layouts().stream().map(TopicLayout::name), Stream.of(FOREIGN, INTERNAL))
          .toList();
  private static final List<String> GROUPS =
      List.of(Groups.INFERENCE, Groups.ROUTING, Groups.FINE_TUNING, FOREIGN);
  private static final List<String> IDS =
      List.of(
          TransactionalIds.inference("0"),
          TransactionalIds.ROUTING + "process-1",
          TransactionalIds.review("0"),
          TransactionalIds.weights("model"),
          TransactionalIds.REPLAY,
          TransactionalIds.CORRECT,
          TransactionalIds.DEAD_LETTERS,
          FOREIGN);
  private static final AclBindingFilter OF_NOBODY =
      new AclBindingFilter(
          ResourcePatternFilter.ANY,
          new AccessControlEntryFilter(
              "User:" + FOREIGN, null, AclOperation.ANY, AclPermissionType.ANY));
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int POLLS = 150;

  private final KafkaClients clients;
  private final Admin admin;
  private final Set<String> done = new TreeSet<>();

  Attempts(ServiceConfig config, ServiceConfig adminConfig) throws Exception {
    clients = new KafkaClients(config, "attempts");
    admin = clients.admin();
    prepare(new KafkaClients(adminConfig, "prepare"));
  }

  /** One record on the first partition of each topic, so that whoever may read sees one. */
  private static void prepare(KafkaClients all) throws Exception {
    try (Admin admin = all.admin();
        Producer<byte[], byte[]> producer = all.bytesProducer(Map.of())) {
      for (String topic : List.of(FOREIGN, INTERNAL)) {
        try {
          admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
      for (String topic : TOPICS) {
        producer.send(record(topic)).get();
      }
    }
  }

  /** Returns what the rights of a service allow of what is tried here. */
  static Set<String> expected(JsonNode granted, String service) {
    Set<String> expected = new TreeSet<>();
    for (JsonNode right : granted.path("rights")) {
      if (right.path("service").asText().equals(service)) {
        String kind = right.path("resource").asText();
        List<String> names =
            switch (kind) {
              case "TOPIC" -> TOPICS;
              case "GROUP" -> GROUPS;
              default -> IDS;
            };
        String named = right.path("name").asText();
        boolean isPrefix = right.path("pattern").asText().equals("PREFIXED");
        names.stream()
            .filter(name -> isPrefix ? name.startsWith(named) : name.equals(named))
            .forEach(
                name ->
                    right
                        .path("operations")
                        .forEach(each -> expected.add(each.asText() + " " + kind + " " + name)));
      }
    }
    return expected;
  }

  /** Returns each operation that was not refused, such as {@code READ TOPIC name}. */
  Set<String> allThatSucceed(Party party) throws Exception {
    note("DESCRIBE TOPIC", admin.describeTopics(TOPICS).topicNameValues());
    note(
        "CREATE TOPIC",
        admin
            .createTopics(
                TOPICS.stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList(),
                new CreateTopicsOptions().validateOnly(true))
            .values());
    note(
        "ALTER TOPIC",
        admin
            .createPartitions(
                TOPICS.stream()
                    .collect(Collectors.toMap(topic -> topic, t -> NewPartitions.increaseTo(99))),
                new CreatePartitionsOptions().validateOnly(true))
            .values());
    for (String topic : TOPICS) {
      TopicPartition partition = new TopicPartition(topic, 0);
      note(
          "DELETE TOPIC " + topic,
          admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(0))).all());
    }
    configs(ConfigResource.Type.TOPIC, TOPICS, "retention.ms");
    configs(ConfigResource.Type.GROUP, GROUPS, "consumer.session.timeout.ms");
    groups(party);
    for (String id : IDS) {
      note(
          "DESCRIBE TRANSACTIONAL_ID " + id,
          admin.describeTransactions(List.of(id)).description(id));
    }
    note("WRITE TRANSACTIONAL_ID", admin.fenceProducers(IDS).fencedProducers());
    note("DESCRIBE CLUSTER", admin.describeAcls(AclBindingFilter.ANY).values());
    note("ALTER CLUSTER", admin.deleteAcls(List.of(OF_NOBODY)).all());
    configs(BROKER, List.of(""), "log.retention.ms");
    write();
    read();
    return done;
  }

  /** Writes to all that a party writes to, in a transaction with the place of its group. */
  void transact(Party party) {
    for (String id : IDS) {
      if (party.transactions().stream().noneMatch(pattern -> id.startsWith(pattern.name()))) {
        continue;
      }
      try (Producer<byte[], byte[]> producer =
          clients.bytesProducer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
        producer.initTransactions();
        producer.beginTransaction();
        for (String topic : party.writes()) {
          // The commit tells what became of it.
          var unused = producer.send(record(topic));
        }
        for (String group : party.joins()) {
          try (Consumer<byte[], byte[]> member = clients.bytesConsumer(group, Map.of())) {
            producer.sendOffsetsToTransaction(place(party), member.groupMetadata());
          }
        }
        producer.commitTransaction();
      }
    }
  }

  @Override
  public void close() {
    admin.close();
  }

  private void groups(Party party) throws Exception {
    for (String group : GROUPS) {
      note(
          "DESCRIBE GROUP " + group,
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      note("READ GROUP " + group, admin.alterConsumerGroupOffsets(group, place(party)).all());
    }
    // Deleting comes last: a group that is there no more could be neither.
    for (String group : GROUPS) {
      note("DELETE GROUP " + group, admin.deleteConsumerGroups(List.of(group)).all());
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> place(Party party) {
    String topic = party.reads().iterator().next();
    return Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0));
  }

  private void configs(ConfigResource.Type type, List<String> names, String key) throws Exception {
    String kind = type == BROKER ? "CLUSTER" : type.name();
    for (String name : names) {
      ConfigResource resource = new ConfigResource(type, name);
      note("DESCRIBE_CONFIGS " + kind + " " + name, admin.describeConfigs(List.of(resource)).all());
      AlterConfigOp change =
          new AlterConfigOp(new ConfigEntry(key, "60000"), AlterConfigOp.OpType.SET);
      note(
          "ALTER_CONFIGS " + kind + " " + name,
          admin
              .incrementalAlterConfigs(
                  Map.of(resource, List.of(change)), new AlterConfigsOptions().validateOnly(true))
              .all());
    }
  }

  private void write() throws Exception {
    try (Producer<byte[], byte[]> producer =
        clients.bytesProducer(Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000))) {
      for (String topic : TOPICS) {
        note("WRITE TOPIC " + topic, producer.send(record(topic)));
      }
    }
  }

  private void read() {
    Set<String> open = new HashSet<>(TOPICS);
    try (Consumer<byte[], byte[]> consumer = clients.bytesConsumer(null, Map.of())) {
      for (int i = 0; !open.isEmpty() && i < POLLS; i++) {
        consumer.assign(open.stream().map(topic -> new TopicPartition(topic, 0)).toList());
        try {
          consumer
              .poll(POLL)
              .forEach(
                  record -> {
                    open.remove(record.topic());
                    done.add("READ TOPIC " + record.topic());
                  });
        } catch (TopicAuthorizationException e) {
          open.removeAll(e.unauthorizedTopics());
        }
      }
    }
    if (!open.isEmpty()) {
      throw new AssertionError("Neither read nor refused: " + open);
    }
  }

  private void note(String what, Map<String, ? extends KafkaFuture<?>> all) throws Exception {
    for (var each : all.entrySet()) {
      note(what + " " + each.getKey(), each.getValue());
    }
  }

  private void note(String what, KafkaFuture<?> attempt) throws Exception {
    note(what, attempt.toCompletionStage().toCompletableFuture());
  }

  private void note(String what, Future<?> attempt) throws Exception {
    try {
      attempt.get();
      done.add(what);
    } catch (ExecutionException e) {
      // What fails for another reason was allowed.
      if (!(e.getCause() instanceof AuthorizationException)) {
        done.add(what);
      }
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic) {
    return new ProducerRecord<>(topic, 0, "key".getBytes(UTF_8), "value".getBytes(UTF_8));
  }
}
