package io.histoflow.studies.overlay;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.Terminal;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.scanning.image.SlideImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A picture of a slide with its mask. */
@Command(
    name = "overlay",
    description = {
      "Draw a slide with the mask that 'export --format masks' wrote of it, as JPEG:",
      "on the left the whole slide in small, on the right the part that has most nuclei, as it was"
          + " scanned."
    },
    mixinStandardHelpOptions = true)
public final class OverlayCommand implements Callable<Integer> {
  private static final double[] QUALITIES = {0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3};

  @Parameters(paramLabel = "SLIDE", description = "The slide.")
  private Path slideFile;

  @Option(names = "--mask", required = true, paramLabel = "FILE", description = "Its mask.")
  private Path maskFile;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
  private Path out;

  @Option(
      names = "--width",
      paramLabel = "PIXELS",
      defaultValue = "560",
      description = "Most pixels across each half (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--most-bytes",
      paramLabel = "N",
      defaultValue = "300000",
      description = "Most bytes of the file (${DEFAULT-VALUE}): its quality is chosen for that.")
  private int mostBytes;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (SlideImage slide = SlideImage.open(slideFile);
        SlideImage mask = SlideImage.open(maskFile)) {
      byte[] jpeg = encoded(overlay(slide, mask).draw());
      Files.write(out, jpeg);
      Terminal.standard().say("%s: %s bytes.".formatted(out, jpeg.length));
      return 0;
    } catch (ImageRejectedException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  private Overlay overlay(SlideImage slide, SlideImage mask) {
    try {
      return new Overlay(slide, mask, width);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private byte[] encoded(RgbImage picture) {
    for (double quality : QUALITIES) {
      byte[] jpeg = RgbJpeg.encode(picture, quality);
      if (jpeg.length <= mostBytes) {
        return jpeg;
      }
    }
    throw new CommandFailedException(
        "The picture needs more than " + mostBytes + " bytes: give a smaller --width.");
  }
}
