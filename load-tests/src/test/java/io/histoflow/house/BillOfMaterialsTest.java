package io.histoflow.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ships is named: weights, what Maven does not know, and every jar. */
class BillOfMaterialsTest {
  private static final Path ROOT = Path.of(System.getProperty("histoflow.root"));
  private static final Path PARTS = ROOT.resolve("deploy/supply/parts.cdx.json");
  private static final Path SHIPPED = ROOT.resolve("services/launcher/target/histoflow");
  private static final Path PAGE = ROOT.resolve("services/review/src/main/resources/review-page");
  private static final Path MODEL =
      ROOT.resolve("libraries/segmentation/src/main/resources/io/histoflow/segmentation");
  private static final Pattern IMPORT =
      Pattern.compile("\\b(?:from|import|import\\()\\s*['\"]([\\w@./:-]+)['\"]");
  private static final Pattern MAVEN =
      Pattern.compile("pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar");

  @Test
  void shouldNameTheWeightsThatShipWithChecksumAndLicence() throws Exception {
    // Given
    JsonNode weights = part("light.safetensors");
    Checkpoint shipped = Checkpoint.shipped();

    // Then
    assertThat(checksum(weights)).isEqualTo(sha256(MODEL.resolve("light.safetensors")));
    assertThat(weights.at("/licenses/0/license/name").asText())
        .isEqualTo(shipped.metadata().licence());
    assertThat(weights.path("version").asText()).isEqualTo(shipped.modelId());
    assertThat(checksum(part("operations.torchscript")))
        .isEqualTo(sha256(MODEL.resolve("inference/operations.torchscript")));
  }

  @Test
  void shouldNameTheRegistryClientInTheVersionThatIsBuilt() throws IOException {
    assertThat(Files.readString(ROOT.resolve("pom.xml")))
        .contains(
            "<flink-registry-client.version>%s</flink-registry-client.version>"
                .formatted(part("flink-sql-avro-confluent-registry").path("version").asText()));
  }

  @Test
  void shouldHaveNoFrontEndLibraryInTheDashboard() throws IOException {
    for (Path script : files(PAGE, ".js")) {
      for (MatchResult imported : IMPORT.matcher(Files.readString(script)).results().toList()) {
        // Then
        assertThat(imported.group(1)).as("%s imports", script).startsWith("./");
        assertThat(script.resolveSibling(imported.group(1))).exists();
      }
    }
    assertThat(Files.readString(PAGE.resolve("index.html"))).doesNotContain("src=\"http", "//cdn");
  }

  @Test
  void shouldNameEveryJarThatShips() throws IOException {
    // Given
    Path bill = SHIPPED.resolve("bill/libraries.cdx.json");
    assumeThat(bill).as("`mvn package -Pbill` makes it").exists();

    // When
    Set<String> named =
        Stream.concat(
                Stream.of(json(bill).at("/metadata/component")),
                json(bill).path("components").valueStream())
            .map(component -> jar(component.path("purl").asText()))
            .collect(Collectors.toSet());

    // Then
    List<String> jars =
        files(SHIPPED.resolve("lib"), ".jar").stream()
            .map(jar -> jar.getFileName().toString())
            .toList();
    assertThat(jars).hasSizeGreaterThan(100);
    assertThat(named).containsAll(jars);
  }

  private static String jar(String purl) {
    return MAVEN
        .matcher(purl)
        .replaceFirst(
            found ->
                found.group(1)
                    + "-"
                    + found.group(2)
                    + (found.group(3) == null ? "" : "-" + found.group(3))
                    + ".jar");
  }

  private static JsonNode part(String name) throws IOException {
    return json(PARTS)
        .path("components")
        .valueStream()
        .filter(component -> component.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(PARTS + " does not name " + name));
  }

  private static String checksum(JsonNode component) {
    return component.at("/hashes/0/content").asText();
  }

  private static String sha256(Path file) throws IOException, GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
