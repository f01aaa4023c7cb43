package io.histoflow.launcher.versions;

import io.histoflow.commandline.JsonOption;
import io.histoflow.commandline.PlotOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.launcher.options.WorkersModelOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Every version and every round, which is in force, and which workers run it. */
@Command(
    name = "list",
    description = "List every version and every round of fine-tuning, accepted or refused.",
    mixinStandardHelpOptions = true)
final class WeightsListCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster;
  @Mixin private WorkersModelOption model;
  @Mixin private JsonOption json;

  @Mixin private PlotOption plot;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    ServiceConfig config = cluster.load();
    Contracts.ensure(config);
    Versions versions = Versions.read(config, model.load(config));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Model " + versions.model().modelId());
    out.println(VersionTable.of(versions));
    VersionTable.remarks(versions).forEach(out::println);
    json.write(VersionJson.of(versions));
    plot.draw(file -> RoundPlot.write(file, versions.model().decisions()));
    return 0;
  }
}
