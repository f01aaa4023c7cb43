package io.histoflow.training.augmentation;

/** Blurs square RGB crops as an image slightly out of focus; edges are reflected. */
final class GaussianBlur {

  /** Below this standard deviation the neighbours' share is under a thousandth. */
  private static final double LEAST_SIGMA = 0.25;

  private final int size;

  /** Makes a blur of crops of so many pixels a side. */
  GaussianBlur(int size) {
    this.size = size;
  }

  /**
   * Blurs interleaved RGB pixels in place.
   *
   * @param sigma standard deviation in pixels
   */
  void apply(byte[] rgb, double sigma) {
    if (sigma < LEAST_SIGMA) {
      return;
    }
    float[] kernel = kernel(sigma);
    float[] between = new float[rgb.length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        for (int c = 0; c < 3; c++) {
          float sum = 0;
          for (int k = 0; k < kernel.length; k++) {
            int from = CropSampler.reflect(x + k - kernel.length / 2, size);
            sum += kernel[k] * (rgb[3 * (y * size + from) + c] & 0xff);
          }
          between[3 * (y * size + x) + c] = sum;
        }
      }
    }
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < 3 * size; x++) {
        float sum = 0;
        for (int k = 0; k < kernel.length; k++) {
          int from = CropSampler.reflect(y + k - kernel.length / 2, size);
          sum += kernel[k] * between[3 * from * size + x];
        }
        rgb[3 * y * size + x] = (byte) Math.min(255, Math.round(sum));
      }
    }
  }

  private static float[] kernel(double sigma) {
    int radius = (int) Math.ceil(2.5 * sigma);
    float[] kernel = new float[2 * radius + 1];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) {
      sum += Math.exp(-k * k / (2 * sigma * sigma));
    }
    for (int k = -radius; k <= radius; k++) {
      kernel[k + radius] = (float) (Math.exp(-k * k / (2 * sigma * sigma)) / sum);
    }
    return kernel;
  }
}
