package io.histoflow.commandline;

import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that is about one model. */
public final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Checkpoint; without it the light model that ships.")
  private Path file;

  /**
   * Loads the checkpoint.
   *
   * @throws CheckpointRejectedException where its file cannot be used
   */
  public Checkpoint load() throws CheckpointRejectedException {
    return file == null ? Checkpoint.shipped() : Checkpoint.load(file);
  }
}
