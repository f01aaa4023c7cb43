package io.histoflow.studies.training;

import io.histoflow.training.TrainingSettings;
import java.util.Objects;

/**
 * One row of a study that trains: what is different, and how the paper fared with it.
 *
 * @param name of the row, for people; also the name of its folder once blanks are replaced
 * @param settings of its trainings; the seed is set by the study
 * @param paper what the paper reports of this row, NaN where it is not at hand
 */
public record TrainingVariant(String name, TrainingSettings settings, PaperFigures paper) {

  /** Checks every field. */
  public TrainingVariant {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(paper, "paper");
  }

  /** Makes a row of which the paper's figures are not at hand. */
  public TrainingVariant(String name, TrainingSettings settings) {
    this(name, settings, PaperFigures.UNKNOWN);
  }
}
