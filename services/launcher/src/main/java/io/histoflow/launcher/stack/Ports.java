package io.histoflow.launcher.stack;

import io.histoflow.commandline.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that servers of this machine are about to listen on. */
final class Ports {
  private Ports() {}

  /** Finds a loopback port that is free at this moment. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailedException("No loopback port is free: " + e.getMessage(), e);
    }
  }

  /**
   * Says before anything is started that a port cannot be used.
   *
   * @param host the address to listen on
   * @param port the port; 0 needs no check
   * @param remedy how a person chooses another port
   */
  static void requireFree(String host, int port, String remedy) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections are in TIME_WAIT is free for servers.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw new CommandFailedException(
          "Port "
              + port
              + " on "
              + host
              + (why.contains("in use")
                  ? " is in use by another program: stop that, or "
                  : " cannot be opened (" + why + "): ")
              + remedy
              + ".",
          e);
    }
  }
}
