package io.histoflow.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {
  @TempDir Path folder;

  @BeforeEach
  void requirePermissions() {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
  }

  @Test
  void shouldMakeADirectoryForItsOwnerOnly() throws Exception {
    // Given
    Path directory = folder.resolve("a").resolve("b");

    // Then
    assertThat(PrivateDirectory.ensure(directory)).isEmpty();
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(PrivateDirectory.ensure(directory)).isEmpty();
  }

  @Test
  void shouldTightenADirectoryThatOthersCanReadAndSaySo() throws Exception {
    // Given
    Path directory = directory("rwxr-x--x");

    // Then
    assertThat(PrivateDirectory.ensure(directory))
        .hasValue(
            "The directory "
                + directory
                + " was open to other users of this machine (rwxr-x--x); it is now yours alone.");
    assertThat(mode(directory)).isEqualTo("rwx------");
  }

  @Test
  void shouldRefuseADirectoryThatAnybodyCanWriteTo() throws Exception {
    // Given
    Path directory = directory("rwxrwxrwx");

    // Then
    assertThatThrownBy(() -> PrivateDirectory.ensure(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Anybody on this machine can write")
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("chmod 700");
    assertThat(mode(directory)).isEqualTo("rwxrwxrwx");
  }

  @Test
  void shouldRefuseADirectoryOfSomebodyElse() throws Exception {
    // Given: only root can give a directory away
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Path directory = directory("rwxr-xr-x");
    Files.setOwner(
        directory,
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    // Then
    assertThatThrownBy(() -> PrivateDirectory.ensure(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("belongs to nobody");
  }

  @Test
  void shouldWriteAFileThatOnlyItsOwnerReadsThoughItExists() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("client.properties"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    // When
    PrivateFile.write(file, "sasl.jaas.config=secret");

    // Then
    assertThat(file).hasContent("sasl.jaas.config=secret");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  private Path directory(String mode) throws Exception {
    Path directory = Files.createDirectory(folder.resolve("existing"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    return directory;
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
