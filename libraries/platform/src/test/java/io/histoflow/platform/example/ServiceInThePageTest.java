package io.histoflow.platform.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServiceInThePageTest {

  @Test
  void shouldBeTheServiceThatIsCompiledHere() throws Exception {
    // Given
    Path root = Path.of(System.getProperty("histoflow.root"));
    String page = Files.readString(root.resolve("services/README.md"));
    String source = Files.readString(Path.of("src/test/java", nameOf(VerdictCount.class)));

    // Then
    assertThat(page).contains(source.substring(source.indexOf("/**")));
  }

  private static String nameOf(Class<?> type) {
    return type.getName().replace('.', '/') + ".java";
  }
}
