package io.histoflow.evaluation.calibration;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.imaging.Mask;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Images of which only the probabilities matter. */
final class TestUnits {
  private TestUnits() {}

  /** Returns an image in which every pixel is positive in truth. */
  static PrecisionRecallCurve positives(double... probabilities) {
    byte[] truth = new byte[probabilities.length];
    Arrays.fill(truth, (byte) 1);
    return PrecisionRecallCurve.of(floats(probabilities), Mask.of(truth.length, 1, truth));
  }

  /** Returns an image in which no pixel is positive in truth. */
  static PrecisionRecallCurve negatives(double... probabilities) {
    byte[] truth = new byte[probabilities.length];
    return PrecisionRecallCurve.of(floats(probabilities), Mask.of(truth.length, 1, truth));
  }

  static List<CalibrationUnit> copies(int count, String organ, PrecisionRecallCurve curve) {
    return Collections.nCopies(count, new CalibrationUnit(organ, curve));
  }

  static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
