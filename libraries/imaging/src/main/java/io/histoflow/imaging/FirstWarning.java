package io.histoflow.imaging;

import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Keeps what a codec warns of first. The JPEG codec answers damaged image data with a warning and
 * fills the rest with grey: here that is an error.
 */
final class FirstWarning implements IIOReadWarningListener {

  /** Left by some writers between segments; every pixel is still there. */
  private static final String HARMLESS = "extraneous bytes before marker";

  private String warning;

  @Override
  public void warningOccurred(ImageReader source, String text) {
    if (warning == null && !text.contains(HARMLESS)) {
      warning = text;
    }
  }

  void throwIfAny() throws IIOException {
    if (warning != null) {
      throw new IIOException(warning);
    }
  }
}
