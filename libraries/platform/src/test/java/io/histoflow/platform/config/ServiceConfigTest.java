package io.histoflow.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {
  private static final Setting<Integer> BATCH =
      Setting.ofInt("histoflow.batch.size", 8, 1, 256, "Tiles per batch");
  private static final Setting<Duration> DELAY =
      Setting.ofDuration("histoflow.batch.delay", "50ms", "How long a batch waits to fill");
  private static final Setting<Double> BUDGET =
      Setting.ofDouble("histoflow.review.budget", 0.1, 0, 1, "Share of tiles to review");
  private static final Setting<Boolean> STRICT =
      Setting.ofBoolean("histoflow.strict", false, "Whether to be strict");
  private static final Setting<Device> DEVICE =
      Setting.ofEnum("histoflow.device", Device.class, Device.AUTO, "Where to compute");
  private static final Setting<Path> MODEL =
      Setting.ofPath("histoflow.model", null, "The checkpoint");
  private static final Setting<Long> BYTES =
      Setting.ofLong("histoflow.bytes", 1L << 40, 0, Long.MAX_VALUE, "A large number");
  private static final Setting<URI> LINK =
      Setting.ofHttpUri("histoflow.link", null, "Where the dashboard is");
  private static final Settings SETTINGS =
      Settings.of("test", BATCH, DELAY, BUDGET, STRICT, DEVICE, MODEL, BYTES, LINK);

  @TempDir Path folder;

  enum Device {
    AUTO,
    CPU_ONLY
  }

  @Test
  void shouldReadBackWhatItSaved() {
    // Given: values that a properties file has to escape, and a folder that lacks
    ServiceConfig config =
        ServiceConfig.of(
            Map.of(
                "histoflow.model", "C:\\models\\größe #1.safetensors", "sasl.jaas.config", "a=b;"));
    Path file = folder.resolve("made").resolve("worker.properties");

    // When
    config.save(file);

    // Then
    assertThat(ServiceConfig.load(file).asMap()).isEqualTo(config.asMap());
  }

  @Test
  void shouldSayWhyItCannotBeSaved() throws IOException {
    // Given: a file where a folder should be
    Path file = Files.createFile(folder.resolve("taken")).resolve("worker.properties");

    // When, then
    assertThatThrownBy(() -> ServiceConfig.of(Map.of()).save(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file + " cannot be written");
  }

  @Test
  void shouldReadEachTypeFromAPropertiesFile() throws IOException {
    // Given
    Path file =
        write(
            """
            # a cluster
            bootstrap.servers = kafka:9092
            histoflow.batch.size=16\s
            histoflow.batch.delay=2m
            histoflow.review.budget=0.25
            histoflow.strict=TRUE
            histoflow.device=cpu-only
            histoflow.model=/models/größe.safetensors
            histoflow.bytes=5
            histoflow.link=https://review.example:8443/tiles
            """);

    // When
    ServiceConfig config = ServiceConfig.load(file);

    // Then
    assertThat(config.get(BATCH)).isEqualTo(16);
    assertThat(config.get(DELAY)).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.get(BUDGET)).isEqualTo(0.25);
    assertThat(config.get(STRICT)).isTrue();
    assertThat(config.get(DEVICE)).isEqualTo(Device.CPU_ONLY);
    assertThat(config.get(MODEL)).isEqualTo(Path.of("/models/größe.safetensors"));
    assertThat(config.get(BYTES)).isEqualTo(5);
    assertThat(config.get(LINK)).hasHost("review.example").hasPort(8443);
    config.requireKnown(SETTINGS);
  }

  @Test
  void shouldUseTheDefaultOfAnAbsentKey() {
    // Given
    ServiceConfig config = ServiceConfig.of(Map.of());

    // Then
    assertThat(config.get(BATCH)).isEqualTo(8);
    assertThat(config.get(DELAY)).isEqualTo(Duration.ofMillis(50));
    assertThat(config.get(DEVICE)).isEqualTo(Device.AUTO);
    assertThat(config.find(MODEL)).isEmpty();
  }

  @Test
  void shouldNameTheKeyThatIsRequiredButAbsent() {
    // Given
    ServiceConfig config = ServiceConfig.of(Map.of());

    // Then
    assertThatThrownBy(() -> config.get(MODEL))
        .isInstanceOf(ConfigException.class)
        .hasMessage("histoflow.model is not set: give it a file path (The checkpoint).");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "histoflow.batch.size    | 0       | a whole number from 1 to 256",
        "histoflow.batch.size    | 257     | a whole number from 1 to 256",
        "histoflow.batch.size    | ten     | a whole number from 1 to 256",
        "histoflow.batch.size    | ''      | a whole number from 1 to 256",
        "histoflow.batch.delay   | 50      | a duration such as 500ms, 30s, 5m, 2h or 7d",
        "histoflow.batch.delay   | -1s     | a duration such as 500ms, 30s, 5m, 2h or 7d",
        "histoflow.review.budget | NaN     | a number from 0.0 to 1.0",
        "histoflow.review.budget | 1.01    | a number from 0.0 to 1.0",
        "histoflow.strict        | yes     | true or false",
        "histoflow.device        | tpu     | one of auto, cpu-only",
        "histoflow.model         | ''      | a file path",
        "histoflow.bytes         | 1e3     | a whole number from 0 to 9223372036854775807",
        "histoflow.link          | ftp://x | an address such as http://host:8080",
      })
  void shouldNameTheKeyTheValueAndWhatIsAllowed(String key, String value, String allowed) {
    // Given
    ServiceConfig config = ServiceConfig.of(Map.of(key, value));

    // Then
    assertThatThrownBy(() -> config.requireKnown(SETTINGS))
        .isInstanceOf(ConfigException.class)
        .hasMessage(key + " is \"" + value + "\" but must be " + allowed + ".");
  }

  @Test
  void shouldSuggestTheNearestKeyForAnUnknownOne() {
    // Given
    ServiceConfig config = ServiceConfig.of(Map.of("histoflow.bach.size", "8"));

    // Then
    assertThatThrownBy(() -> config.requireKnown(SETTINGS, CommonSettings.SETTINGS))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "histoflow.bach.size is not a known setting: did you mean histoflow.batch.size?");
  }

  @Test
  void shouldPassEveryOtherKeyToTheClients() {
    // Given
    ServiceConfig config =
        ServiceConfig.of(
            Map.of(
                "bootstrap.servers", "kafka:9092",
                "sasl.jaas.config", "secret",
                "schema.registry.url", "http://registry:8081",
                "histoflow.batch.size", "4"));

    // Then
    assertThat(config.clientProperties())
        .containsOnlyKeys("bootstrap.servers", "sasl.jaas.config", "schema.registry.url");
    config.requireKnown(SETTINGS);
  }

  @Test
  void shouldNeverPrintAValueSinceItMayBeACredential() {
    // Given
    ServiceConfig config = ServiceConfig.of(Map.of("basic.auth.user.info", "user:secret"));

    // Then
    assertThat(config).hasToString("ServiceConfig[basic.auth.user.info]");
  }

  @Test
  void shouldLeaveTheOriginalAsItIsWhenAKeyIsSet() {
    // Given
    ServiceConfig original = ServiceConfig.of(Map.of("histoflow.batch.size", "4"));

    // When
    ServiceConfig changed = original.with(BATCH, 5).with(DELAY, Duration.ofSeconds(90));

    // Then
    assertThat(original.asMap()).containsOnly(Map.entry("histoflow.batch.size", "4"));
    assertThat(changed.asMap())
        .containsOnly(
            Map.entry("histoflow.batch.size", "5"), Map.entry("histoflow.batch.delay", "90s"));
    assertThat(changed.get(DELAY)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void shouldSayThatTheFileIsMissing() {
    // Given
    Path file = folder.resolve("absent.properties");

    // Then
    assertThatThrownBy(() -> ServiceConfig.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no configuration file " + file);
  }

  @Test
  void shouldRefuseAFileThatIsNoPropertiesFile() throws IOException {
    // Given
    Path badEscape = write("histoflow.model=C:\\users\\me");
    Path notUtf8 = folder.resolve("latin1.properties");
    Files.write(notUtf8, "histoflow.model=gr\u00f6\u00dfe".getBytes(StandardCharsets.ISO_8859_1));
    Path huge = folder.resolve("huge.properties");
    Files.write(huge, new byte[(1 << 20) + 1]);

    // Then
    assertThatThrownBy(() -> ServiceConfig.load(badEscape))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("write a backslash as \\\\");
    assertThatThrownBy(() -> ServiceConfig.load(notUtf8))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("in UTF-8");
    assertThatThrownBy(() -> ServiceConfig.load(huge))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("larger than 1 MiB");
  }

  @Test
  void shouldDescribeTheSettingsAsATable() {
    // Then
    assertThat(Settings.of("test", BATCH, MODEL).describe())
        .isEqualTo(
            """
            | key | default | allowed | meaning |
            |---|---|---|---|
            | histoflow.batch.size | 8 | a whole number from 1 to 256 | Tiles per batch |
            | histoflow.model | (none) | a file path | The checkpoint |
            """);
  }

  @Test
  void shouldRefuseADeclarationThatContradictsItself() {
    // Then
    assertThatThrownBy(() -> Settings.of("test", BATCH, BATCH))
        .hasMessage("test declares histoflow.batch.size twice");
    assertThatThrownBy(() -> Setting.ofInt("histoflow.n", 0, 1, 2, "out of range"))
        .hasMessageContaining("histoflow.n");
    assertThatThrownBy(() -> Setting.ofInt("batch.size", 1, 1, 2, "not ours"))
        .hasMessageContaining("batch.size");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("histoflow.properties"), text);
  }
}
