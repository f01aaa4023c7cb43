package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrganNameTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "KIDNEY, kidney",
        "\"  Kidney \", kidney",
        "KİDNEY, kidney",
        "\"lymph \u00A0 NODE\", lymph node",
        "Gebärmutter, gebärmutter",
        "Geba\u0308rmutter, gebärmutter",
        "\"\", unknown",
        "\" \u3000\", unknown",
      })
  void shouldHaveOneSpellingForEachOrgan(String written, String expected) {
    // Given a name as scanners write it; When it is normalised
    String name = OrganName.of(written);

    // Then it is the one spelling, and stays it
    assertThat(name).isEqualTo(expected);
    assertThat(OrganName.of(name)).isEqualTo(name);
  }
}
