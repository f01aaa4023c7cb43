package io.histoflow.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.review.support.Browser;
import io.histoflow.review.support.Modules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page's modules by themselves, in the browser that they are written for. The tests stand in
 * {@code page-tests}, one module each, whose default export has sentences and what they check.
 */
class PageModulesIT {
  private static final Path TESTS = Path.of("src/test/resources/page-tests");
  private static final String RUN =
      """
      return import(arguments[0]).then(async ({ default: checks }) => {
        const results = [];
        for (const [name, check] of Object.entries(checks)) {
          const error = await Promise.resolve().then(check).then(() => '', (e) => e.stack);
          results.push({ name, error });
        }
        return results;
      });
      """;

  private static Browser browser;
  private static Modules server;

  @BeforeAll
  static void start(@TempDir Path profile) throws IOException {
    browser = Browser.start(profile);
    server = Modules.serve();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @TestFactory
  Stream<DynamicContainer> modules() throws IOException {
    List<String> files;
    try (Stream<Path> all = Files.list(TESTS)) {
      files =
          all.map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".test.js"))
              .sorted()
              .toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream().map(file -> DynamicContainer.dynamicContainer(file, checks(file)));
  }

  private static Stream<DynamicTest> checks(String file) {
    // Not the page itself: nothing but the modules under test runs.
    browser.open(server.port(), "page-tests/empty.html");
    List<?> results = (List<?>) browser.script(RUN, "/page-tests/" + file);
    assertThat(results).isNotEmpty();
    return results.stream().map(result -> (Map<?, ?>) result).map(result -> check(file, result));
  }

  private static DynamicTest check(String file, Map<?, ?> result) {
    String name = (String) result.get("name");
    return DynamicTest.dynamicTest(
        name, () -> assertThat(result.get("error")).as("%s: %s", file, name).isEqualTo(""));
  }
}
