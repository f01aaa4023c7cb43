package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.histoflow.segmentation.model.TensorRuntime;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdamWTest {

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = TensorRuntime.newManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void shouldMoveAsThePapersAlgorithmDoes() {
    // Given: loss sum(c w^2) over a 1 x 2 weight, gradients clipped to norm 1.
    double[] w = {1.0, -2.0};
    double[] c = {3.0, 0.5};
    double[] m = new double[2];
    double[] v = new double[2];
    NDArray parameter = parameter(1f, -2f);
    NDArray curvature = manager.create(new float[] {3f, 0.5f}, new Shape(1, 2));
    try (AdamW optimiser = new AdamW(manager, Map.of("w", parameter), 0.1, 1.0)) {
      for (int t = 1; t <= 5; t++) {
        double[] g = {2 * c[0] * w[0], 2 * c[1] * w[1]};
        double norm = Math.hypot(g[0], g[1]);

        // When
        backward(parameter, curvature);
        double measured = optimiser.step(name -> 0.05);

        // Then
        assertThat(measured).isCloseTo(norm, within(1e-4));
        for (int i = 0; i < 2; i++) {
          double clipped = g[i] * Math.min(1, 1 / norm);
          m[i] = 0.9 * m[i] + 0.1 * clipped;
          v[i] = 0.99 * v[i] + 0.01 * clipped * clipped;
          w[i] -= 0.05 * 0.1 * w[i];
          double step = m[i] / (1 - Math.pow(0.9, (double) t));
          w[i] -= 0.05 * step / (Math.sqrt(v[i] / (1 - Math.pow(0.99, (double) t))) + 1e-8);
          assertThat((double) parameter.toFloatArray()[i]).isCloseTo(w[i], within(1e-5));
        }
      }
    }
  }

  @Test
  void shouldSkipAStepWhoseGradientsAreNoNumbersAndGoOn() {
    // Given
    NDArray parameter = parameter(1f, -2f);
    NDArray broken = manager.create(new float[] {Float.NaN, 1f}, new Shape(1, 2));
    NDArray sound = manager.create(new float[] {1f, 1f}, new Shape(1, 2));
    try (AdamW optimiser = new AdamW(manager, Map.of("w", parameter), 0, 1.0)) {
      // When
      backward(parameter, broken);
      double norm = optimiser.step(name -> 0.05);
      float[] after = parameter.toFloatArray();
      backward(parameter, sound);
      double next = optimiser.step(name -> 0.05);

      // Then
      assertThat(norm).isNaN();
      assertThat(after).containsExactly(1f, -2f);
      assertThat(next).isCloseTo(Math.hypot(2, 4), within(1e-4));
      assertThat(optimiser.steps()).isEqualTo(1);
    }
  }

  private NDArray parameter(float... values) {
    NDArray parameter = manager.create(values, new Shape(1, values.length));
    parameter.setRequiresGradient(true);
    return parameter;
  }

  private static void backward(NDArray parameter, NDArray curvature) {
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      collector.backward(parameter.square().mul(curvature).sum());
    }
  }
}
