package io.histoflow.studies.options;

import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.training.TrainingSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of every command that looks at images with known masks. */
public final class DataOption {
  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Folders <organ>/images + <organ>/masks, or the published NuInsSeg layout.")
  private List<Path> folders;

  /** Returns the folders in the order they were given. */
  public List<Path> folders() {
    return folders;
  }

  /** Opens all folders as one data set. */
  public Dataset open() {
    return Dataset.open(folders);
  }

  /** Reads all images into memory, a set for each folder, all of the same weight. */
  public List<TrainingSet> sets(Terminal terminal) {
    return folders.stream()
        .map(folder -> new TrainingSet(folder.toString(), load(folder, terminal), 1))
        .toList();
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
