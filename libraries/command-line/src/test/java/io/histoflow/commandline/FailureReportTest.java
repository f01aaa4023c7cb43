package io.histoflow.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.config.ConfigException;
import org.junit.jupiter.api.Test;

class FailureReportTest {

  @Test
  void shouldCountAWrongConfigurationAsWrongUsage() {
    assertThat(FailureReport.exitCodeOf(new ConfigException("no"))).isEqualTo(2);
    assertThat(FailureReport.exitCodeOf(new IllegalStateException("no"))).isEqualTo(1);
  }
}
