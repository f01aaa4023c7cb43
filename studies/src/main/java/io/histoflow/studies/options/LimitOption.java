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
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take only N images, evenly spread over the data set.")
  void limit(int images) {
    if (images < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 or more, not " + images);
    }
    limit = images;
  }

  /** Returns as many of the images as are wanted. */
  public List<Sample> of(List<Sample> all) {
    if (limit >= all.size()) {
      return all;
    }
    List<Sample> spread = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      spread.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return spread;
  }
}
