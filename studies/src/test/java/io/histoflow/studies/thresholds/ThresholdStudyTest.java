package io.histoflow.studies.thresholds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.imaging.Mask;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ThresholdStudyTest {
  @Test
  void shouldHoldRecallInALaboratoryWhereItsStyleTellsTheThreshold() {
    // Given laboratories whose nuclei have probabilities of their own, which softness tells
    List<StyledTile> tiles =
        Stream.of(0.2f, 0.4f, 0.6f, 0.8f).map(ThresholdStudyTest::tile).toList();
    // When
    List<RuleFigures> rules = new ThresholdStudy(tiles, 0.93).run();
    // Then
    RuleFigures oneForAll = rules.get(0);
    assertThat(oneForAll.rule()).isEqualTo(ThresholdStudy.ONE_FOR_ALL);
    assertThat(RuleFigures.worst(oneForAll.sets()).recall()).isZero();
    assertThat(rule(rules, TileStyle.SOFTNESS).sets())
        .allSatisfy(set -> assertThat(set.recall()).isEqualTo(1));
    assertThat(rule(rules, TileStyle.DARKNESS).sets())
        .extracting(SetFigures::recall)
        .isEqualTo(oneForAll.sets().stream().map(SetFigures::recall).toList());
  }

  @Test
  void shouldLetAllDataSetsWeighTheSame() {
    // Given three tiles of one set at 1 and 3, and one of another at 2 and 7
    StyledTile few = tile(0.2f);
    StyledTile many = tile(0.4f);
    List<StyledTile> tiles = List.of(many, many, many, few);
    // When
    StyleLine line = StyleLine.of(tiles, t -> t.equals(few) ? 2 : 1, t -> t.equals(few) ? 7 : 3);
    // Then
    assertThat(line.slope()).isCloseTo(4, within(1e-12));
    assertThat(line.intercept()).isCloseTo(-1, within(1e-12));
  }

  @Test
  void shouldRefuseFewerLaboratoriesThanLeavingOneOutTwiceNeeds() {
    assertThatThrownBy(() -> new ThresholdStudy(List.of(tile(0.2f), tile(0.4f)), 0.93))
        .hasMessage("the study needs 3 laboratories or more, not 2");
  }

  private static RuleFigures rule(List<RuleFigures> rules, TileStyle style) {
    return rules.stream().filter(r -> r.rule().equals(style.text())).findFirst().orElseThrow();
  }

  /** Positive pixels of a probability, and negative ones of half of it. */
  private static StyledTile tile(float probability) {
    Map<TileStyle, Double> styles = new EnumMap<>(TileStyle.class);
    for (TileStyle style : TileStyle.values()) {
      styles.put(style, 0.0);
    }
    double threshold = probability - 0.001;
    styles.put(TileStyle.SOFTNESS, Math.log(threshold / (1 - threshold)));
    String name = "laboratory of " + probability;
    float half = probability / 2;
    return new StyledTile(
        name,
        name,
        styles,
        PrecisionRecallCurve.of(
            new float[] {probability, probability, half, half},
            Mask.of(4, 1, new byte[] {1, 1, 0, 0})));
  }
}
