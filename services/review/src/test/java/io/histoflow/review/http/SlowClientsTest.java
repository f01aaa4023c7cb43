package io.histoflow.review.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server with few threads, and clients that take their time. */
class SlowClientsTest {
  private static final int ANSWER_BYTES = 32 << 20;
  private static final int THREADS = 8;

  private final UploadBudget budget = new UploadBudget(1 << 20);
  private final AtomicReference<Throwable> ended = new AtomicReference<>();
  private final List<Socket> sockets = new ArrayList<>();
  private Server server;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    server = new Server(new QueuedThreadPool(THREADS, 2));
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    Duration window = Duration.ofMillis(500);
    ConnectionWatch watch = new ConnectionWatch(window, 1 << 20, window);
    Uploads uploads = new Uploads(budget, 1 << 20, window);
    uploads.setHandler(new Echo());
    watch.setHandler(uploads);
    connector.addBean(watch, false);
    server.addConnector(connector);
    server.setHandler(watch);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.stop();
  }

  @Test
  void shouldHandOnABodyAsItWasSent() throws IOException {
    assertThat(answer(sent("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello")))
        .startsWith("HTTP/1.1 200")
        .endsWith("hello");
    String head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    assertThat(answer(sent(head + chunked))).contains("hello");
    await().until(() -> budget.heldBytes() == 0);
  }

  @Test
  void shouldAnswerOthersWhileManyBodiesCome() throws IOException {
    // Given
    for (int i = 0; i < 10 * THREADS; i++) {
      sent("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\nslowly");
    }

    // When, then
    assertThat(answer(sent("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"))).endsWith("hello");
  }

  @Test
  void shouldEndABodyThatComesTooSlowly() throws IOException {
    // Given
    Socket slow = sent("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n");

    // When
    drip(slow);

    // Then
    await().until(() -> budget.heldBytes() == 0);
  }

  @Test
  void shouldRefuseABodyThatIsTooLongWhoeverSaysHowLongItIs() throws IOException {
    // Given
    String body = "x".repeat(SessionApi.MAX_BODY_BYTES + 1);
    String head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

    // When
    String declared = answer(sent(head + "Content-Length: " + body.length() + "\r\n\r\n" + body));
    String chunked =
        answer(
            sent(
                head
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length())
                    + "\r\n"
                    + body
                    + "\r\n0\r\n\r\n"));

    // Then
    assertThat(declared).startsWith("HTTP/1.1 413").contains("longer than 4096 bytes");
    assertThat(chunked).startsWith("HTTP/1.1 413").contains("longer than 4096 bytes");
  }

  @Test
  void shouldEndAConnectionWhoseRequestNeverGetsDone() throws IOException {
    // Given
    Socket slow = sent("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");

    // When, then: a byte now and then does not keep it open.
    drip(slow);
    await().until(() -> connector.getConnectedEndPoints().isEmpty());
  }

  @Test
  void shouldEndAnAnswerThatNobodyTakes() throws IOException {
    // Given
    Socket slow = new Socket();
    sockets.add(slow);
    slow.setReceiveBufferSize(4 << 10);
    slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort()));
    write(slow, "GET /long HTTP/1.1\r\nHost: x\r\n\r\n");

    // When: some of it is taken, again and again.
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ended.get() != null || slow.getInputStream().read() < 0);

    // Then
    await().until(() -> ended.get() != null);
  }

  @Test
  void shouldGiveAnAnswerWholeToWhoTakesIt() throws IOException {
    // When
    String answer = answer(sent("GET /long HTTP/1.0\r\n\r\n"));

    // Then
    assertThat(answer.length() - answer.indexOf("\r\n\r\n") - 4).isEqualTo(ANSWER_BYTES);
  }

  /** Sends a byte now and then until the server hangs up. */
  private static void drip(Socket socket) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              try {
                write(socket, "x");
                return false;
              } catch (IOException e) {
                return true;
              }
            });
  }

  private Socket sent(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    sockets.add(socket);
    write(socket, text);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static String answer(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      throw new AssertionError("The server hung up", e);
    }
  }

  /** Answers with what it was sent, or with much. */
  private final class Echo extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (Request.getPathInContext(request).equals("/long")) {
        Request.addCompletionListener(request, ended::set);
        response.write(true, ByteBuffer.allocate(ANSWER_BYTES), callback);
      } else {
        response.write(true, Content.Source.asByteBuffer(request), callback);
      }
      return true;
    }
  }
}
