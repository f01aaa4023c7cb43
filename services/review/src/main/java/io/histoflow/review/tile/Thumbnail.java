package io.histoflow.review.tile;

import io.histoflow.imaging.RgbImage;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;

/** Makes pictures smaller. */
public final class Thumbnail {
  private Thumbnail() {}

  /**
   * Returns the image so that its longer edge is at most {@code edge} pixels; never larger than it
   * is.
   */
  public static RgbImage of(RgbImage image, int edge) {
    int longer = Math.max(image.width(), image.height());
    if (longer <= edge) {
      return image;
    }
    int width = Math.max(1, image.width() * edge / longer);
    int height = Math.max(1, image.height() * edge / longer);
    Image small =
        image.toBufferedImage().getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.drawImage(small, 0, 0, null);
    graphics.dispose();
    return RgbImage.from(scaled);
  }
}
