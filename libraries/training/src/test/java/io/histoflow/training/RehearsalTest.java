package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputTensor;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.training.loss.HistoLoss;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  private static final List<Integer> ORGANS = List.of(2, 0);
  private static final float WEIGHT = 0.7f;

  private final ClinSegNetConfig config = TestWeights.config(4);
  private NDManager manager;
  private Network network;
  private NDArray images;

  @BeforeEach
  void givenANetworkWhoseDecoderHasLearned() {
    manager = TensorRuntime.newManager(Device.cpu());
    network = Network.forFineTuning(learned(TestWeights.random(config, 3)), manager, false);
    network.learn(spec -> spec.group() != ParameterGroup.ENCODER);
    images = manager.randomNormal(new Shape(2, config.inputColour().channels(), 32, 32));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void shouldComputeWithSharedMapsWhatWholePassesCompute() {
    // Given: both networks run from the image on, with nothing shared
    Weights start = TestWeights.random(config, 3);
    Network base = Network.forFineTuning(start, manager, false);
    NDArray organs = InputTensor.organs(manager, config, ORGANS);
    Map<String, float[]> expected =
        gradients(
            () -> {
              NDArray taught = Activation.sigmoid(base.forward(images, organs, false).head());
              NDArray said = network.forward(images, organs, true).head();
              return HistoLoss.binaryCrossEntropy(said, taught).mul(WEIGHT);
            });

    // When
    Rehearsal rehearsal = new Rehearsal(start, manager, WEIGHT);
    Map<String, float[]> shared =
        gradients(
            () -> {
              FrozenStem stem = new FrozenStem(network, images, manager);
              return rehearsal.loss(network, stem.in(manager), ORGANS);
            });

    // Then: the same loss, and the same gradient of everything that learns
    assertThat(expected.get("loss")[0]).isPositive();
    assertThat(shared.keySet())
        .isEqualTo(expected.keySet())
        .contains("encoder.0.film.gamma.weight", "decoder.2.conv1.weight", "embedding.weight");
    expected.forEach(
        (name, values) -> {
          float scale = 0;
          for (float value : values) {
            scale = Math.max(scale, Math.abs(value));
          }
          assertThat(shared.get(name)).as(name).containsExactly(values, within(1e-5f * scale));
        });
  }

  @Test
  void shouldFreeWhatAPassComputesWithThePass() {
    // Given
    FrozenStem stem = new FrozenStem(network, images, manager);
    int before = manager.getManagedArrays().size();

    // When
    try (NDManager pass = manager.newSubManager()) {
      NDArray organs = InputTensor.organs(pass, config, ORGANS);
      NDList maps = network.encode(stem.in(pass), organs, true);
      var unused = network.decode(maps, organs, true);
    }

    // Then
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  /** Returns the loss under its name, and each gradient under its parameter's. */
  private Map<String, float[]> gradients(Supplier<NDArray> loss) {
    Map<String, float[]> values = new TreeMap<>();
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      NDArray result = loss.get();
      collector.backward(result);
      values.put("loss", result.toFloatArray());
    }
    network
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (parameter.hasGradient()) {
                NDArray gradient = parameter.getGradient();
                values.put(name, gradient.toFloatArray());
                gradient.muli(0f);
              }
            });
    return values;
  }

  private static Weights learned(Weights start) {
    return start.map(
        (spec, tensor) -> {
          if (spec.buffer() || spec.group() != ParameterGroup.DECODER) {
            return tensor;
          }
          float[] values = tensor.values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] *= i % 2 == 0 ? 1.2f : 0.9f;
          }
          return new WeightTensor(tensor.shape(), values);
        });
  }
}
