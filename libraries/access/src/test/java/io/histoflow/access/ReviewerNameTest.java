package io.histoflow.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewerNameTest {

  @ParameterizedTest
  @CsvSource({
    "Ada Lovelace, AL",
    "Ada Byron King, AK",
    "grace.hopper, GH",
    "ada, AD",
    "Émilie du Châtelet, ÉC",
    "x, X",
    "., .",
    "𝒜da 𝓛ovelace, 𝒜𝓛"
  })
  void shouldHaveInitials(String name, String initials) {
    assertThat(ReviewerName.initials(name)).isEqualTo(initials);
  }
}
