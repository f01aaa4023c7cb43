package io.histoflow.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class StateFolderTest {
  @TempDir Path directory;

  @Test
  void shouldMakeAFolderForItsOwnerOnly() throws IOException {
    // When
    StateFolder.ensure(directory.resolve("state"));

    // Then
    assertThat(mode(directory.resolve("state"))).isEqualTo("rwx------");
  }

  @Test
  void shouldShutOthersOutOfAFolderThatExists() throws IOException {
    // Given
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

    // When
    StateFolder.ensure(open);

    // Then
    assertThat(mode(open)).isEqualTo("rwx------");
  }

  @Test
  void shouldRefuseAFolderThatAnybodyMayWriteTo() throws IOException {
    // Given
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));

    // When / Then
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> StateFolder.ensure(shared))
        .withMessageContaining("anybody")
        .withMessageContaining("histoflow.routing.state.dir");
  }

  private static String mode(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
