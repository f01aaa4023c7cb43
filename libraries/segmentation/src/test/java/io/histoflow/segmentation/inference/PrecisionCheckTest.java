package io.histoflow.segmentation.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.Weights;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrecisionCheckTest {
  private final List<FailingEngine> engines = new ArrayList<>();

  @Test
  void shouldLeaveNoEngineOpenWhenATrialThrows() {
    // Given
    FoldedWeights weights =
        new FoldedWeights(Weights.initial(ClinSegNetConfig.standard(4, List.of("unknown")), 1));
    // When
    assertThatIllegalStateException()
        .isThrownBy(() -> PrecisionCheck.of(weights, Precision.BF16, this::open));
    // Then
    assertThat(engines).hasSize(2).allMatch(engine -> engine.closed);
  }

  @Test
  void shouldLeaveNoEngineOpenWhenTheSecondCannotBeLoaded() {
    // Given
    FoldedWeights weights =
        new FoldedWeights(Weights.initial(ClinSegNetConfig.standard(4, List.of("unknown")), 1));
    // When
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                PrecisionCheck.of(
                    weights,
                    Precision.BF16,
                    precision -> {
                      if (precision == Precision.BF16) {
                        throw new IllegalStateException("no memory for it");
                      }
                      return open(precision);
                    }));
    // Then
    assertThat(engines).hasSize(1).allMatch(engine -> engine.closed);
  }

  private NetworkEngine open(Precision precision) {
    FailingEngine engine = new FailingEngine();
    engines.add(engine);
    return engine;
  }

  /** An engine that has native memory and no luck. */
  private static final class FailingEngine implements NetworkEngine {
    private boolean closed;

    @Override
    public float[] probabilities(ByteBuffer pixels, int n, int h, int w, List<Integer> organs) {
      throw new IllegalStateException("the device is lost");
    }

    @Override
    public int liveArrays() {
      return 0;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
