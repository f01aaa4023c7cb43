package io.histoflow.studies.training;

import io.histoflow.commandline.Terminal.Task;
import io.histoflow.training.TrainingProgress;
import java.util.Locale;

/**
 * Tells a terminal each step of a training of known length.
 *
 * @param task told of each step
 * @param steps of the training
 */
public record StepProgress(Task task, int steps) implements TrainingProgress {
  @Override
  public void onStep(long step, double share, double loss, double learningRate) {
    task.update(step, steps, String.format(Locale.ROOT, "loss %.3f", loss));
  }
}
