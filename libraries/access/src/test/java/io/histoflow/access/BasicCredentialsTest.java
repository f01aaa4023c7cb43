package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicCredentialsTest {

  @Test
  void shouldReadNameAndPasswordUpToTheFirstColon() throws Exception {
    // Given
    String header = "basic " + encoded("ada:pass:wörd".getBytes(StandardCharsets.UTF_8));

    // When, then
    assertThat(BasicCredentials.of(header)).hasValue(new BasicCredentials("ada", "pass:wörd"));
    assertThat(BasicCredentials.of(header).toString()).doesNotContain("pass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer abc", "", "Basic", "Digest x"})
  void shouldPassOverWhatIsNoBasic(String header) throws Exception {
    assertThat(BasicCredentials.of(header)).isEmpty();
    assertThat(BasicCredentials.of(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Basic !!!", "Basic YWRh", "Basic =", "Basic  ", "Basic /zo=", "Basic Y:"})
  void shouldRefuseWhatIsMalformed(String header) {
    assertThatThrownBy(() -> BasicCredentials.of(header))
        .isInstanceOf(SignInRefusedException.class)
        .hasMessageContaining("malformed");
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
