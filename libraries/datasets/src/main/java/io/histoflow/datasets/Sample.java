package io.histoflow.datasets;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.MaskPng;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One image of a data set and its mask, on disk.
 *
 * @param id name of the image file without its ending, unique within its organ
 * @param organ in lower case, for example 'kidney'
 * @param image PNG, JPEG or TIFF
 * @param mask PNG of the same size, 0 = background, anything else = positive
 * @param uncertain PNG of the same size, anything but 0 = left out of losses and figures; empty
 *     where every pixel of the mask counts
 * @param micronsPerPixel micrometres per pixel; empty where not known
 */
public record Sample(
    String id,
    String organ,
    Path image,
    Path mask,
    Optional<Path> uncertain,
    OptionalDouble micronsPerPixel) {

  public Sample {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(organ, "organ");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(mask, "mask");
    Objects.requireNonNull(uncertain, "uncertain");
    Objects.requireNonNull(micronsPerPixel, "micronsPerPixel");
  }

  /** An image whose resolution is not known, and of whose mask every pixel counts. */
  public Sample(String id, String organ, Path image, Path mask) {
    this(id, organ, image, mask, Optional.empty(), OptionalDouble.empty());
  }

  /** The same image, of which so many micrometres are a pixel. */
  public Sample withMicronsPerPixel(OptionalDouble microns) {
    return new Sample(id, organ, image, mask, uncertain, microns);
  }

  /** The patient that the image comes from, as far as its name tells; see {@link PatientId}. */
  public String patient() {
    return PatientId.of(id);
  }

  /**
   * Reads image and masks.
   *
   * @throws DatasetException where either cannot be read or their sizes differ
   */
  public LabelledTile load() {
    try {
      RgbImage pixels = new ImageDecoder(ImageLimits.forFiles()).decode(image);
      Mask truth = read(mask, pixels);
      Optional<Mask> left =
          uncertain.isPresent() ? Optional.of(read(uncertain.get(), pixels)) : Optional.empty();
      return new LabelledTile(id, organ, pixels, truth, left, micronsPerPixel);
    } catch (ImageRejectedException e) {
      throw new DatasetException(e.getMessage(), e);
    }
  }

  private Mask read(Path file, RgbImage pixels) throws ImageRejectedException {
    Mask read = MaskPng.decode(file, ImageLimits.forFiles());
    if (pixels.width() != read.width() || pixels.height() != read.height()) {
      throw new DatasetException(
          "%s has %d x %d pixels but its mask %s has %d x %d; they must be equal"
              .formatted(
                  image, pixels.width(), pixels.height(), file, read.width(), read.height()));
    }
    return read;
  }
}
