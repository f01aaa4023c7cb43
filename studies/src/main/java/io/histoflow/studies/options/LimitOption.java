package io.histoflow.studies.options;

import io.histoflow.datasets.Sample;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option of studies that need not look at every image. */
public final class LimitOption {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take only N images, evenly spread over the data set.")
  private Integer limit;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns as many of the images as are wanted.
   *
   * @throws ParameterException where that is less than 1
   */
  public List<Sample> of(List<Sample> all) {
    if (limit != null && limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 or more, not " + limit);
    }
    if (limit == null || limit >= all.size()) {
      return all;
    }
    List<Sample> spread = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      spread.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return spread;
  }
}
