package io.histoflow.imaging.resolution;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.util.Arrays;

/**
 * Images of another number of pixels over the same area: means of what a pixel covers where they
 * become coarser, a smooth curve through the pixels where they become finer ({@link
 * ResampledAxis}), each axis on its own. Beside the result a few rows are in memory.
 */
public final class Resampling {
  private static final int CHANNELS = 3;
  private static final float WHITE = 255;

  private Resampling() {}

  /** Gives the next rows of samples, from the top. */
  private interface Rows {
    void read(int y, float[] row);
  }

  /** Takes the rows of the result, from the top. */
  private interface Result {
    void write(int y, float[] row);
  }

  /** Returns an image of so many pixels. */
  public static RgbImage image(RgbImage image, int width, int height) {
    byte[] rgb = image.rgb();
    int stride = CHANNELS * image.width();
    byte[] result = new byte[Math.multiplyExact(CHANNELS * width, height)];
    run(
        CHANNELS,
        axis(image.width(), width),
        axis(image.height(), height),
        (y, row) -> {
          for (int i = 0; i < stride; i++) {
            row[i] = rgb[y * stride + i] & 0xFF;
          }
        },
        (y, row) -> putBytes(row, result, y * row.length));
    return RgbImage.of(width, height, result);
  }

  /** Returns a mask of so many pixels: positive are those of which at least half is. */
  public static Mask mask(Mask mask, int width, int height) {
    byte[] values = mask.values();
    byte[] result = new byte[Math.multiplyExact(width, height)];
    run(
        1,
        axis(mask.width(), width),
        axis(mask.height(), height),
        (y, row) -> {
          for (int x = 0; x < row.length; x++) {
            row[x] = values[y * row.length + x];
          }
        },
        (y, row) -> {
          for (int x = 0; x < width; x++) {
            result[y * width + x] = (byte) (row[x] >= 0.5f ? 1 : 0);
          }
        });
    return Mask.of(width, height, result);
  }

  /**
   * Returns probabilities of so many pixels.
   *
   * @param values sourceHeight x sourceWidth, 0..1
   * @return height x width, 0..1
   */
  public static float[] probabilities(
      float[] values, int sourceWidth, int sourceHeight, int width, int height) {
    float[] result = new float[Math.multiplyExact(width, height)];
    run(
        1,
        axis(sourceWidth, width),
        axis(sourceHeight, height),
        (y, row) -> System.arraycopy(values, y * sourceWidth, row, 0, sourceWidth),
        (y, row) -> {
          for (int x = 0; x < width; x++) {
            result[y * width + x] = Math.min(1, Math.max(0, row[x]));
          }
        });
    return result;
  }

  /**
   * Returns a map of so many blocks, the last of which may reach over the edge of what it shows.
   *
   * @param across how many blocks of the given map one is wide
   * @param down how many it is high
   */
  static GreyImage map(GreyImage map, int width, int height, double across, double down) {
    byte[] values = map.values();
    byte[] result = new byte[Math.multiplyExact(width, height)];
    run(
        1,
        new ResampledAxis(map.width(), width, across),
        new ResampledAxis(map.height(), height, down),
        (y, row) -> {
          for (int x = 0; x < row.length; x++) {
            row[x] = values[y * row.length + x] & 0xFF;
          }
        },
        (y, row) -> putBytes(row, result, y * width));
    return GreyImage.of(width, height, result);
  }

  private static ResampledAxis axis(int sources, int length) {
    return new ResampledAxis(sources, length, (double) sources / length);
  }

  private static void run(
      int channels, ResampledAxis across, ResampledAxis down, Rows rows, Result result) {
    float[] source = new float[channels * across.sources()];
    float[] sum = new float[channels * across.length()];
    float[][] latest = new float[down.taps()][sum.length];
    int read = 0;
    for (int y = 0; y < down.length(); y++) {
      Arrays.fill(sum, 0);
      for (int tap = 0; tap < down.count(y); tap++) {
        int from = down.first(y) + tap;
        for (; read <= from; read++) {
          rows.read(read, source);
          alongRow(channels, across, source, latest[read % latest.length]);
        }
        add(down.weight(y, tap), latest[from % latest.length], sum);
      }
      result.write(y, sum);
    }
  }

  private static void alongRow(int channels, ResampledAxis axis, float[] source, float[] row) {
    int at = 0;
    for (int x = 0; x < axis.length(); x++) {
      for (int channel = 0; channel < channels; channel++) {
        float sum = 0;
        int from = channels * axis.first(x) + channel;
        for (int tap = 0; tap < axis.count(x); tap++) {
          sum += axis.weight(x, tap) * source[from + channels * tap];
        }
        row[at++] = sum;
      }
    }
  }

  private static void add(float weight, float[] row, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * row[i];
    }
  }

  private static void putBytes(float[] row, byte[] result, int at) {
    for (int i = 0; i < row.length; i++) {
      result[at + i] = (byte) (Math.min(WHITE, Math.max(0, row[i])) + 0.5f);
    }
  }
}
