package io.histoflow.loadtests.measuring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.condition.OS.LINUX;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

class ResidentMemoryTest {

  @Test
  void shouldReadPresentAndPeak() {
    // Given: the format that proc(5) describes
    String status =
        """
        Name:\tjava
        VmPeak:\t 9000000 kB
        VmHWM:\t  812340 kB
        VmRSS:\t  498765 kB
        RssAnon:\t  400000 kB
        """;

    // When, then
    assertThat(ResidentMemory.parse(status))
        .isEqualTo(new ResidentMemory(498_765L * 1024, 812_340L * 1024));
  }

  @Test
  void shouldSayThatTheProcessHasEnded() {
    // Given: a process that ended and was not waited for has no memory
    String status = "Name:\tjava\nState:\tZ (zombie)\n";

    // When, then
    assertThatThrownBy(() -> ResidentMemory.parse(status))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("ended");
  }

  @Test
  @EnabledOnOs(LINUX)
  void shouldReadThisProcess() {
    // When
    ResidentMemory memory = ResidentMemory.of(ProcessHandle.current().pid());

    // Then
    assertThat(memory.bytes()).isPositive().isLessThanOrEqualTo(memory.peakBytes());
  }

  @Test
  @EnabledOnOs(LINUX)
  void shouldNameTheProcessThatIsNotThere() {
    // Given: no process may have this id (the limit is 2^22)
    long nobody = 1L << 30;

    // When, then
    assertThatThrownBy(() -> ResidentMemory.of(nobody))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("process " + nobody);
  }
}
