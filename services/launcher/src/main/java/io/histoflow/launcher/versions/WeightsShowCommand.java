package io.histoflow.launcher.versions;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.JsonOption;
import io.histoflow.launcher.options.ClusterOption;
import io.histoflow.launcher.options.WorkersModelOption;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.Contracts;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Everything that is known of one version. */
@Command(
    name = "show",
    description = "Show everything that is known of one version.",
    mixinStandardHelpOptions = true)
final class WeightsShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "VERSION", description = "The version; 0 = as shipped.")
  private long version;

  @Mixin private ClusterOption cluster;
  @Mixin private WorkersModelOption model;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    ServiceConfig config = cluster.load();
    Contracts.ensure(config);
    Versions versions = Versions.read(config, model.load(config));
    VersionSheet sheet =
        VersionSheet.of(versions, version)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "There is no version %d of %s: 'histoflow weights list' lists them."
                            .formatted(version, versions.model().modelId())));
    json.show(sheet + System.lineSeparator(), VersionJson.of(versions, version));
    return 0;
  }
}
