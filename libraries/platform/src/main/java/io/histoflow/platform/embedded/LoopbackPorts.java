package io.histoflow.platform.embedded;

import io.histoflow.platform.lifecycle.ServiceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Finds free TCP ports on the loopback address. */
final class LoopbackPorts {
  static final String HOST = "127.0.0.1";

  private LoopbackPorts() {}

  /**
   * Proposes ports, one per call: the preferred one first if it is free, then others.
   *
   * @param preferred 0 for none
   */
  static IntSupplier candidates(int preferred) {
    AtomicInteger wanted = new AtomicInteger(preferred);
    return () -> free(wanted.getAndSet(0));
  }

  /**
   * Finds a port that is free at this moment; another process may still take it first.
   *
   * @param preferred the port to take if it is free; 0 for none
   */
  static int free(int preferred) {
    try {
      return bind(preferred);
    } catch (IOException e) {
      if (preferred == 0) {
        throw new ServiceException("There is no free port on " + HOST + ": " + e.getMessage(), e);
      }
      return free(0);
    }
  }

  private static int bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections are still in TIME_WAIT counts as free, as it does for
      // servers.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return socket.getLocalPort();
    }
  }
}
