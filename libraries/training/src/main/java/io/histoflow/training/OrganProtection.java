package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the conditioning learn some organs without changing what it does for the others. FiLM is
 * linear in an organ's embedding, so a change of its weights that is orthogonal to the embeddings
 * of all other organs leaves their gamma and beta as they are (null-space projection, as Zeng et
 * al., 2019, and Saha et al., 2021, use it against forgetting). The organs that learn keep every
 * channel of every stage free to scale and shift.
 */
final class OrganProtection implements UpdateConstraint {

  private static final String EMBEDDING = "embedding.weight";
  private static final double TOLERANCE = 1e-6;

  private final NDArray projection;
  private final NDArray rows;

  /**
   * Makes a protection of the organs that are not taught.
   *
   * @param start weights that fine-tuning starts from
   * @param taught rows of the embedding that may change
   * @param known number of the first rows, which the model knew before
   * @param knownShare share of what they learn that passes where these are taught, 0..1
   * @param manager holds a few small arrays
   */
  OrganProtection(
      Weights start, Set<Integer> taught, int known, double knownShare, NDManager manager) {
    int organs = start.config().organs().size();
    int d = start.config().embeddingSize();
    List<double[]> others = new ArrayList<>();
    List<double[]> heldBack = new ArrayList<>();
    float[] mask = new float[organs];
    for (int row = 0; row < organs; row++) {
      if (!taught.contains(row)) {
        others.add(row(start, row));
      } else if (row < known) {
        mask[row] = (float) knownShare;
        heldBack.add(row(start, row));
      } else {
        mask[row] = 1;
      }
    }
    // What is orthogonal to all known organs passes whole, what is not to those taught in part.
    float[] withThem = nullSpace(others, d);
    others.addAll(heldBack);
    float[] withoutThem = nullSpace(others, d);
    float[] allowed = new float[d * d];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = (float) (knownShare * withThem[i] + (1 - knownShare) * withoutThem[i]);
    }
    projection = manager.create(allowed, new Shape(d, d));
    rows = manager.create(mask, new Shape(organs, 1));
  }

  @Override
  public NDArray allowed(String name, NDArray update) {
    NDArray allowed = null;
    if (name.equals(EMBEDDING)) {
      allowed = update.mul(rows);
    } else if (isFilmWeight(name)) {
      allowed = update.matMul(projection);
    } else if (isFilmBias(name)) {
      allowed = update.mul(0f);
    }
    if (allowed == null) {
      return update;
    }
    allowed.attach(update.getManager());
    return allowed;
  }

  /** Tells whether a parameter is one of FiLM's matrices, (C, d). */
  static boolean isFilmWeight(String name) {
    return name.contains(".film.") && name.endsWith(".weight");
  }

  private static boolean isFilmBias(String name) {
    return name.contains(".film.") && name.endsWith(".bias");
  }

  /**
   * Gives each organ that the model does not know an embedding with a direction of its own. The
   * network says the same as before for every organ, for a new one what it says for unknown; but
   * the new organ can be taught without the others.
   *
   * <p>Where the embeddings fill all their dimensions no direction is left, and a new organ only
   * has the embedding of unknown to start from.
   */
  static Checkpoint open(Checkpoint base, List<String> organs) {
    Checkpoint grown = base.withOrgans(organs);
    int known = base.config().organs().size();
    int all = grown.config().organs().size();
    if (all == known) {
      return base;
    }
    int d = grown.config().embeddingSize();
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(grown.weights().tensors());
    float[] embeddings = grown.weights().values(EMBEDDING).clone();
    List<double[]> taken = new ArrayList<>();
    double norms = 0;
    for (int row = 0; row < known; row++) {
      taken.add(row(grown.weights(), row));
      norms += length(row(grown.weights(), row)) / known;
    }
    for (int row = known; row < all; row++) {
      double[] own = freeDirection(taken, d);
      if (own == null) {
        break;
      }
      taken.add(own);
      for (int k = 0; k < d; k++) {
        embeddings[row * d + k] += (float) (norms * own[k]);
      }
      for (Map.Entry<String, WeightTensor> entry : tensors.entrySet()) {
        if (isFilmWeight(entry.getKey())) {
          entry.setValue(without(entry.getValue(), own));
        }
      }
    }
    tensors.put(EMBEDDING, new WeightTensor(List.of(all, d), embeddings));
    return new Checkpoint(new Weights(grown.config(), tensors), grown.metadata());
  }

  /** Returns W - (W u) u', which answers 0 to u and as before to all that is orthogonal to it. */
  private static WeightTensor without(WeightTensor tensor, double[] u) {
    float[] values = tensor.values().clone();
    for (int c = 0; c < values.length / u.length; c++) {
      double answer = 0;
      for (int k = 0; k < u.length; k++) {
        answer += values[c * u.length + k] * u[k];
      }
      for (int k = 0; k < u.length; k++) {
        values[c * u.length + k] -= (float) (answer * u[k]);
      }
    }
    return new WeightTensor(tensor.shape(), values);
  }

  /** Returns a unit vector orthogonal to all of the vectors, null where there is none. */
  private static double[] freeDirection(List<double[]> vectors, int d) {
    float[] p = nullSpace(vectors, d);
    int best = 0;
    for (int k = 1; k < d; k++) {
      best = p[k * d + k] > p[best * d + best] ? k : best;
    }
    // A column of a projection is the projected unit vector; its square length is its diagonal.
    double square = p[best * d + best];
    if (square < TOLERANCE) {
      return null;
    }
    double[] direction = new double[d];
    for (int k = 0; k < d; k++) {
      direction[k] = p[k * d + best] / Math.sqrt(square);
    }
    return direction;
  }

  /** Returns the projection (d, d) onto all that is orthogonal to the vectors. */
  static float[] nullSpace(List<double[]> vectors, int d) {
    List<double[]> basis = new ArrayList<>();
    for (double[] vector : vectors) {
      double[] rest = vector.clone();
      // Twice, for what rounding leaves the first time.
      for (int pass = 0; pass < 2; pass++) {
        for (double[] unit : basis) {
          double along = dot(rest, unit);
          for (int k = 0; k < d; k++) {
            rest[k] -= along * unit[k];
          }
        }
      }
      double length = length(rest);
      if (length > TOLERANCE * Math.max(1, length(vector))) {
        for (int k = 0; k < d; k++) {
          rest[k] /= length;
        }
        basis.add(rest);
      }
    }
    float[] projection = new float[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double value = i == j ? 1 : 0;
        for (double[] unit : basis) {
          value -= unit[i] * unit[j];
        }
        projection[i * d + j] = (float) value;
      }
    }
    return projection;
  }

  private static double[] row(Weights weights, int row) {
    double[] values = new double[weights.config().embeddingSize()];
    for (int k = 0; k < values.length; k++) {
      values[k] = weights.values(EMBEDDING)[row * values.length + k];
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double length(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
