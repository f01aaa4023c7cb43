package io.histoflow.platform.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.platform.testing.PlatformExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Another process may take a port between the moment it was found free and its use. */
@ExtendWith(PlatformExtension.class)
class TakenPortIT {
  @TempDir Path folder;

  @Test
  void shouldMoveTheBrokerToAnotherPort() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int free = LoopbackPorts.free(0);

      // When
      try (EmbeddedBroker broker =
          EmbeddedBroker.start(folder, proposing(taken.getLocalPort(), free), notice -> {})) {

        // Then
        assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + free);
      }
    }
  }

  @Test
  void shouldNotTakeAnotherRegistryForItsOwn(EmbeddedPlatform other) {
    // Given
    int taken = URI.create(other.registryUrl()).getPort();
    int free = LoopbackPorts.free(0);

    // When
    try (EmbeddedRegistry registry =
        EmbeddedRegistry.start(
            EmbeddedRegistry.home(), folder, proposing(taken, free), notice -> {})) {

      // Then
      assertThat(registry.url()).startsWith("http://127.0.0.1:" + free + "/");
    }
  }

  private static IntSupplier proposing(Integer... ports) {
    Iterator<Integer> next = List.of(ports).iterator();
    return next::next;
  }
}
