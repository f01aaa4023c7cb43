package io.histoflow.launcher.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.observability.Health;
import io.histoflow.platform.observability.HealthServer;
import org.junit.jupiter.api.Test;

class ChildProbeTest {
  @Test
  void shouldReadTheMetricsOfAChild() {
    assertThat(metricsOf("# TYPE a gauge\na 1\n")).isEqualTo("# TYPE a gauge\na 1\n");
  }

  @Test
  void shouldTakeNoMoreThanTheBrokersProcessHasRoomFor() {
    assertThat(metricsOf("a 1\n".repeat(2 << 20))).isEmpty();
  }

  private static String metricsOf(String text) {
    try (HealthServer child = HealthServer.start("127.0.0.1", 0, Health.of(), () -> text)) {
      return new ChildProbe(child.port()).metrics();
    }
  }
}
