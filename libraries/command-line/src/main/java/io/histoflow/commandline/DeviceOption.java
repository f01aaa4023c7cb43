package io.histoflow.commandline;

import io.histoflow.segmentation.inference.Compute;
import picocli.CommandLine.Option;

/** The option of every command that runs a network. */
public final class DeviceOption {
  @Option(
      names = "--device",
      defaultValue = "auto",
      converter = ComputeConverter.class,
      description = "Where the network runs: auto, cpu or gpu (${DEFAULT-VALUE}).")
  private Compute compute;

  /** Returns where the network runs. */
  public Compute compute() {
    return compute;
  }
}
