package io.histoflow.studies.training;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Terminal;
import io.histoflow.studies.options.DataOption;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that trains: on which data sets, and how often each is drawn. */
public final class TrainingDataOptions {
  @Mixin private DataOption data;

  @Option(
      names = "--weights",
      arity = "1..*",
      paramLabel = "W",
      description = "How often images of each data set are drawn, in the order of --data (1 each).")
  private List<Double> weights;

  /** Reads all images into memory. */
  public TrainingData load(String licence, Terminal terminal) {
    if (weights != null && weights.size() != data.folders().size()) {
      throw new CommandFailedException(
          "There are %d data sets but %d weights: give one weight for each --data."
              .formatted(data.folders().size(), weights.size()));
    }
    List<TrainingSet> sets = new ArrayList<>();
    for (TrainingSet set : data.sets(terminal)) {
      double weight = weights == null ? set.weight() : weights.get(sets.size());
      sets.add(new TrainingSet(set.name(), set.tiles(), weight));
    }
    return new TrainingData(sets, licence);
  }
}
