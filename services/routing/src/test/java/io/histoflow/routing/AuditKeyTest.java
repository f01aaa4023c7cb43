package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditKeyTest {
  @TempDir Path folder;

  @Test
  void shouldMakeAKeyOnceAndKeepIt() {
    // When
    String key = AuditKey.of(config(folder.resolve("one")));

    // Then
    assertThat(key).hasSize(64);
    assertThat(AuditKey.of(config(folder.resolve("one")))).isEqualTo(key);
    assertThat(AuditKey.of(config(folder.resolve("other")))).isNotEqualTo(key);
  }

  @Test
  void shouldTakeTheKeyOfTheConfiguration() {
    ServiceConfig config = config(folder).with("histoflow.routing.audit.key", "a key of our own");

    assertThat(AuditKey.of(config)).isEqualTo("a key of our own");
    assertThat(folder.resolve("audit.key")).doesNotExist();
  }

  @Test
  void shouldRefuseAFileThatHoldsNoKey() throws Exception {
    Files.writeString(folder.resolve("audit.key"), "\n");

    assertThatThrownBy(() -> AuditKey.of(config(folder)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("holds no key; delete it");
  }

  private static ServiceConfig config(Path stateDir) {
    return ServiceConfig.of(Map.of()).with("histoflow.routing.state.dir", stateDir.toString());
  }
}
