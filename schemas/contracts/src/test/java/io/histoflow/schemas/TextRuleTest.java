package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextRuleTest {
  private static final TextRule RULE = TextRule.id("slideId");

  @ParameterizedTest
  @ValueSource(
      strings = {"S12-3456 A1 HE", "病理切片_001", "Präparat", "it's \"quoted\" #1", "a/b@c", "🔬"})
  void shouldAllowWhatPeopleSee(String text) {
    assertThat(RULE.fault(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u0000b",
        "a\nb",
        "a\u200Bb",
        "a\u202Eb",
        "a\u2066b",
        "a\uFEFFb",
        "a\uD800b",
        "a\uFFFDb",
        "a\u3164b",
        "a\u2028b",
        "a\u00ADb"
      })
  void shouldRefuseWhatNobodySeesAndNameTheCharacter(String text) {
    assertThat(RULE.fault(text))
        .get()
        .asString()
        .startsWith("The field slideId holds")
        .contains("U+");
  }

  @Test
  void shouldBoundTheLengthAndRefuseBlanks() {
    assertThat(RULE.fault(""))
        .contains("The field slideId has 0 characters; 1 to 256 are allowed.");
    assertThat(RULE.fault(" ")).contains("The field slideId is blank.");
    assertThat(RULE.fault("x".repeat(257))).isPresent();
    assertThat(new TextRule("organ", 0, 3).fault("")).isEmpty();
  }
}
