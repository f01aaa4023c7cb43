package io.histoflow.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

  @Test
  void shouldTakeTheMiddleWhateverTheOrder() {
    assertThat(Series.of(9, 1, 4).median()).isEqualTo(4);
    assertThat(Series.of(9, 1, 4, 5).median()).isEqualTo(4.5);
    assertThat(Series.of(9, 1, 4).least()).isEqualTo(1);
    assertThat(Series.of(9, 1, 4).most()).isEqualTo(9);
  }

  @Test
  void shouldRefuseNothing() {
    assertThatThrownBy(() -> new Series(List.of())).hasMessage("nothing was measured");
  }
}
