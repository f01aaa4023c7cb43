package io.histoflow.weights;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.inference.Compute;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which model a service starts from, and where its network runs.
 *
 * @param file the checkpoint; empty = the one inside the program
 * @param compute where the network runs
 */
public record ModelSettings(Optional<Path> file, Compute compute) {
  /** The checkpoint to start from. */
  public static final Setting<Path> FILE =
      Setting.ofPath(
          "histoflow.model.file",
          null,
          "Checkpoint to start from; absent = the light model shipped");

  /** Where the network runs. */
  public static final Setting<String> DEVICE =
      Setting.ofString("histoflow.device", "auto", "Where the network runs: auto, cpu or gpu");

  /**
   * Reads the settings.
   *
   * @throws ConfigException when one of them is not allowed here
   */
  public static ModelSettings from(ServiceConfig config) {
    return new ModelSettings(config.find(FILE), compute(config.get(DEVICE)));
  }

  /**
   * Loads the checkpoint.
   *
   * @throws CheckpointRejectedException where its file cannot be used
   */
  public Checkpoint load() throws CheckpointRejectedException {
    return load(file);
  }

  /**
   * Loads a checkpoint.
   *
   * @param file empty = the one inside the program
   * @throws CheckpointRejectedException where the file cannot be used
   */
  public static Checkpoint load(Optional<Path> file) throws CheckpointRejectedException {
    return file.isPresent() ? Checkpoint.load(file.get()) : Checkpoint.shipped();
  }

  private static Compute compute(String device) {
    try {
      return Compute.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          DEVICE.name() + " is \"" + device + "\" but must be auto, cpu or gpu.", e);
    } catch (IllegalStateException e) {
      throw new ConfigException(DEVICE.name() + " cannot be used: " + e.getMessage() + ".", e);
    }
  }
}
