package io.histoflow.studies.options;

import io.histoflow.imaging.resolution.ModelResolution;
import java.util.OptionalDouble;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that says how large the pixels of a data set are. */
public final class ResolutionOption {
  @Option(
      names = "--mpp",
      paramLabel = "MICRONS",
      description =
          "Micrometres per pixel of the images, a quarter to four times the model's: they are"
              + " resampled to the model's, and its masks back. Without it they are taken as the"
              + " model's.")
  private Double micronsPerPixel;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns micrometres per pixel; empty where not known.
   *
   * @throws ParameterException where a model cannot segment such images
   */
  public OptionalDouble of(ModelResolution model) {
    OptionalDouble images =
        micronsPerPixel == null ? OptionalDouble.empty() : OptionalDouble.of(micronsPerPixel);
    model
        .fault(images)
        .ifPresent(
            why -> {
              throw new ParameterException(
                  spec.commandLine(),
                  "--mpp %s cannot be used for the data set: %s.".formatted(micronsPerPixel, why));
            });
    return images;
  }
}
