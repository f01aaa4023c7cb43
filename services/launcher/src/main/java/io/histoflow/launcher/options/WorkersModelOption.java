package io.histoflow.launcher.options;

import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.weights.ModelSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says which model's weights a command is about. */
public final class WorkersModelOption {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "Checkpoint that the workers start from; without it that of histoflow.model.file in the"
              + " configuration, else the light model that ships.")
  private Path model;

  /**
   * Loads the checkpoint.
   *
   * @throws CheckpointRejectedException where its file cannot be used
   */
  public Checkpoint load(ServiceConfig config) throws CheckpointRejectedException {
    Optional<Path> file = Optional.ofNullable(model).or(() -> config.find(ModelSettings.FILE));
    return ModelSettings.load(file);
  }
}
