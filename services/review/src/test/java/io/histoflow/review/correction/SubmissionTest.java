package io.histoflow.review.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.review.refusal.RefusedException;
import io.histoflow.schemas.UnusableReason;
import io.histoflow.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionTest {

  @Test
  void shouldTakeWhyATileCannotBeJudgedInAnyCase() throws RefusedException {
    // When
    Submission submission = read("{\"verdict\": \"UNUSABLE\", \"unusableReason\": \"no_tissue\"}");

    // Then
    assertThat(submission.verdict()).isEqualTo(Verdict.UNUSABLE);
    assertThat(submission.unusableReason()).contains(UnusableReason.NO_TISSUE);
  }

  @Test
  void shouldTakeAVerdictWithoutAReason() throws RefusedException {
    assertThat(read("{\"verdict\": \"UNUSABLE\"}").unusableReason()).isEmpty();
    assertThat(read("{\"verdict\": \"UNUSABLE\", \"unusableReason\": null}").unusableReason())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNUSABLE | \"UNKNOWN\" | must be one of BLUR, FOLD, PEN, NO_TISSUE, OTHER",
        "UNUSABLE | \"ugly\" | must be one of BLUR, FOLD, PEN, NO_TISSUE, OTHER",
        "UNUSABLE | 1 | must be text",
        "CONFIRMED | \"BLUR\" | takes no \"unusableReason\"",
      })
  void shouldRefuseReasonsThatAreNone(String verdict, String reason, String sentence) {
    assertThatThrownBy(
            () -> read("{\"verdict\": \"%s\", \"unusableReason\": %s}".formatted(verdict, reason)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void shouldTakeNoConfirmationOfAMaskThatWasHidden() throws RefusedException {
    assertThat(read("{\"verdict\": \"UNUSABLE\", \"blind\": true}").blind()).isTrue();
    assertThat(read("{\"verdict\": \"CONFIRMED\"}").blind()).isFalse();
    assertThatThrownBy(() -> read("{\"verdict\": \"CONFIRMED\", \"blind\": true}"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("hidden");
    assertThatThrownBy(() -> read("{\"verdict\": \"CONFIRMED\", \"blind\": 1}"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("true or false");
  }

  private static Submission read(String json) throws RefusedException {
    return Submission.ofJson(json.getBytes(StandardCharsets.UTF_8));
  }
}
