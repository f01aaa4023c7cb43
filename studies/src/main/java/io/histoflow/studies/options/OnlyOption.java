package io.histoflow.studies.options;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.Sample;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of commands that may look at some images of their data sets only. */
public final class OnlyOption {
  @Option(
      names = "--only",
      paramLabel = "FILE",
      description =
          "List of the images to use, one id a line, for example held-out.txt in the --work folder"
              + " of a training.")
  private Path list;

  /**
   * Returns the images to use, all where no list was given.
   *
   * @throws io.histoflow.datasets.DatasetException where the list cannot be used
   */
  public List<Sample> of(Dataset dataset) {
    return list == null ? dataset.samples() : dataset.only(list);
  }
}
