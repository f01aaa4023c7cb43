package io.histoflow.segmentation.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each block against an example worked by hand. */
class BlocksTest {

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
    // Given
    SqueezeExcitation se = new SqueezeExcitation(2);
    se.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 1, 2));
    set(se, "01reduce_weight", 1, 0, 0, 1, -1, 0, 0, 0);
    set(se, "01reduce_bias", 0, 0, 0, 0);
    set(se, "02expand_weight", 1, 0, 5, 0, 0, -1, 5, 0);
    set(se, "02expand_bias", 0, 0.5f);
    // Means 1 and 3; hidden relu(1, 3, -1, 0) = 1, 3, 0, 0; logits 1 and 0.5 - 3.
    NDArray x = manager.create(new float[] {0, 2, 2, 4}, new Shape(1, 2, 1, 2));

    // When
    float[] weights = forward(se, x)[0];

    // Then
    assertThat(weights[0]).isCloseTo(0.7310586f, within(1e-6f));
    assertThat(weights[1]).isCloseTo(0.0758582f, within(1e-6f));
  }

  @Test
  void shouldModulateByTheOrgansEmbedding() {
    // Given
    FilmModulation film = new FilmModulation(2);
    film.initialize(manager, DataType.FLOAT32, new Shape(1, 2));
    set(film, "01gamma_weight", 1, 2, 0, -1);
    set(film, "01gamma_bias", -4, 0);
    set(film, "02beta_weight", 0.5f, 0, 0, 3);
    set(film, "02beta_bias", 1, -1);
    NDArray e = manager.create(new float[] {2, 1}, new Shape(1, 2));

    // When
    float[][] modulation = forward(film, e);

    // Then: gamma = sigmoid(2 + 2 - 4), sigmoid(-1); beta = 1 + 1, 3 - 1.
    assertThat(modulation[0][0]).isCloseTo(0.5f, within(1e-6f));
    assertThat(modulation[0][1]).isCloseTo(0.2689414f, within(1e-6f));
    assertThat(modulation[1]).containsExactly(2f, 2f);
  }

  @Test
  void shouldLookUpEachImagesEmbedding() {
    // Given
    OrganEmbedding embedding = new OrganEmbedding(3, 2);
    embedding.initialize(manager, DataType.FLOAT32, new Shape(2, 3));
    set(embedding, "weight", 1, 2, 3, 4, 5, 6);
    NDArray oneHot = manager.create(new float[] {0, 0, 1, 1, 0, 0}, new Shape(2, 3));

    // When
    float[] rows = forward(embedding, oneHot)[0];

    // Then
    assertThat(rows).containsExactly(5f, 6f, 1f, 2f);
  }

  @Test
  void shouldSpreadChannelsOverPixelsAsATransposedConvolutionWould() {
    // Given: one channel out, so channel 2 i + j becomes pixel (2 y + i, 2 x + j).
    NDArray y = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(1, 4, 1, 2));

    // When
    NDArray up = PixelShuffleUp.shuffle(y);

    // Then
    assertThat(up.getShape()).isEqualTo(new Shape(1, 1, 2, 4));
    assertThat(up.toFloatArray()).containsExactly(1f, 3f, 2f, 4f, 5f, 7f, 6f, 8f);
  }

  private float[][] forward(Block block, NDArray input) {
    NDList out = block.forward(new ParameterStore(manager, false), new NDList(input), false);
    return out.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
  }

  private void set(Block block, String name, float... values) {
    Parameter parameter = block.getParameters().get(name);
    Shape shape = parameter.getShape();
    parameter.close();
    parameter.setShape(null);
    parameter.setArray(manager.create(values, shape));
  }
}
