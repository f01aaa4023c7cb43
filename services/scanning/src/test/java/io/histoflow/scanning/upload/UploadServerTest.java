package io.histoflow.scanning.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.histoflow.access.SignIn;
import io.histoflow.access.SignInLine;
import io.histoflow.access.SignInThrottle;
import io.histoflow.access.Users;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.PrivateFile;
import io.histoflow.platform.config.ServiceConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadServerTest {
  private static final String HASH =
      ":$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";
  private static final int MOST = 1 << 20;
  private static final byte[] SLIDE = RgbPng.encode(RgbImage.of(2, 2, new byte[12]));

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  @TempDir private Path elsewhere;
  private Server server;
  private int port;

  @BeforeEach
  void start() throws Exception {
    Path file = elsewhere.resolve("users");
    PrivateFile.write(file, String.join("\n", "scanner" + HASH, "vera" + HASH + ":viewer"));
    serve(settings(Optional.of(file), 0, 2), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void shouldLandASlideThatIsWhole() throws Exception {
    // When
    HttpResponse<String> answer = put("caf%C3%A9%20+1.png", SLIDE, "scanner", "correct horse");

    // Then
    assertThat(answer.body()).contains("\"landed\":\"café +1.png\"");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(folder.resolve("café +1.png")).hasBinaryContent(SLIDE);
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void shouldKeepTheFileThatIsThere() throws Exception {
    // Given
    Files.writeString(folder.resolve("a.png"), "there");

    // When
    HttpResponse<String> answer = put("a.png", SLIDE, "scanner", "correct horse");

    // Then
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).contains("There is a file called a.png already");
    assertThat(folder.resolve("a.png")).hasContent("there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2Fout.png",
        "%2e%2e/out.png",
        "..%5Cout.png",
        "a%00.png",
        ".hidden.png",
        "a%0Ab.png",
        "",
        "a/b.png",
        "a.exe",
        "slide.mrxs",
        "a.png.",
        "a%FF.png"
      })
  void shouldRefuseNamesThatLeadElsewhereOrNowhere(String name) throws Exception {
    // When
    HttpResponse<String> answer = put(name, SLIDE, "scanner", "correct horse");

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":\"");
    assertThat(leftOver()).isEmpty();
    assertThat(elsewhere.resolve("out.png")).doesNotExist();
    assertThat(folder.getParent().resolve("out.png")).doesNotExist();
  }

  @Test
  void shouldSayWhoMayNot() throws Exception {
    assertThat(put("a.png", SLIDE, "scanner", "wrong").statusCode()).isEqualTo(401);
    assertThat(put("a.png", SLIDE, "nobody", "correct horse").statusCode()).isEqualTo(401);
    assertThat(put("a.png", SLIDE, "vera", "correct horse").statusCode()).isEqualTo(403);
    HttpResponse<String> stranger = send(request("a.png").PUT(BodyPublishers.ofByteArray(SLIDE)));
    assertThat(stranger.statusCode()).isEqualTo(401);
    assertThat(stranger.headers().firstValue("WWW-Authenticate")).isPresent();
    HttpResponse<String> read = send(request("a.png").GET());
    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.body()).contains("PUT /slides/NAME");
    for (int i = 0; i < 5; i++) {
      put("a.png", SLIDE, "scanner", "guess " + i);
    }
    assertThat(put("a.png", SLIDE, "scanner", "guess").statusCode()).isEqualTo(429);
    assertThat(files()).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsTooLargeWhetherItSaysSoOrNot() throws Exception {
    // When
    HttpResponse<String> declared = put("a.png", new byte[MOST + 1], "scanner", "correct horse");
    HttpResponse<String> streamed =
        send(
            as("scanner", "correct horse", request("a.png"))
                .PUT(BodyPublishers.ofByteArrays(Collections.nCopies(20, new byte[MOST / 10]))));

    // Then
    assertThat(declared.statusCode()).isEqualTo(413);
    assertThat(declared.body()).contains("larger than 1048576 bytes", "histoflow.upload.bytes");
    assertThat(streamed.statusCode()).isEqualTo(413);
    assertThat(files()).isEmpty();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void shouldRefuseWhatCannotBeScanned() throws Exception {
    // When
    HttpResponse<String> answer =
        put("a.svs", "no slide".getBytes(StandardCharsets.UTF_8), "scanner", "correct horse");

    // Then
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("It came whole and cannot be scanned: a.svs")
        .doesNotContain("upload-");
    assertThat(files()).isEmpty();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void shouldEndWhatComesTooSlowlyOrBreaksOff() throws Exception {
    // Given: no grace, and a megabyte a second
    server.stop();
    serve(settings(Optional.empty(), 0, 2), Duration.ZERO);

    // When, Then: some bytes, and then none
    try (Socket socket = begin("slow.png", SLIDE.length)) {
      socket.getOutputStream().write(SLIDE, 0, 10);
      assertThat(answer(socket)).contains("408").contains("came more slowly than 1000000 bytes");
    }
    // When, Then: the other side goes away
    try (Socket socket = begin("gone.png", 1000)) {
      socket.getOutputStream().write(new byte[3]);
      socket.shutdownOutput();
      assertThat(answer(socket)).contains("\"error\"");
    }
    assertThat(files()).isEmpty();
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void shouldKeepRoomOnTheDisk() throws Exception {
    // Given: all that there is shall stay free
    server.stop();
    serve(settings(Optional.empty(), Long.MAX_VALUE / 2, 2), Duration.ofSeconds(5));

    // When
    HttpResponse<String> answer = send(request("a.png").PUT(BodyPublishers.ofByteArray(SLIDE)));

    // Then
    assertThat(answer.statusCode()).isEqualTo(507);
    assertThat(answer.body()).contains("The disk has no room for it");
  }

  @Test
  void shouldTakeSoManyAtATimeAndNoneTwice() throws Exception {
    // Given: one on its way
    server.stop();
    serve(settings(Optional.empty(), 0, 1), Duration.ofSeconds(5));
    try (Socket first = begin("a.png", SLIDE.length)) {
      first.getOutputStream().write(SLIDE, 0, 10);
      await().until(() -> !leftOver().isEmpty());

      // When
      HttpResponse<String> second = send(request("b.png").PUT(BodyPublishers.ofByteArray(SLIDE)));
      first.getOutputStream().write(SLIDE, 10, SLIDE.length - 10);

      // Then
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(answer(first)).contains("201");
    }
    assertThat(files()).containsExactly("a.png");
  }

  @Test
  void shouldTakeNothingFromWebSitesWhereNobodySignsIn() throws Exception {
    // Given
    server.stop();
    serve(settings(Optional.empty(), 0, 1), Duration.ofSeconds(5));

    // When
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "PUT /slides/a.png HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      // Then
      assertThat(answer(socket)).contains("421");
    }
    assertThatThrownBy(() -> new UploadServer(config("histoflow.upload.host", "0.0.0.0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("histoflow.upload.users");
    assertThatThrownBy(() -> new UploadServer(ServiceConfig.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("histoflow.upload.folder is missing");
  }

  @Test
  void shouldRunAsAService() throws Exception {
    try (UploadServer service = new UploadServer(config("histoflow.upload.port", "0"))) {
      // Given
      service.start();

      // When
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(service.uri().resolve("whole.png"))
                  .PUT(BodyPublishers.ofByteArray(SLIDE)));

      // Then
      assertThat(answer.statusCode()).isEqualTo(201);
    }
    assertThat(folder.resolve("whole.png")).hasBinaryContent(SLIDE);
  }

  private ServiceConfig config(String key, String value) {
    return ServiceConfig.of(Map.of("histoflow.upload.folder", folder.toString())).with(key, value);
  }

  private UploadSettings settings(Optional<Path> users, long keptFree, int atATime) {
    return new UploadSettings("127.0.0.1", 0, users, folder, MOST, keptFree, 1_000_000, atATime);
  }

  private void serve(UploadSettings settings, Duration grace) throws Exception {
    Clock clock = Clock.systemUTC();
    Optional<Users> users = settings.users().map(file -> Users.load(file, clock));
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(1_000);
    server.addConnector(connector);
    server.setErrorHandler(UploadServer::refused);
    server.setHandler(
        new Uploads(
            settings,
            new LandingFolder(folder, settings.bytes(), settings.keptFree()),
            users.map(known -> new SignIn(known, new SignInThrottle(clock), new SignInLine(8))),
            grace));
    server.start();
    port = connector.getLocalPort();
  }

  private Socket begin(String name, int length) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    OutputStream out = socket.getOutputStream();
    out.write(
        "PUT /slides/%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(name, length)
            .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String answer(Socket socket) throws Exception {
    StringBuilder text = new StringBuilder();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private HttpResponse<String> put(String name, byte[] body, String user, String password)
      throws Exception {
    return send(as(user, password, request(name)).PUT(BodyPublishers.ofByteArray(body)));
  }

  private HttpRequest.Builder request(String name) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/slides/" + name));
  }

  private static HttpRequest.Builder as(String user, String password, HttpRequest.Builder request) {
    byte[] credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return request.header(
        "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** What lies in the folder for everybody to see. */
  private List<String> files() throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  /** What uploads have left behind. */
  private List<Path> leftOver() throws Exception {
    try (Stream<Path> all = Files.list(folder.resolve(".histoflow-uploads"))) {
      return all.toList();
    }
  }
}
