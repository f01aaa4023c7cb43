package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {

  @Test
  void shouldComputeInFp32UnlessToldOtherwise() {
    try (Segmenter segmenter = Segmenter.open(Checkpoint.shipped(), Compute.cpu())) {
      assertThat(segmenter.precision()).isEqualTo(Precision.FP32);
    }
  }

  @Test
  void shouldFindThatTheShippedModelAgreesInBf16() {
    // Given
    CpuEngineTest.assumeBf16();

    // When
    PrecisionCheck check =
        PrecisionCheck.of(new FoldedWeights(Checkpoint.shipped().weights()), Compute.CPU);
    check.engine().close();

    // Then
    assertThat(check.largestDifference())
        .isPositive()
        .isLessThan(PrecisionCheck.LARGEST_DIFFERENCE);
    assertThat(check.meanDifference()).isPositive().isLessThan(PrecisionCheck.MEAN_DIFFERENCE);
    assertThat(check.speedUp()).isPositive();
    assertThat(check.chosen()).isEqualTo(check.speedUp() > 1 ? Precision.BF16 : Precision.FP32);
  }

  @Test
  void shouldStayWithFp32WhereBf16IsTooCoarseForTheModel() {
    // Given: a head that makes much of little, about the mean of what it says of a tile.
    CpuEngineTest.assumeBf16();
    Weights weights = TestWeights.random(TestWeights.config(8), 1);
    float mean = meanLogit(weights);
    Weights steep =
        weights.map(
            (spec, tensor) -> {
              float[] values = tensor.values().clone();
              float middle = spec.name().equals("head.mask.bias") ? mean : 0;
              for (int i = 0; i < values.length && spec.name().startsWith("head.mask"); i++) {
                values[i] = 3000 * (values[i] - middle);
              }
              return new WeightTensor(spec.shape(), values);
            });

    // When
    PrecisionCheck check = PrecisionCheck.of(new FoldedWeights(steep), Compute.CPU);
    check.engine().close();

    // Then
    assertThat(check.largestDifference()).isGreaterThan(PrecisionCheck.LARGEST_DIFFERENCE);
    assertThat(check.chosen()).isEqualTo(Precision.FP32);
  }

  @Test
  void shouldRefuseBf16WhereTheProcessorHasNone() {
    Assumptions.assumeFalse(
        CpuFeatures.ofThisMachine().multipliesBf16(), "this CPU computes in bf16");
    assertThatThrownBy(() -> Precision.BF16.requireOn(Compute.CPU))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this CPU does not compute in bf16");
  }

  @Test
  void shouldRefuseBf16OnAGpu() {
    assertThatThrownBy(() -> Precision.BF16.requireOn(Compute.GPU))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bf16 is for the CPU: use precision auto or fp32, or device cpu");
  }

  @Test
  void shouldRefuseFp16OnACpu() {
    assertThatThrownBy(() -> Precision.FP16.requireOn(Compute.CPU))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fp16 is for the GPU: use precision auto or fp32, or device gpu");
  }

  @Test
  void shouldReadItsWords() {
    for (Precision precision : Precision.values()) {
      assertThat(Precision.parse(" " + precision.word())).isEqualTo(precision);
    }
    assertThatThrownBy(() -> Precision.parse("int8"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("precision 'int8' is not known: use auto, fp32, bf16 or fp16");
  }

  @ParameterizedTest
  @CsvSource({
    "fpu sse2 avx512bw avx512vl avx512dq avx512_bf16, true",
    "fpu avx512dq avx512bw avx512vl amx_bf16 amx_tile, true",
    "fpu avx512bw avx512vl avx512dq, false",
    "fpu avx2 amx_bf16, false",
  })
  void shouldReadWhatTheProcessorCanDo(String flags, boolean bf16) {
    // Given
    String cpuInfo = "processor\t: 0\nflags\t\t: " + flags + "\nbugs\t\t: none\n";

    // When, Then
    assertThat(CpuFeatures.parse(cpuInfo).multipliesBf16()).isEqualTo(bf16);
    assertThat(CpuFeatures.parse("").multipliesBf16()).isFalse();
  }

  private static float meanLogit(Weights weights) {
    RgbImage tile = new SyntheticTissue(1).tile("lung", 0, 64).image();
    try (NetworkRunner runner = new NetworkRunner(weights, Compute.cpu())) {
      float[] all = runner.probabilities(List.of(new SegmentationInput(tile, "lung"))).get(0);
      double sum = 0;
      for (float p : all) {
        sum += Math.log(p / (1 - p));
      }
      return (float) (sum / all.length);
    }
  }
}
