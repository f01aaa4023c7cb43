package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkMarkTest {

  @Test
  void shouldReadWhatItWrites() {
    for (WorkMark mark :
        List.of(
            WorkMark.none(), WorkMark.working(72), WorkMark.alone(3, 0), WorkMark.alone(1, 2))) {
      assertThat(WorkMark.parse(mark.text())).isEqualTo(mark);
    }
    assertThat(WorkMark.none().text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "by hand", "working", "working -1", "working 99999999999", "alone 2"})
  void shouldTakeWhatNoWorkerWroteForNoMark(String metadata) {
    assertThat(WorkMark.parse(metadata)).isEqualTo(WorkMark.none());
  }
}
