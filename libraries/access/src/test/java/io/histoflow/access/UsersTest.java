package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.platform.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
  /** Written by Apache's htpasswd -nbB -C 4. */
  private static final String ADA =
      "ada:$2y$04$sk13uKqd5yXeNOSQPyKRTes3oduY6aUQjXC.D9p496RuWnxnBFMEq";

  private static final String GRACE =
      "grace:$2y$04$yuSU6LygJLpBxHbZpAnrHu.uC3/3W50TjIukTErzTHvWOgzeqbeTS";

  @TempDir Path directory;
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  @Test
  void shouldKnowTheUsersOfAnHtpasswdFile() throws IOException {
    // Given
    Users users = load(file("# reviewers\n" + ADA + "\n\n" + GRACE + "\n"));

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
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldKnowWhatEachMayDo() throws IOException {
    // Given
    Users users =
        load(file(ADA + ":lead\n" + GRACE + "\n" + ADA.replace("ada", "eve") + ":Viewer"));

    // When, then
    assertThat(users.role("ada")).isEqualTo(Role.LEAD);
    assertThat(users.role("grace")).as("of a file without roles").isEqualTo(Role.READER);
    assertThat(users.role("eve")).isEqualTo(Role.VIEWER);
    assertThat(users.matches("ada", "correct horse")).isTrue();
  }

  @Test
  void shouldRefuseARoleThatIsNone() throws IOException {
    // Given
    Path file = file(ADA + ":king\n");

    // When, then
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Line 1")
        .hasMessageContaining("viewer, reader or lead");
  }

  @Test
  void shouldRefuseANameThatIsThereTwice() throws IOException {
    // Given
    Path file = file(ADA + "\n" + ADA + "\n");

    // When, then
    assertThatThrownBy(() -> load(file)).hasMessageContaining("Line 2");
  }

  @Test
  void shouldSayThatTheFileIsMissing() {
    assertThatThrownBy(() -> load(directory.resolve("none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
  void shouldRefuseAFileThatOthersCanReadOrChange(String mode) throws IOException {
    // Given
    Path file = file(ADA);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    // When, then
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void shouldTakeAFileThatAGroupMayRead() throws IOException {
    // Given
    Path file = file(ADA);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

    // When, then
    assertThat(load(file).matches("ada", "correct horse")).isTrue();
  }

  @Test
  void shouldTakeTwoSpellingsOfANameForOnePerson() throws IOException {
    // Given
    String hash = ADA.substring(ADA.indexOf(':'));
    Users users = load(file("Ame\u0301lie" + hash));
    Path both = file("Ame\u0301lie" + hash + "\nAm\u00e9lie" + hash);

    // When, then
    assertThat(users.matches(ReviewerName.of("Am\u00e9lie"), "correct horse")).isTrue();
    assertThatThrownBy(() -> load(both)).hasMessageContaining("once more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ad\u200ba", "a\u202eda", "a\u0000da", "\ufeffada", "a\u2066da"})
  void shouldRefuseANameWithSignsThatNobodySees(String name) throws IOException {
    // Given
    Path file = file(name + ADA.substring(ADA.indexOf(':')));

    // When, then
    assertThatThrownBy(() -> load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Line 1")
        .hasMessageContaining("cannot be seen");
  }

  @Test
  void shouldHashAPasswordThatWasRightOnceInAWhileOnly() throws IOException {
    // Given
    Users users = load(file(ADA));

    // When
    users.matches("ada", "wrong");
    users.matches("ada", "correct horse");

    // Then
    assertThat(users.matchedLately("ada", "correct horse")).hasValue(true);
    assertThat(users.matchedLately("ada", "wrong")).hasValue(false);
    assertThat(users.matchedLately("grace", "correct horse")).isEmpty();
    now = now.plusSeconds(300);
    assertThat(users.matchedLately("ada", "correct horse")).isEmpty();
  }

  private Users load(Path file) {
    return Users.load(file, clock);
  }

  private Path file(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("users"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
