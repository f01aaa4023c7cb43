package io.histoflow.launcher;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.JsonOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.rights.Party;
import io.histoflow.platform.rights.Right;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What each service may do on the brokers, for whoever grants it. */
@Command(
    name = "acls",
    description = {
      "Print the rights that each service needs on the brokers, as lines for kafka-acls.sh.",
      "Nobody needs others. With histoflow.topics.create=false nobody creates topics, but routing"
          + " those of Kafka Streams, whose names begin with histoflow-routing-."
    },
    footer = {
      "",
      "Services: scanning, inference, routing, review, fine-tuning, reporting; operator is who runs",
      "replay, export, correct, weights, recall and dead-letters.",
      "--json: {\"applied\", \"rights\": [{\"service\", \"principal\", \"resource\", \"name\","
          + " \"pattern\",",
      "  \"operations\": [name]}]}"
    },
    mixinStandardHelpOptions = true)
final class AclsCommand implements Callable<Integer> {
  private static final String SERVICE = "{service}";

  @Option(
      names = "--principal",
      paramLabel = "PATTERN",
      defaultValue = "User:histoflow-" + SERVICE,
      description = "Whom the brokers know each service as. Default: ${DEFAULT-VALUE}.")
  private String principal;

  @Option(
      names = "--apply",
      description =
          "Grant them on the brokers, too. Takes none away; the user of --config must be allowed to"
              + " alter the cluster.")
  private boolean apply;

  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    requirePrincipal();
    ServiceConfig config = cluster.load();
    Map<Party, List<Right>> rights = new LinkedHashMap<>();
    for (Party party : Party.ALL) {
      rights.put(party, Right.of(party, config.get(CommonSettings.TOPICS_CREATE)));
    }
    if (apply) {
      grant(config, rights);
    }
    json.show(apply ? granted(rights) : lines(config, rights), toJson(rights));
    return 0;
  }

  private void requirePrincipal() {
    try {
      SecurityUtils.parseKafkaPrincipal(principal);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--principal must be a type and a name, such as User:me", e);
    }
    if (!principal.contains(SERVICE)) {
      throw new ParameterException(
          spec.commandLine(),
          "--principal must contain " + SERVICE + ": each service has rights of its own");
    }
  }

  private String principalOf(Party party) {
    return principal.replace(SERVICE, party.word());
  }

  private void grant(ServiceConfig config, Map<Party, List<Right>> rights)
      throws InterruptedException {
    List<AclBinding> bindings =
        rights.entrySet().stream()
            .flatMap(
                each ->
                    each.getValue().stream()
                        .flatMap(right -> right.grantedTo(principalOf(each.getKey()))))
            .toList();
    try (Admin admin = new KafkaClients(config, "acls").admin()) {
      admin.createAcls(bindings).all().get();
    } catch (ExecutionException e) {
      throw new CommandFailedException(
          "The brokers do not grant the rights: " + Sentences.of(e.getCause()) + ".", e);
    } catch (KafkaException e) {
      throw new CommandFailedException(
          "The brokers do not grant the rights: " + Sentences.of(e) + ".", e);
    }
  }

  private String granted(Map<Party, List<Right>> rights) {
    return rights.entrySet().stream()
        .map(
            each ->
                "%s: %d operations are granted.%n"
                    .formatted(
                        principalOf(each.getKey()),
                        each.getValue().stream().mapToInt(r -> r.operations().size()).sum()))
        .collect(joining());
  }

  /** Resources of one kind with the same operations share a line. */
  private String lines(ServiceConfig config, Map<Party, List<Right>> rights) {
    String command =
        "kafka-acls.sh --bootstrap-server %s --command-config %s --add"
            .formatted(
                quoted(config.clientProperties().get("bootstrap.servers").toString()),
                quoted(cluster.file().toString()));
    StringBuilder text = new StringBuilder();
    rights.forEach(
        (party, all) -> {
          text.append("# ").append(party.word()).append('\n');
          Map<Line, StringBuilder> lines = new LinkedHashMap<>();
          for (Right right : all) {
            ResourcePattern resource = right.resource();
            lines
                .computeIfAbsent(
                    new Line(resource.resourceType(), resource.patternType(), right.operations()),
                    line -> new StringBuilder())
                .append(" --")
                .append(word(resource.resourceType().name()))
                .append(' ')
                .append(resource.name());
          }
          lines.forEach(
              (line, names) ->
                  text.append(command)
                      .append(" --allow-principal ")
                      .append(quoted(principalOf(party)))
                      .append(line.options())
                      .append(names)
                      .append('\n'));
        });
    return text.toString();
  }

  private ObjectNode toJson(Map<Party, List<Right>> rights) {
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("applied", apply);
    ArrayNode list = result.putArray("rights");
    rights.forEach(
        (party, all) ->
            all.forEach(
                right -> {
                  ObjectNode node =
                      list.addObject()
                          .put("service", party.word())
                          .put("principal", principalOf(party))
                          .put("resource", right.resource().resourceType().name())
                          .put("name", right.resource().name())
                          .put("pattern", right.resource().patternType().name());
                  right.operations().forEach(each -> node.withArray("operations").add(each.name()));
                }));
    return result;
  }

  private static String word(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** For a shell: a principal may be a certificate's subject, with blanks and commas. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private record Line(ResourceType type, PatternType pattern, Set<AclOperation> operations) {
    String options() {
      return operations.stream()
              .map(each -> " --operation " + SecurityUtils.operationName(each))
              .collect(joining())
          + (pattern == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }
  }
}
