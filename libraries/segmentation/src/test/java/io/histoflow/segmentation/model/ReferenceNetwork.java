package io.histoflow.segmentation.model;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * ClinSegNet once more, straight from the paper's formulas: plain loops in double precision, no
 * tensor library. What DJL computes is held against it.
 */
public final class ReferenceNetwork {

  private final Weights weights;

  public ReferenceNetwork(Weights weights) {
    this.weights = weights;
  }

  /** A feature map, indexed by channel, row, column. */
  private static final class Map3 {
    private final double[][][] v;

    Map3(double[][][] v) {
      this.v = v;
    }

    double[][][] v() {
      return v;
    }

    int channels() {
      return v.length;
    }

    int height() {
      return v[0].length;
    }

    int width() {
      return v[0][0].length;
    }
  }

  /** Returns the probabilities of one image (C, H, W) for the organ in that row. */
  public double[][] probabilities(double[][][] image, int organ) {
    Deque<Map3> skips = new ArrayDeque<>();
    Map3 x = new Map3(image);
    for (StageName name : StageName.values()) {
      if (name.encoder() && name != StageName.ENCODER_0) {
        skips.push(x);
        x = maxPool(x);
      } else if (!name.encoder()) {
        x = concat(skips.pop(), up(x, "up." + name.prefix().substring("decoder.".length())));
      }
      x = stage(x, name.prefix(), organ);
    }
    double[][] result = new double[x.height()][x.width()];
    float[] w = weights.values("head.mask.weight");
    double bias = weights.values("head.mask.bias")[0];
    for (int i = 0; i < x.height(); i++) {
      for (int j = 0; j < x.width(); j++) {
        double sum = bias;
        for (int c = 0; c < x.channels(); c++) {
          sum += w[c] * x.v()[c][i][j];
        }
        result[i][j] = sigmoid(sum);
      }
    }
    return result;
  }

  private Map3 stage(Map3 in, String prefix, int organ) {
    Map3 x = convNormRelu(convNormRelu(in, prefix, 1), prefix, 2);
    int channels = x.channels();
    double[] scale = new double[channels];
    Arrays.fill(scale, 1);
    double[] shift = new double[channels];
    if (weights.config().stages().orElseThrow().squeezeExcitation()) {
      double[] means = new double[channels];
      for (int c = 0; c < channels; c++) {
        for (double[] row : x.v()[c]) {
          for (double value : row) {
            means[c] += value / (x.height() * x.width());
          }
        }
      }
      double[] hidden = linear(means, prefix + ".se.reduce");
      for (int k = 0; k < hidden.length; k++) {
        hidden[k] = Math.max(0, hidden[k]);
      }
      double[] s = linear(hidden, prefix + ".se.expand");
      for (int c = 0; c < channels; c++) {
        scale[c] = sigmoid(s[c]);
      }
    }
    if (weights.config().film()) {
      int d = weights.config().embeddingSize();
      double[] e = new double[d];
      for (int k = 0; k < d; k++) {
        e[k] = weights.values("embedding.weight")[organ * d + k];
      }
      double[] gamma = linear(e, prefix + ".film.gamma");
      shift = linear(e, prefix + ".film.beta");
      for (int c = 0; c < channels; c++) {
        scale[c] *= sigmoid(gamma[c]);
      }
    }
    double[][][] out = new double[channels][x.height()][x.width()];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < x.height(); i++) {
        for (int j = 0; j < x.width(); j++) {
          out[c][i][j] = scale[c] * x.v()[c][i][j] + shift[c];
        }
      }
    }
    return new Map3(out);
  }

  private Map3 convNormRelu(Map3 x, String prefix, int index) {
    float[] w = weights.values(prefix + ".conv" + index + ".weight");
    String norm = prefix + ".bn" + index;
    int channels = weights.values(norm + ".gamma").length;
    double[][][] out = new double[channels][x.height()][x.width()];
    for (int o = 0; o < channels; o++) {
      double mean = weights.values(norm + ".runningMean")[o];
      double deviation = Math.sqrt(weights.values(norm + ".runningVar")[o] + 1e-5);
      for (int i = 0; i < x.height(); i++) {
        for (int j = 0; j < x.width(); j++) {
          double sum = 0;
          for (int c = 0; c < x.channels(); c++) {
            for (int di = -1; di <= 1; di++) {
              for (int dj = -1; dj <= 1; dj++) {
                if (i + di >= 0 && i + di < x.height() && j + dj >= 0 && j + dj < x.width()) {
                  sum +=
                      w[((o * x.channels() + c) * 3 + di + 1) * 3 + dj + 1]
                          * x.v()[c][i + di][j + dj];
                }
              }
            }
          }
          double normalised = (sum - mean) / deviation;
          out[o][i][j] =
              Math.max(
                  0,
                  weights.values(norm + ".gamma")[o] * normalised
                      + weights.values(norm + ".beta")[o]);
        }
      }
    }
    return new Map3(out);
  }

  /** A 2x2 transposed convolution of stride 2, whose kernel the 1x1 convolution holds. */
  private Map3 up(Map3 x, String name) {
    float[] w = weights.values(name + ".weight");
    float[] bias = weights.values(name + ".bias");
    int channels = bias.length / 4;
    double[][][] out = new double[channels][2 * x.height()][2 * x.width()];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < 2 * x.height(); i++) {
        for (int j = 0; j < 2 * x.width(); j++) {
          int row = (2 * (i % 2) + j % 2) * channels + c;
          double sum = bias[row];
          for (int k = 0; k < x.channels(); k++) {
            sum += w[row * x.channels() + k] * x.v()[k][i / 2][j / 2];
          }
          out[c][i][j] = sum;
        }
      }
    }
    return new Map3(out);
  }

  private static Map3 maxPool(Map3 x) {
    double[][][] out = new double[x.channels()][x.height() / 2][x.width() / 2];
    for (int c = 0; c < x.channels(); c++) {
      for (int i = 0; i < x.height() / 2; i++) {
        for (int j = 0; j < x.width() / 2; j++) {
          double[][] v = x.v()[c];
          out[c][i][j] =
              Math.max(
                  Math.max(v[2 * i][2 * j], v[2 * i][2 * j + 1]),
                  Math.max(v[2 * i + 1][2 * j], v[2 * i + 1][2 * j + 1]));
        }
      }
    }
    return new Map3(out);
  }

  private static Map3 concat(Map3 a, Map3 b) {
    double[][][] out = new double[a.channels() + b.channels()][][];
    System.arraycopy(a.v(), 0, out, 0, a.channels());
    System.arraycopy(b.v(), 0, out, a.channels(), b.channels());
    return new Map3(out);
  }

  private double[] linear(double[] in, String name) {
    float[] w = weights.values(name + ".weight");
    float[] bias = weights.values(name + ".bias");
    double[] out = new double[bias.length];
    for (int o = 0; o < out.length; o++) {
      out[o] = bias[o];
      for (int k = 0; k < in.length; k++) {
        out[o] += w[o * in.length + k] * in[k];
      }
    }
    return out;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
