package io.histoflow.loadtests.memory;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MemoryBenchSettingsTest {

  @Test
  void shouldRefuseNoTilesAfterTheWarmUp() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MemoryBenchSettings(1_000, 1_000, 64, 0, 1024, 250, 1))
        .withMessageContaining("tiles is 1000 but must be 1001");
  }
}
