package io.histoflow.review.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersTest {
  /** Written by Apache's htpasswd -nbB -C 4. */
  private static final String ADA =
      "ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";

  private static final String GRACE =
      "grace:$2y$04$yuSU6LygJLpBxHbZpAnrHu.uC3/3W50TjIukTErzTHvWOgzeqbeTS";

  @TempDir Path directory;

  @Test
  void shouldKnowTheUsersOfAnHtpasswdFile() throws IOException {
    // Given
    Users users = Users.load(file("# reviewers\n" + ADA + "\n\n" + GRACE + "\n"));

    // When, then
    assertThat(users.matches("ada", "correct horse")).isTrue();
    assertThat(users.matches("grace", "pässword")).isTrue();
    assertThat(users.matches("ada", "pässword")).isFalse();
    assertThat(users.matches("nobody", "nobody")).isFalse();
    assertThat(users.matches("ada", "x".repeat(100))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ada:plain                              | Line 1
          ada:$apr1$8z0tq1$Ehy0UCZlZkGzbVrlY2UOJ0 | htpasswd -B
          $2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq | Line 1
          # nobody                               | names nobody
          """)
  void shouldRefuseAFileThatHoldsAnythingElse(String text, String sentence) throws IOException {
    // Given
    Path file = file(text);

    // When, then
    assertThatThrownBy(() -> Users.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldRefuseANameThatIsThereTwice() throws IOException {
    // Given
    Path file = file(ADA + "\n" + ADA + "\n");

    // When, then
    assertThatThrownBy(() -> Users.load(file)).hasMessageContaining("Line 2");
  }

  @Test
  void shouldSayThatTheFileIsMissing() {
    assertThatThrownBy(() -> Users.load(directory.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("users"), text);
  }
}
