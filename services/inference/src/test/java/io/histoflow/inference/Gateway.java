package io.histoflow.inference;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes TCP connections on to an HTTP server, until it is shut; then it refuses them. */
final class Gateway implements AutoCloseable {
  private final URI target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile ServerSocket entrance;

  private Gateway(URI target) throws IOException {
    this.target = target;
    this.entrance = listen(0);
    this.port = entrance.getLocalPort();
    accept(entrance);
  }

  static Gateway to(String url) throws IOException {
    return new Gateway(URI.create(url));
  }

  String url() {
    return "http://127.0.0.1:" + port + target.getPath();
  }

  void shut() throws IOException {
    entrance.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  void open() throws IOException {
    entrance = listen(port);
    accept(entrance);
  }

  @Override
  public void close() throws IOException {
    shut();
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
  }

  private void accept(ServerSocket server) {
    daemon(
        () -> {
          while (!server.isClosed()) {
            Socket client = server.accept();
            Socket upstream = new Socket(target.getHost(), target.getPort());
            sockets.add(client);
            sockets.add(upstream);
            daemon(() -> copy(client, upstream));
            daemon(() -> copy(upstream, client));
          }
        });
  }

  private void copy(Socket from, Socket to) throws IOException {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A closed connection is what this class is for.
              }
            },
            "gateway");
    thread.setDaemon(true);
    thread.start();
  }
}
