package io.histoflow.launcher.options;

import io.histoflow.launcher.stack.DataDir;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that works with a running cluster. */
public final class ClusterOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Java properties for the Kafka and schema registry clients; without it those of a"
              + " running 'histoflow up' are used.")
  private Path config;

  /**
   * Loads the configuration.
   *
   * @throws ConfigException where none is given and none is running, or where it cannot be used
   */
  public ServiceConfig load() {
    return SettingsCatalogue.known(ServiceConfig.load(file()));
  }

  /**
   * Returns the file of the configuration.
   *
   * @throws ConfigException where none is given and none is running
   */
  public Path file() {
    if (config != null) {
      return config;
    }
    Path running = DataDir.standard().resolve(EmbeddedPlatform.CLIENT_CONFIG);
    if (!Files.exists(running)) {
      throw new ConfigException(
          "The cluster is not known: run './histoflow up' beside this, or name one with --config"
              + " FILE.");
    }
    return running;
  }
}
