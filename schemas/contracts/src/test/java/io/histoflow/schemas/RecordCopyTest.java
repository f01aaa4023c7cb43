package io.histoflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordCopyTest {

  @Test
  void shouldChangeTheNamedFieldsOfTheCopyOnly() {
    // Given: a record with a nested one
    ReviewRequested alert = Examples.reviewRequested();
    // When
    ReviewRequested copy = RecordCopy.with(alert, Map.of("score", 0.5));
    // Then
    assertThat(copy.getScore()).isEqualTo(0.5);
    assertThat(copy.getSegmentation()).isSameAs(alert.getSegmentation());
    assertThat(alert).isEqualTo(Examples.reviewRequested());
    assertThat(RecordCopy.with(copy, Map.of("score", alert.getScore()))).isEqualTo(alert);
  }

  @Test
  void shouldRefuseAFieldThatTheContractDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCopy.with(Examples.reviewRequested(), Map.of("scroe", 1.0)))
        .withMessage("ReviewRequested has no field 'scroe'");
  }
}
