package io.histoflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.lifecycle.ServiceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path folder;

  /** A process that holds the lock until it is killed. */
  public static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]));
      System.out.println("locked");
      System.in.read();
      lock.close();
    }
  }

  @Test
  void shouldKeepOtherProcessesOutUntilItsHolderDies() throws Exception {
    // Given
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .start();
    try (var output = holder.inputReader(StandardCharsets.UTF_8)) {
      assertThat(output.readLine()).isEqualTo("locked");

      // When
      assertThatThrownBy(() -> DirectoryLock.acquire(folder))
          .isInstanceOf(ServiceException.class)
          .hasMessage(
              "The data directory "
                  + folder
                  + " is in use by another histoflow process (process "
                  + holder.pid()
                  + "): stop that one, or use another directory.");
    } finally {
      holder.destroyForcibly().waitFor();
    }

    // Then
    DirectoryLock.acquire(folder).close();
  }

  @Test
  void shouldKeepASecondPlatformOfTheSameProcessOut() {
    // Given
    try (DirectoryLock lock = DirectoryLock.acquire(folder)) {

      // Then
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> DirectoryLock.acquire(folder))
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("is in use");
    }
    DirectoryLock.acquire(folder).close();
  }

  @Test
  void shouldSayThatTheDirectoryCannotBeWritten() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("file"), "");

    // Then
    assertThatThrownBy(() -> DirectoryLock.acquire(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + " is no directory");
  }

  @Test
  void shouldLetOnlyTheOwnerIntoANewDirectory() throws Exception {
    // Given
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path directory = folder.resolve("new").resolve("data");

    // When
    DirectoryLock.acquire(directory).close();

    // Then
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void shouldShutOthersOutOfADirectoryThatExists() throws Exception {
    // Given
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path directory = Files.createDirectory(folder.resolve("old"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    // When
    DirectoryLock.acquire(directory).close();

    // Then
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }
}
