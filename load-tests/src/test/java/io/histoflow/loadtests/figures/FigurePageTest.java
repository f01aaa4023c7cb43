package io.histoflow.loadtests.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FigurePageTest {
  private final JsonMapper mapper = new JsonMapper();

  @Test
  void shouldShowAFigureWithItsIntervalItsGoalAndHowToRepeatIt() throws Exception {
    // Given
    JsonNode result =
        mapper.readTree(
            """
            {"speedUp": 7.68, "sideBySide": {"speedUp": {"lower": 7.6, "upper": 7.72}},
             "addedWorkerFeltAfterSeconds": 12.5}
            """);

    // When
    String page = FigurePage.of(machine(), Map.of(FigureRun.SCALING, result));

    // Then
    assertThat(page)
        .contains("| ≥ 7.50 ✓ | 7.68 (7.60 to 7.72) | `bench scaling` |")
        .contains("| ≤ 10.00 | 12.50 | `bench scaling` |")
        .contains("2026-11-30T18:00:00Z on 2 cores of Some CPU (avx2, amx_bf16), load 0.3 before");
  }

  @Test
  void shouldGiveTheReasonInPlaceOfAFigureThatWasNotMeasured() throws Exception {
    // Given: a bench that refused, and one that ended before it wrote anything
    JsonNode refused =
        mapper.readTree(
            """
            {"ratio": null, "notMeasured": {"ratio": "after 9 rounds it may be anything"}}
            """);

    // When
    String page =
        FigurePage.of(
            machine(),
            Map.of(FigureRun.PIPELINE, refused, FigureRun.MEMORY, mapper.createObjectNode()));

    // Then
    assertThat(page)
        .contains("| ≥ 0.95 | not measured: after 9 rounds it may be anything | `bench pipeline` |")
        .contains("| ≤ 1000 | not measured | `bench memory` |");
  }

  private JsonNode machine() throws Exception {
    return mapper.readTree(
        """
        {"at": "2026-11-30T18:00:00Z", "cpu": "Some CPU", "cores": 2,
         "flags": ["avx2", "amx_bf16"], "load": 0.3}
        """);
  }
}
