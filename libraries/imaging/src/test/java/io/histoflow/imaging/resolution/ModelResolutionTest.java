package io.histoflow.imaging.resolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelResolutionTest {
  private static final ModelResolution MODEL = new ModelResolution(OptionalDouble.of(0.25));

  @Test
  void shouldTakeAnImageOfUnknownResolutionAsTheModels() {
    assertThat(MODEL.of(OptionalDouble.empty())).isEqualTo(Rescaling.NONE);
    assertThat(ModelResolution.UNKNOWN.of(OptionalDouble.of(2))).isEqualTo(Rescaling.NONE);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.2385, 0.262})
  void shouldLeaveAloneWhatDiffersByLessThanATwentieth(double microns) {
    assertThat(MODEL.of(OptionalDouble.of(microns))).isEqualTo(Rescaling.NONE);
  }

  // An SVS of 0.252 has a level of 1.008, and 0.063 is as far from 0.25.
  @ParameterizedTest
  @ValueSource(doubles = {0.2375, 0.263, 0.5, 1.0, 1.008, 0.0625, 0.06})
  void shouldResampleWhatDiffersByMoreUpToFourTimes(double microns) {
    assertThat(MODEL.of(OptionalDouble.of(microns))).isEqualTo(new Rescaling(microns / 0.25));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.25, 25_000, 1e-300, Double.NaN, Double.POSITIVE_INFINITY, 0.01, 81})
  void shouldRefuseWhatNoImageHasWhicheverTheModel(double microns) {
    assertThat(MODEL.fault(OptionalDouble.of(microns)).orElseThrow())
        .contains(String.valueOf(microns), "0.0125", "80", "absent where");
    assertThat(ModelResolution.UNKNOWN.fault(OptionalDouble.of(microns))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.059, 1.06, 2, 8})
  void shouldRefuseWhatIsMoreThanFourTimesFinerOrCoarser(double microns) {
    // Given
    OptionalDouble image = OptionalDouble.of(microns);

    // Then
    assertThat(MODEL.fault(image).orElseThrow())
        .contains(String.valueOf(microns), "0.25", "0.0625 to 1.0");
    assertThat(ModelResolution.UNKNOWN.fault(image)).isEmpty();
    assertThatThrownBy(() -> MODEL.of(image)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSayHowLongAnEdgeIsEvenWhereNoImageCouldBe() {
    assertThat(new Rescaling(2).length(512)).isEqualTo(1024);
    assertThat(new Rescaling(0.25).length(1)).isEqualTo(1);
    assertThat(new Rescaling(4).length(Integer.MAX_VALUE)).isEqualTo(4L * Integer.MAX_VALUE);
  }
}
