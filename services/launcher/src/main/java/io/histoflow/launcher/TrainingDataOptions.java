package io.histoflow.launcher;

import io.histoflow.launcher.console.CommandFailedException;
import io.histoflow.launcher.console.Terminal;
import io.histoflow.launcher.console.Terminal.Task;
import io.histoflow.segmentation.dataset.Dataset;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.Sample;
import io.histoflow.segmentation.training.TrainingData;
import io.histoflow.segmentation.training.TrainingSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that trains: on which data sets, and how often each is drawn. */
final class TrainingDataOptions {
  @Mixin private DataOption data;

  @Option(
      names = "--weights",
      arity = "1..*",
      paramLabel = "W",
      description = "How often images of each data set are drawn, in the order of --data (1 each).")
  private List<Double> weights;

  /** Reads all images into memory. */
  TrainingData load(String licence, Terminal terminal) {
    if (weights != null && weights.size() != data.folders().size()) {
      throw new CommandFailedException(
          "There are %d data sets but %d weights: give one weight for each --data."
              .formatted(data.folders().size(), weights.size()));
    }
    List<TrainingSet> sets = new ArrayList<>();
    for (int i = 0; i < data.folders().size(); i++) {
      List<LabelledTile> images = load(data.folders().get(i), terminal);
      double weight = weights == null ? 1 : weights.get(i);
      sets.add(new TrainingSet(data.folders().get(i).toString(), images, weight));
    }
    return new TrainingData(sets, licence);
  }

  private static List<LabelledTile> load(Path folder, Terminal terminal) {
    List<Sample> samples = Dataset.open(folder).samples();
    List<LabelledTile> images = new ArrayList<>();
    try (Task task = terminal.start("read " + folder, samples.size())) {
      for (Sample sample : samples) {
        images.add(sample.load());
        task.update(images.size(), samples.size(), "");
      }
    }
    return images;
  }
}
