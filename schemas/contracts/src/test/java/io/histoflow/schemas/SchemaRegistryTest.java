package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a real HTTP server that answers as a registry may answer. */
class SchemaRegistryTest {
  private static final byte[] RECORD = {0, 0, 0, 0, 7, 1, 2, 3};
  private static final String TOPIC = Topics.TILES_SCANNED.name();

  private final List<String> credentials = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int status;
  private String body;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          credentials.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void shouldNotBlameTheRecordWhenTheRegistryDoesNotKnowOurContractsEither() {
    answer(404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}");
    assertUnavailable("404");
  }

  @Test
  void shouldCallARecordMalformedWhenItsSchemaIsNotAvro() {
    // Given
    answer(200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");

    // When / Then
    assertThatExceptionOfType(MalformedRecordException.class)
        .isThrownBy(() -> read(Map.of()))
        .withMessageContaining("schema id 7")
        .withMessageContaining("as Avro");
  }

  @Test
  void shouldNotBlameTheRecordWhenSomethingElseAnswersAtTheAddress() {
    answer(404, "<html>nothing here</html>");
    assertUnavailable("404");
  }

  @Test
  void shouldNotBlameTheRecordWhenCredentialsAreRefused() {
    answer(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
    assertUnavailable("401", "basic.auth.user.info");
  }

  @Test
  void shouldNotBlameTheRecordWhenTheRegistryFails() {
    answer(500, "{\"error_code\":50001,\"message\":\"Error in the backend data store\"}");
    assertUnavailable("500");
  }

  @Test
  void shouldNotBlameTheRecordWhenTheRegistryIsDown() throws IOException {
    // Given
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + free;

    // When / Then
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> read(Map.of("schema.registry.url", url)))
        .withMessageContaining(url)
        .withMessageContaining("tried again");
  }

  @Test
  void shouldSendCredentialsNamedByTheStandardKeys() {
    // Given
    answer(404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}");

    // When
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(
            () ->
                read(
                    Map.of(
                        "basic.auth.credentials.source",
                        "USER_INFO",
                        "basic.auth.user.info",
                        "ada:secret")));

    // Then
    String expected =
        "Basic "
            + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(credentials).isNotEmpty().allMatch(expected::equals);
  }

  @Test
  void shouldSendABearerTokenNamedByTheStandardKeys() {
    // Given
    answer(404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}");

    // When
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(
            () ->
                read(
                    Map.of(
                        "bearer.auth.credentials.source", "STATIC_TOKEN",
                        "bearer.auth.token", "t0ken")));

    // Then
    assertThat(credentials).isNotEmpty().allMatch("Bearer t0ken"::equals);
  }

  @Test
  void shouldAskForTheSchemaOfAnIdOnlyOnce() {
    // Given
    String schema = Topics.TILES_SCANNED.schema().toString().replace("\"", "\\\"");
    answer(200, "{\"schema\":\"" + schema + "\"}");
    try (AvroDeserializer<TileScanned> deserializer = deserializer(Map.of())) {
      // When: the payload is no tile, so that only the look-up counts
      for (int i = 0; i < 5; i++) {
        assertThatExceptionOfType(MalformedRecordException.class)
            .isThrownBy(() -> deserializer.deserialize(TOPIC, RECORD));
      }
    }

    // Then
    assertThat(credentials).hasSize(1);
  }

  @Test
  void shouldSayWhichKeyIsMissing() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new SchemaRegistry(Map.of()))
        .withMessageContaining("schema.registry.url");
  }

  private void answer(int status, String body) {
    this.status = status;
    this.body = body;
  }

  private void assertUnavailable(String... words) {
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(() -> read(Map.of()))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private void read(Map<String, String> overrides) {
    try (AvroDeserializer<TileScanned> deserializer = deserializer(overrides)) {
      deserializer.deserialize(TOPIC, RECORD);
    }
  }

  private AvroDeserializer<TileScanned> deserializer(Map<String, String> overrides) {
    Map<String, Object> config = new java.util.HashMap<>();
    config.put("schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort());
    config.putAll(overrides);
    AvroDeserializer<TileScanned> deserializer = new AvroDeserializer<>(TileScanned.class);
    deserializer.configure(config, false);
    return deserializer;
  }
}
