package io.histoflow.platform.rights;

import static java.util.Objects.requireNonNull;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;

import io.histoflow.schemas.Groups;
import io.histoflow.schemas.TopicLayout;
import io.histoflow.schemas.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * What somebody may do with a resource of the brokers, from any host.
 *
 * <p>Nobody needs a right on the cluster: who may write to a topic may do so idempotently
 * (KIP-679).
 *
 * @param resource topics, groups or transactional ids, by name or by what names begin with
 * @param operations what may be done, one or more
 */
public record Right(ResourcePattern resource, Set<AclOperation> operations) {
  private static final String ANY_HOST = "*";

  public Right {
    requireNonNull(resource, "resource");
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
  }

  /**
   * Returns all that a party needs: at its start it looks at every topic of the catalogue.
   *
   * @param creates whether it creates topics that are missing
   */
  public static List<Right> of(Party party, boolean creates) {
    List<Right> rights = new ArrayList<>();
    for (TopicLayout topic : Topics.layouts()) {
      EnumSet<AclOperation> operations = EnumSet.of(DESCRIBE, DESCRIBE_CONFIGS);
      if (creates) {
        operations.add(CREATE);
      }
      if (party.reads().contains(topic.name())) {
        operations.add(READ);
      }
      if (party.writes().contains(topic.name())) {
        operations.add(WRITE);
      }
      rights.add(new Right(new ResourcePattern(TOPIC, topic.name(), LITERAL), operations));
    }
    party.joins().stream().sorted().forEach(group -> rights.add(group(group, READ, DESCRIBE)));
    party.watches().stream().sorted().forEach(group -> rights.add(group(group, DESCRIBE)));
    party.transactions().forEach(ids -> rights.add(new Right(ids, EnumSet.of(WRITE, DESCRIBE))));
    if (party.joins().contains(Groups.ROUTING)) {
      rights.addAll(ofStreams());
    }
    return rights;
  }

  /**
   * Kafka Streams makes topics of its own, whose partitions follow from the topology, and deletes
   * what it has read from them; the service tells the brokers its group's standbys.
   */
  private static List<Right> ofStreams() {
    return List.of(
        new Right(
            new ResourcePattern(TOPIC, Groups.ROUTING + "-", PREFIXED),
            EnumSet.of(CREATE, DELETE, DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE)),
        group(Groups.ROUTING, DESCRIBE_CONFIGS, ALTER_CONFIGS));
  }

  private static Right group(String name, AclOperation first, AclOperation... others) {
    return new Right(new ResourcePattern(GROUP, name, LITERAL), EnumSet.of(first, others));
  }

  /**
   * Returns the entries of the brokers' list that grant it.
   *
   * @param principal such as {@code User:histoflow-inference}
   */
  public Stream<AclBinding> grantedTo(String principal) {
    return operations.stream()
        .map(
            operation ->
                new AclBinding(
                    resource,
                    new AccessControlEntry(
                        principal, ANY_HOST, operation, AclPermissionType.ALLOW)));
  }
}
