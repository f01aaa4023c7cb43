package io.histoflow.segmentation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each part of a stage against an example worked by hand. */
class ForwardPassTest {

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
  void shouldWeighChannelsByTheirMeans() {
    // Given: what the stem is of four channels, all the same, of which the first two count.
    ClinSegNetConfig config =
        new ClinSegNetConfig(4, List.of("unknown"), 1, true, false, false, InputColour.RGB);
    Network network =
        network(
            config,
            Map.of(
                "encoder.0.bn2.gamma", new float[] {0, 0, 0, 0},
                "encoder.0.bn2.beta", new float[] {1, 3, 0, 0},
                "encoder.0.se.reduce.weight",
                    new float[] {1, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0},
                "encoder.0.se.reduce.bias", new float[4],
                "encoder.0.se.expand.weight",
                    new float[] {1, 0, 5, 0, 0, -1, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                "encoder.0.se.expand.bias", new float[] {0, 0.5f, 0, 0}));

    // When: means 1 and 3; hidden relu(1, 3, -1, 0) = 1, 3, 0, 0; logits 1 and 0.5 - 3.
    NDList stem = network.stem(manager.zeros(new Shape(1, 3, 8, 8)), false);

    // Then
    float[] weights = stem.get(1).toFloatArray();
    assertThat(weights[0]).isCloseTo(0.7310586f, within(1e-6f));
    assertThat(weights[1]).isCloseTo(0.0758582f, within(1e-6f));
  }

  @Test
  void shouldModulateByEachImagesOrgan() {
    // Given
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            4, List.of("unknown", "kidney", "lung"), 2, false, true, false, InputColour.RGB);
    Network network =
        network(
            config,
            Map.of(
                "embedding.weight", new float[] {1, 2, 3, 4, 2, 1},
                "encoder.0.film.gamma.weight", new float[] {1, 2, 0, -1, 0, 0, 0, 0},
                "encoder.0.film.gamma.bias", new float[] {-4, 0, 0, 0},
                "encoder.0.film.beta.weight", new float[] {0.5f, 0, 0, 3, 0, 0, 0, 0},
                "encoder.0.film.beta.bias", new float[] {1, -1, 0, 0}));
    NDArray maps = manager.ones(new Shape(2, 4, 8, 8)).mul(2);
    NDArray organs = InputTensor.organs(manager, config, List.of(2, 0));

    // When
    NDArray modulated = network.encode(new NDList(maps), organs, false).get(0);

    // Then: gamma = sigmoid(2 + 2 - 4), sigmoid(-1); beta = 1 + 1, 3 - 1.
    float[] values = modulated.toFloatArray();
    assertThat(values[0]).isCloseTo(2 * 0.5f + 2, within(1e-6f));
    assertThat(values[64]).isCloseTo(2 * 0.2689414f + 2, within(1e-6f));
    // And for the other image: gamma = sigmoid(1 + 4 - 4), sigmoid(-2); beta = 0.5 + 1, 6 - 1.
    assertThat(values[256]).isCloseTo(2 * 0.7310586f + 1.5f, within(1e-6f));
    assertThat(values[320]).isCloseTo(2 * 0.1192029f + 5, within(1e-6f));
  }

  @Test
  void shouldSpreadChannelsOverPixelsAsATransposedConvolutionWould() {
    // Given: one channel out, so channel 2 i + j becomes pixel (2 y + i, 2 x + j).
    NDArray y = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(1, 4, 1, 2));

    // When
    NDArray up = ArrayPass.shuffle(y);

    // Then
    assertThat(up.getShape()).isEqualTo(new Shape(1, 1, 2, 4));
    assertThat(up.toFloatArray()).containsExactly(1f, 3f, 2f, 4f, 5f, 7f, 6f, 8f);
  }

  @Test
  void shouldNameAndShapeItsParametersAsTheFilesDo() {
    // Given
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            8, List.of("unknown", "kidney"), 7, true, true, true, InputColour.HAEMATOXYLIN);

    // When
    List<String> parameters =
        ParameterCatalogue.of(config).all().stream()
            .map(spec -> spec.name() + spec.shape())
            .toList();

    // Then: in the order of the forward pass, which files and fingerprints keep to.
    assertThat(parameters)
        .startsWith(
            "embedding.weight[2, 7]",
            "encoder.0.conv1.weight[8, 1, 3, 3]",
            "encoder.0.bn1.gamma[8]",
            "encoder.0.bn1.beta[8]",
            "encoder.0.bn1.runningMean[8]",
            "encoder.0.bn1.runningVar[8]",
            "encoder.0.conv2.weight[8, 8, 3, 3]")
        .containsSubsequence(
            "encoder.0.se.reduce.weight[4, 8]",
            "encoder.0.se.expand.weight[8, 4]",
            "encoder.0.film.gamma.weight[8, 7]",
            "encoder.0.film.beta.bias[8]",
            "encoder.1.conv1.weight[16, 8, 3, 3]",
            "encoder.2.conv1.weight[32, 16, 3, 3]",
            "bottleneck.se.reduce.weight[8, 64]",
            "up.2.weight[128, 64, 1, 1]",
            "up.2.bias[128]",
            "decoder.2.conv1.weight[32, 64, 3, 3]",
            "up.1.weight[64, 32, 1, 1]",
            "decoder.1.conv1.weight[16, 32, 3, 3]",
            "up.0.weight[32, 16, 1, 1]",
            "decoder.0.conv1.weight[8, 16, 3, 3]")
        .endsWith(
            "head.mask.weight[1, 8, 1, 1]",
            "head.mask.bias[1]",
            "head.edge.weight[1, 8, 1, 1]",
            "head.edge.bias[1]")
        .hasSize(1 + 7 * (10 + 4 + 4) + 3 * 2 + 4);
  }

  private Network network(ClinSegNetConfig config, Map<String, float[]> values) {
    Weights weights =
        Weights.initial(config, 1)
            .map(
                (spec, tensor) ->
                    values.containsKey(spec.name())
                        ? new WeightTensor(
                            spec.shape(), Arrays.copyOf(values.get(spec.name()), spec.size()))
                        : tensor);
    return Network.forTraining(weights, manager);
  }
}
