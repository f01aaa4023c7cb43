package io.histoflow.weights.versions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveKeyTest {

  @Test
  void shouldReadBackWhatItWrites() {
    // Given: a model whose id holds the separator
    ArchiveKey key = new ArchiveKey("net@home", 12);

    // When / Then
    assertThat(key.text()).isEqualTo("net@home@12");
    assertThat(ArchiveKey.parse(key.text())).contains(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "net", "net@", "@1", "net@0", "net@01", "net@-1", "net@1.5"})
  void shouldTakeNothingElseForAKey(String text) {
    assertThat(ArchiveKey.parse(text)).isEmpty();
  }
}
