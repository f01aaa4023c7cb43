package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Modules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types and habits of the page's modules and of their tests, checked by TypeScript's compiler in
 * the browser, for there is no Node here.
 */
class PageTypesIT {
  private static final Path PAGE = Path.of("src/main/resources/review-page");
  private static final Path TESTS = Path.of("src/test/resources/page-tests");
  private static final String CHECK =
      """
      const files = arguments[0];
      return import('/page-check/types.js').then(({ check }) => check(files));
      """;

  private static Browser browser;
  private static Modules modules;

  @BeforeAll
  static void start(@TempDir Path profile) throws IOException {
    browser = Browser.start(profile);
    modules = Modules.serve();
    browser.open(modules.port(), "page-check/page.html");
  }

  @AfterAll
  static void stop() {
    if (modules != null) {
      modules.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void shouldFindNothingWrongInThePage() throws IOException {
    assertThat(check(files(PAGE, "/"))).isEmpty();
  }

  @Test
  void shouldFindNothingWrongInTheTestsOfItsModules() throws IOException {
    assertThat(check(files(TESTS, "/page-tests/"))).isEmpty();
  }

  @Test
  void shouldFindWhatIsWrongWithItsLine() {
    assertThat(check(List.of("/page-check/wrong.js")))
        .containsExactly(
            "/page-check/wrong.js:3: Property 'lenght' does not exist on type 'string'. Did you mean 'length'?",
            "/page-check/wrong.js:6: 'unused' is declared but its value is never read.",
            "/page-check/wrong.js:6: unused never changes: declare it with const",
            "/page-check/wrong.js:7: innerHTML: text enters the page as text nodes",
            "/page-check/wrong.js:8: compare with === or !==");
  }

  private static List<String> files(Path folder, String at) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      List<String> files =
          all.map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".js"))
              .map(name -> at + name)
              .sorted()
              .toList();
      assertThat(files).isNotEmpty();
      return files;
    }
  }

  private static List<String> check(List<String> files) {
    return ((List<?>) browser.script(CHECK, files)).stream().map(String.class::cast).toList();
  }
}
