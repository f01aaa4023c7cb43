package io.histoflow.launcher.letters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.Table;
import io.histoflow.launcher.letters.LetterGroups.Group;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.letters.LetterBox;
import io.histoflow.platform.letters.LetterId;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How much was refused, by reason and service. */
@Command(
    name = "list",
    description = "Count dead letters by reason and service.",
    footer = {
      "",
      "In reasons the record's key is shown as … and every number as #.",
      "--json: {\"total\", \"groups\": [{\"reason\", \"service\", \"topic\", \"count\", \"bytes\",",
      "  \"first\", \"last\", \"examples\": [\"partition@offset\"]}]}"
    },
    mixinStandardHelpOptions = true)
final class LettersListCommand implements Callable<Integer> {
  @Mixin private LetterOptions letters;
  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LetterGroups groups = new LetterGroups();
    try (LetterBox box = new LetterBox(cluster.load())) {
      box.read(letters.filter(), groups::add);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (groups.total() == 0) {
      out.println("No dead letters.");
    } else {
      out.println(groups.total() + " dead letters.");
      out.println(table(groups.largestFirst()));
      out.println(
          "'histoflow dead-letters show " + example(groups) + "' shows one with all it says.");
    }
    json.write(toJson(groups));
    return 0;
  }

  private static String example(LetterGroups groups) {
    return groups.largestFirst().get(0).examples().get(0).toString();
  }

  private static Table table(List<Group> groups) {
    Table table = new Table("service", "count", "first", "last", "example", "reason");
    for (Group group : groups) {
      table.row(
          group.kind().service(),
          group.count(),
          group.first(),
          group.last(),
          group.examples().get(0),
          group.kind().reason());
    }
    return table;
  }

  private static ObjectNode toJson(LetterGroups groups) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("total", groups.total());
    ArrayNode list = json.putArray("groups");
    for (Group group : groups.largestFirst()) {
      ObjectNode one =
          list.addObject()
              .put("reason", group.kind().reason())
              .put("service", group.kind().service())
              .put("topic", group.kind().topic())
              .put("count", group.count())
              .put("bytes", group.bytes())
              .put("first", group.first().toString())
              .put("last", group.last().toString());
      ArrayNode examples = one.putArray("examples");
      group.examples().stream().map(LetterId::toString).forEach(examples::add);
    }
    return json;
  }
}
