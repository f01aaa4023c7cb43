package io.histoflow.launcher.recall;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.results.recall.RecallSummary;
import io.histoflow.routing.RoutingService;
import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the system finds and misses here, and how many audited tiles that takes. */
@Command(
    name = "recall",
    description = {
      "Show what is found and missed over all tiles, those included that nobody saw: estimated from"
          + " the tiles that chance sent to review, by organ, scanner and version of the weights."
    },
    mixinStandardHelpOptions = true)
public final class RecallCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster;
  @Mixin private JsonOption json;
  @Mixin private PlotOption plot;

  @Option(
      names = "--plan",
      description = "Say how many audited tiles a precision takes, and how many days.")
  private boolean plan;

  @Option(
      names = "--tiles-per-day",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Tiles with tissue that the site scans in a day (${DEFAULT-VALUE}).")
  private double tilesPerDay;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "0.02",
      description = "Half the width of the 95 %% interval that is wanted (${DEFAULT-VALUE}).")
  private double precision;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!(tilesPerDay > 0 && precision > 0 && precision < 1)) {
      throw new ParameterException(
          spec.commandLine(), "--tiles-per-day must be above 0, --precision above 0 and below 1.");
    }
    ServiceConfig config = cluster.load();
    Contracts.ensure(config);
    RecallSummary summary = new RecallSummary(latest(config, Topics.RECALL_ESTIMATES));
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode result = summary.json();
    if (summary.estimates().isEmpty()) {
      out.println("No review was asked for yet of a tile that stands for others.");
    } else {
      out.print(RecallTable.of(summary));
    }
    ArrayNode ofAllOrgans = result.putArray("alarmsOfAllOrgans");
    latest(config, Topics.RECALL_ALARMS).stream()
        .filter(RecallAlarm::getAllOrgans)
        .forEach(
            alarm -> {
              out.println(RecallTable.sentence(alarm));
              ofAllOrgans
                  .addObject()
                  .put("modelVersion", alarm.getModelVersion())
                  .put("missedShare", alarm.getMissedShare())
                  .put("missedShareLow", alarm.getMissedShareLow())
                  .put("level", alarm.getLevel())
                  .put("slides", alarm.getSlides())
                  .put("detectedAt", alarm.getDetectedAt().toString());
            });
    if (plan) {
      RecallPlanTable table =
          new RecallPlanTable(
              summary.plan(),
              summary.seen(),
              config.get(RoutingService.BUDGET),
              tilesPerDay,
              precision);
      out.print(table);
      table.addTo(result.putObject("plan"));
    }
    out.flush();
    json.write(result);
    plot.draw(file -> RecallPlot.write(file, summary.estimates()));
    return 0;
  }

  private static <V extends SpecificRecord> List<V> latest(
      ServiceConfig config, TopicSpec<V> topic) {
    SortedMap<String, V> latest = Collections.synchronizedSortedMap(new TreeMap<>());
    try (CompactedTopicReader<V> reader =
        new CompactedTopicReader<>(
            new KafkaClients(config, "recall"),
            topic,
            record -> {
              if (record.value() == null) {
                latest.remove(record.key());
              } else {
                latest.put(record.key(), record.value());
              }
            })) {
      reader.start();
      return new ArrayList<>(latest.values());
    }
  }
}
