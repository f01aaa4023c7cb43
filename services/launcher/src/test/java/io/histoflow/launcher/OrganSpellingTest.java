package io.histoflow.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.histoflow.schemas.OrganName;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model may not see the contracts, so that each has the rule of organs' names. */
class OrganSpellingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "KIDNEY",
        " kidney ",
        "KİDNEY",
        "kıdney",
        "Geba\u0308rmutter",
        "lymph \u00A0\u3000 NODE",
        "ﬁbula",
        "ΚΑΡΔΙΆΣ",
        "组织",
        "",
        " \t"
      })
  void shouldBeOneInTheModelAndOnTheTopics(String written) {
    assertThat(io.histoflow.datasets.OrganName.of(written)).isEqualTo(OrganName.of(written));
  }

  @Test
  void shouldHaveOneNameForUnknown() {
    assertThat(ClinSegNetConfig.UNKNOWN).isEqualTo(OrganName.UNKNOWN);
  }

  @Test
  void shouldAgreeOnCharactersOfEveryScript() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 61) {
      String written = "A" + Character.toString(c) + "i\u0307 B";
      if (!io.histoflow.datasets.OrganName.of(written).equals(OrganName.of(written))) {
        fail("U+%04X", c);
      }
    }
  }
}
