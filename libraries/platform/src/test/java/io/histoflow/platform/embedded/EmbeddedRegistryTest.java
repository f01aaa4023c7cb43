package io.histoflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.lifecycle.ServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryTest {
  @TempDir Path folder;

  @Test
  void shouldSayThatTheRegistryIsNotUnpacked() {
    // Then
    assertThatThrownBy(
            () ->
                EmbeddedRegistry.start(
                    folder, folder.resolve("data"), LoopbackPorts.candidates(0), notice -> {}))
        .isInstanceOf(ServiceException.class)
        .hasMessage(
            "There is no schema registry in "
                + folder
                + ": build libraries/platform, which unpacks it there, or set"
                + " histoflow.registry.home.");
  }

  @Test
  void shouldQuoteTheEndOfTheLogOfARegistryThatDoesNotStart() throws Exception {
    // Given
    Files.writeString(folder.resolve("broken-runner.jar"), "no jar");
    Path data = folder.resolve("data");

    // Then
    assertThatThrownBy(
            () -> EmbeddedRegistry.start(folder, data, LoopbackPorts.candidates(0), notice -> {}))
        .isInstanceOf(ServiceException.class)
        .hasMessageStartingWith("The embedded schema registry did not start; its log ")
        .hasMessageContaining(data.resolve("registry.log").toString())
        .hasMessageContaining("io.quarkus.runner.GeneratedMain");
  }
}
