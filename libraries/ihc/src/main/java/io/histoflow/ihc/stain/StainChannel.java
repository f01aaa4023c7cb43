package io.histoflow.ihc.stain;

import io.histoflow.ihc.plane.Plane;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.colour.OpticalDensity;
import io.histoflow.imaging.colour.StainMatrix;

/** An amount of stain in decadic optical density, 0 or more, as thresholds of DAB are given in. */
public final class StainChannel {
  /** Haematoxylin beside eosin. */
  public static final StainChannel HAEMATOXYLIN_OF_HE =
      new StainChannel(StainMatrix.HED.weights(0));

  /** Haematoxylin beside DAB. */
  public static final StainChannel HAEMATOXYLIN_OF_IHC =
      new StainChannel(StainMatrix.H_DAB.weights(0));

  /**
   * DAB beside haematoxylin: good for yes and no, as DAB scatters and keeps no Beer-Lambert law.
   */
  public static final StainChannel DAB = new StainChannel(StainMatrix.H_DAB.weights(1));

  /** All stains together: the mean of red, green and blue. */
  public static final StainChannel DENSITY =
      new StainChannel(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0});

  private final float[] byIntensity = new float[3 * 256];

  private StainChannel(double[] weights) {
    for (int colour = 0; colour < 3; colour++) {
      for (int i = 0; i < 256; i++) {
        byIntensity[256 * colour + i] =
            (float) (weights[colour] * OpticalDensity.of((byte) i) / Math.log(10));
      }
    }
  }

  /** Returns the amounts on an image. */
  public Plane of(RgbImage image) {
    byte[] rgb = image.rgb();
    float[] amounts = new float[rgb.length / 3];
    for (int i = 0; i < amounts.length; i++) {
      float amount =
          byIntensity[rgb[3 * i] & 0xFF]
              + byIntensity[256 + (rgb[3 * i + 1] & 0xFF)]
              + byIntensity[512 + (rgb[3 * i + 2] & 0xFF)];
      amounts[i] = Math.max(0, amount);
    }
    return Plane.of(image.width(), image.height(), amounts);
  }
}
