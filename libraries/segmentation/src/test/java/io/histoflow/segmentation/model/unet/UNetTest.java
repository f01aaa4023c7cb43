package io.histoflow.segmentation.model.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.BlendingSegmenter;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterCatalogue;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.Weights;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UNetTest {

  @ParameterizedTest
  @CsvSource({"false, 31037633, 36878155776", "true, 31389165, 37703249920"})
  void shouldHaveThePublishedParametersAndMultiplyAdds(
      boolean gated, long parameters, long multiplyAdds) {
    // Given
    UNet published = new UNet(64, gated, InputColour.RGB);

    // When / Then
    assertThat(ParameterCatalogue.of(published).size()).isEqualTo(parameters);
    assertThat(published.multiplyAdds(224)).isEqualTo(multiplyAdds);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGiveALogitForEachPixel(boolean gated) {
    // Given
    Weights weights = Weights.initial(new UNet(4, gated, InputColour.RGB), 1);
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      Network network = Network.forTraining(weights, manager);

      // When
      NDArray logits = network.forward(images(manager, 32, 48), null, false).singletonOrThrow();

      // Then
      assertThat(logits.getShape()).isEqualTo(new Shape(2, 1, 32, 48));
    }
  }

  @Test
  void shouldRefuseSidesThatItCannotHalveFourTimes() {
    // Given
    Weights weights = Weights.initial(new UNet(4, false, InputColour.RGB), 1);
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      Network network = Network.forTraining(weights, manager);
      NDArray images = images(manager, 32, 40);

      // When / Then
      assertThatThrownBy(() -> network.forward(images, null, false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("UNet takes images whose sides are multiples of 16 pixels, not 40");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate.1.signal.weight",
        "gate.1.skip.weight",
        "gate.0.psi.weight",
        "gate.3.psi.bn.gamma",
        "up.2.bias"
      })
  void shouldGiveTheGradientsThatFiniteDifferencesGive(String name) {
    // Given
    Weights weights = Weights.initial(new UNet(4, true, InputColour.RGB), 3);
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      // Without batch statistics, so that a pass is a function of the parameters alone.
      Network network = Network.forFineTuning(weights, manager, false);
      network.learn(spec -> spec.name().equals(name));
      NDArray images = images(manager, 32, 32);
      NDArray parameter = network.parameters().get(name);
      NDArray direction = manager.randomNormal(parameter.getShape());

      // When
      float along;
      try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
        collector.backward(loss(network, images));
      }
      along = parameter.getGradient().mul(direction).sum().getFloat();

      // Then
      float step = 1e-2f;
      parameter.addi(direction.mul(step));
      float above = loss(network, images).getFloat();
      parameter.subi(direction.mul(2 * step));
      float below = loss(network, images).getFloat();
      double expected = (above - below) / (2 * step);
      assertThat((double) along).isCloseTo(expected, within(2e-3 + 0.05 * Math.abs(expected)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSegmentTilesOfAnySizeAfterSavingAndLoading(boolean gated) throws Exception {
    // Given
    Checkpoint saved =
        new Checkpoint(
            Weights.initial(new UNet(4, gated, InputColour.HAEMATOXYLIN), 2),
            new CheckpointMetadata(0, 0.5, "nothing", "none", Map.of()));

    // When
    Checkpoint loaded = Checkpoint.read(new ByteArrayInputStream(saved.toBytes()));

    // Then
    assertThat(loaded.config()).isEqualTo(saved.config());
    assertThat(loaded.weights().tensors()).isEqualTo(saved.weights().tensors());
    assertThat(loaded.modelId()).startsWith(gated ? "attentionunet-w4-" : "unet-w4-");
    RgbImage tile = new SyntheticTissue(1).tile("kidney", 0, 75).image();
    try (Segmenter segmenter = Segmenter.open(loaded, Compute.cpu())) {
      float[] whole = segmenter.probabilities(tile, "kidney");
      float[] blended = new BlendingSegmenter(segmenter, 50, 20).probabilities(tile, "kidney");
      assertThat(whole).hasSize(75 * 75);
      assertThat(blended).hasSize(75 * 75);
      assertThat(blended[40 * 75 + 40]).isBetween(0f, 1f);
    }
  }

  private static NDArray loss(Network network, NDArray images) {
    return network.forward(images, null, true).head().square().mean();
  }

  private static NDArray images(NDManager manager, int h, int w) {
    Random random = new Random(5);
    float[] values = new float[2 * 3 * h * w];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return manager.create(values, new Shape(2, 3, h, w));
  }
}
