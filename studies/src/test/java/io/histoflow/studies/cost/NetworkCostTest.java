package io.histoflow.studies.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkCostTest {

  @Test
  void shouldCountABareNetworkAsByHand() {
    // Given: width 4, so 4-8-16-32-16-8-4 channels, on 8x8 pixels; no SE, FiLM or edge head
    ClinSegNetConfig config = bare(false);

    // When
    NetworkCost cost = NetworkCost.of(config, 8);

    // Then: 3x3 pairs, 9 (in out + out out) at 64, 16, 4, 1, 4, 16, 64 pixels; 1x1 to 4 out before
    // each upsampling, at the lower resolution; the head at full resolution
    long encoder = 64 * 252 + 16 * 864 + 4 * 3456 + 13824;
    long ups = 2048 + 4 * 512 + 16 * 128;
    long decoder = 4 * 6912 + 16 * 1728 + 64 * 432;
    assertThat(cost.multiplyAdds()).isEqualTo(encoder + ups + decoder + 64 * 4).isEqualTo(146_944);
    assertThat(cost.operations()).isEqualTo(293_888);

    // and 27468 weights of 3x3, 2800 of the ups with biases, 4 per channel of BatchNorm, the head
    assertThat(cost.parameters()).isEqualTo(27_468 + 2_800 + 4 * 88 + 5);
  }

  @Test
  void shouldAddSqueezeExcitationAndFilmOncePerStage() {
    // Given: 88 channels over all stages, SE with 4 hidden units, embeddings of 32
    // When
    long added =
        NetworkCost.of(bare(true), 8).multiplyAdds()
            - NetworkCost.of(bare(false), 8).multiplyAdds();

    // Then
    assertThat(added).isEqualTo(2 * 88 * 4 + 2 * 88 * 32);
  }

  @Test
  void shouldGrowWithTheAreaButForWhatIsPerTile() {
    // When
    NetworkCost small = NetworkCost.of(bare(false), 8);
    NetworkCost large = NetworkCost.of(bare(false), 224);

    // Then
    assertThat(large.multiplyAdds()).isEqualTo(28 * 28 * small.multiplyAdds());
    assertThat(large.parameters()).isEqualTo(small.parameters());
  }

  @Test
  void shouldStateThePapersWidthAsTheDocumentationDoes() {
    // Given: 31 organs, as NuInsSeg has
    List<String> organs = IntStream.range(0, 31).mapToObj(i -> "organ " + i).toList();

    // When
    NetworkCost cost = NetworkCost.of(ClinSegNetConfig.standard(64, organs), 224);

    // Then
    assertThat(cost.parameters() / 1e6).isCloseTo(7.9, within(0.05));
    assertThat(cost.multiplyAdds() / 1e9).isCloseTo(28.1, within(0.05));
    assertThat(cost.operations() / 1e9).isCloseTo(56.3, within(0.05));
  }

  @Test
  void shouldRefuseATileThatCannotBeHalvedThreeTimes() {
    assertThatThrownBy(() -> NetworkCost.of(bare(false), 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiples of 8 pixels, not 100");
  }

  private static ClinSegNetConfig bare(boolean conditioned) {
    return new ClinSegNetConfig(
        4,
        Collections.singletonList(ClinSegNetConfig.UNKNOWN),
        32,
        conditioned,
        conditioned,
        false,
        InputColour.RGB);
  }
}
