package io.histoflow.studies.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.TileSegmenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutingStudyTest {

  private static final TileSegmenter NEVER_ASKED =
      (image, organ) -> {
        throw new AssertionError("cheap scores do not ask the network again");
      };

  @Test
  void shouldCountTheMissesThatTheHighestScoresOfEachOrganHold() {
    // Given: ten tiles of each organ; tile i of kidney misses i pixels, and its score says so; in
    // lung it is the other way round
    RoutingStudy study = RoutingStudy.cheap(50, 1);
    for (int i = 1; i <= 10; i++) {
      add(study, "kidney", "k" + i, i, 0.02f * i);
      add(study, "lung", "l" + i, i, 0.02f * (11 - i));
    }

    // When
    RoutingStudyResult result = study.result();
    ScoreResult score = result.score("expected-missed-pixels");

    // Then: two of ten tiles each; kidney 10 + 9, lung 1 + 2, of 55 each; chance 11 each
    assertThat(result.missedPixels()).isEqualTo(110);
    assertThat(result.tiles()).isEqualTo(20);
    assertThat(score.organs().get("kidney").top20().held()).isCloseTo(19 / 55.0, within(1e-12));
    assertThat(score.organs().get("kidney").top20().gapClosed()).isEqualTo(1);
    assertThat(score.organs().get("kidney").rankCorrelation()).isCloseTo(1, within(1e-12));
    assertThat(score.organs().get("lung").top20().gapClosed()).isEqualTo(-1);
    assertThat(score.perOrgan().top20().held()).isCloseTo(22 / 110.0, within(1e-12));
    assertThat(score.perOrgan().top20().random()).isCloseTo(0.2, within(1e-12));
    assertThat(score.perOrgan().top20().oracle()).isCloseTo(38 / 110.0, within(1e-12));
    assertThat(score.perOrgan().top20().gapClosed()).isCloseTo(0, within(1e-12));
    assertThat(score.perOrgan().top10().held()).isCloseTo(11 / 110.0, within(1e-12));
    assertThat(score.perOrgan().rankCorrelation()).isCloseTo(0, within(1e-12));
    // Two of the twenty tiles are a tenth: those of 0.2
    assertThat(score.tenth()).isCloseTo(0.2, within(1e-6));
    // Together: scores 0.2 twice and 0.18 twice, which miss 10, 1, 9 and 2
    assertThat(score.pooled().top20().held()).isCloseTo(22 / 110.0, within(1e-12));
    assertThat(score.pooled().top20().oracle()).isCloseTo(38 / 110.0, within(1e-12));
  }

  @Test
  void shouldRankTheTilesOfEachModelAmongThemselves() {
    // Given: two models that point at their misses, one of which doubts ten times as much
    RoutingStudy study = RoutingStudy.cheap(5, 1);
    for (float scale : new float[] {0.002f, 0.02f}) {
      study.nextModel();
      for (int i = 1; i <= 10; i++) {
        add(study, "kidney", scale + "-" + i, i, scale * i);
      }
    }

    // When
    ScoreResult score = study.result().score("expected-missed-pixels");

    // Then: two of ten tiles each, 10 + 9 of 55, which are the best there are
    assertThat(score.perOrgan().top20().held()).isCloseTo(38 / 110.0, within(1e-12));
    assertThat(score.organs().get("kidney").top20().gapClosed()).isEqualTo(1);
    assertThat(score.pooled().top20().gapClosed()).isEqualTo(1);
  }

  @Test
  void shouldAgreeWithChanceAndOracleThatWereCountedOut() {
    // Given: 23 tiles that miss some pixels each
    Random random = new Random(3);
    RoutingStudy study = RoutingStudy.cheap(20, 1);
    List<Integer> misses = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      misses.add(random.nextInt(30));
      add(study, "colon", "c" + i, misses.get(i), random.nextFloat() / 4);
    }

    // When
    ReviewFigures figures = study.result().score("mean-entropy").perOrgan().top20();

    // Then: a fifth of 23 tiles is 4
    double total = misses.stream().mapToInt(Integer::intValue).sum();
    double chance = 0;
    for (int draw = 0; draw < 20_000; draw++) {
      Collections.shuffle(misses, random);
      chance += misses.subList(0, 4).stream().mapToInt(Integer::intValue).sum() / total / 20_000;
    }
    misses.sort(Collections.reverseOrder());
    double best = misses.subList(0, 4).stream().mapToInt(Integer::intValue).sum() / total;
    assertThat(figures.random()).isCloseTo(chance, within(0.005));
    assertThat(figures.oracle()).isCloseTo(best, within(1e-12));
    assertThat(figures.gapClosed())
        .isCloseTo(
            (figures.held() - figures.random()) / (figures.oracle() - figures.random()),
            within(1e-12));
  }

  @Test
  void shouldDrawWholePatientsForTheInterval() {
    // Given: one patient only, so that every draw is the same
    RoutingStudy one = RoutingStudy.cheap(50, 1);
    RoutingStudy many = RoutingStudy.cheap(50, 1);
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      int missed = random.nextInt(20);
      float p = random.nextFloat() / 4;
      add(one, "breast", "tnbc_01_" + i, missed, p);
      add(many, "breast", "tnbc_" + (10 + i / 4) + "_" + i, missed, p);
    }

    // When
    ReviewFigures narrow = one.result().score("mean-entropy").perOrgan().top20();
    ReviewFigures wide = many.result().score("mean-entropy").perOrgan().top20();

    // Then
    assertThat(narrow.gapClosed()).isEqualTo(wide.gapClosed());
    assertThat(narrow.low()).isCloseTo(narrow.gapClosed(), within(1e-12));
    assertThat(narrow.high()).isCloseTo(narrow.gapClosed(), within(1e-12));
    assertThat(wide.low()).isLessThan(wide.high());
    assertThat(one.result().patients()).isEqualTo(1);
    assertThat(many.result().patients()).isEqualTo(10);
  }

  @Test
  void shouldMeasureEveryScoreOnSyntheticTilesAndDrawIt(@TempDir Path folder) throws Exception {
    // Given: synthetic tissue and a stand-in for a network, which takes dark for positive
    TileSegmenter dark =
        (image, organ) -> {
          float[] p = new float[image.width() * image.height()];
          for (int i = 0; i < p.length; i++) {
            p[i] = 1 - (image.rgb()[3 * i] & 0xFF) / 255f;
          }
          return p;
        };
    RoutingStudy study = RoutingStudy.withViews(20, 1);
    for (int i = 0; i < 10; i++) {
      LabelledTile tile = new SyntheticTissue(i).image("kidney", i, 64, 64);
      float[] p = dark.probabilities(tile.image(), "kidney");
      study.add(tile, new Segmentation(64, 64, p, 0.4, "kidney"), dark);
    }

    // When
    RoutingStudyResult result = study.result();
    Path plot = folder.resolve("routing.png");
    result.curves().write(plot, List.of("mean-entropy", "expected-dice-loss"));
    JsonNode json = result.toJson();

    // Then: pixels do not know their place, so flips change nothing; stains do
    assertThat(result.scores())
        .extracting(ScoreResult::name)
        .contains("mean-entropy", "flip-disagreement", "stain-disagreement");
    assertThat(result.score("flip-disagreement").extraPasses()).isEqualTo(3);
    assertThat(result.score("flip-disagreement").perOrgan().rankCorrelation()).isNaN();
    assertThat(result.score("stain-disagreement").perOrgan().rankCorrelation()).isBetween(-1., 1.);
    assertThat(json.at("/tiles").asInt()).isEqualTo(10);
    assertThat(json.at("/scores/0/perOrgan/top20/oracle").asDouble()).isBetween(0.2, 1.0);
    assertThat(json.at("/scores/0/organs/kidney/top10/gapClosed").isNumber()).isTrue();
    assertThat(json.at("/inferenceMillisPerTile").isNull()).isTrue();
    assertThat(result.curves().oracle().get(49)).isEqualTo(1);
    assertThat(Files.size(plot)).isPositive();
  }

  @Test
  void shouldMirrorTheProbabilitiesBack() {
    // Given: a network that finds the left half
    TileSegmenter left =
        (image, organ) -> {
          float[] p = new float[image.width() * image.height()];
          for (int i = 0; i < p.length; i++) {
            p[i] = i % image.width() < image.width() / 2 ? 1 : 0;
          }
          return p;
        };
    LabelledTile tile = tile("kidney", "a", 0);
    Segmentation segmentation =
        new Segmentation(8, 8, left.probabilities(tile.image(), ""), 0.5, "kidney");

    // When
    double disagreement = Disagreement.FLIP_DISAGREEMENT.of(tile, segmentation, left);

    // Then: all pixels change sides in the two views that change left and right
    assertThat(disagreement).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void shouldTakeAllTilesOfAnImageForOnePatient() {
    // Given: a name that tells no patient
    RoutingStudy study = RoutingStudy.cheap(5, 1);
    LabelledTile image =
        new LabelledTile("gbm40_01", "brain", RgbImage.of(16, 8, new byte[384]), mask(16));
    for (LabelledTile tile : image.cut(8)) {
      study.add(tile, new Segmentation(8, 8, new float[64], 0.3, "brain"), NEVER_ASKED);
    }

    // When
    RoutingStudyResult result = study.result();

    // Then
    assertThat(result.tiles()).isEqualTo(2);
    assertThat(result.images()).isEqualTo(1);
    assertThat(result.patients()).isEqualTo(1);
  }

  @Test
  void shouldRefuseToSayAnythingWithoutTiles() {
    assertThatThrownBy(() -> RoutingStudy.cheap(1, 1).result())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs tiles");
  }

  /**
   * Adds a tile of 8 x 8 pixels that are all p, below the threshold, of which some are positive.
   */
  private static void add(RoutingStudy study, String organ, String id, int positive, float p) {
    float[] probabilities = new float[64];
    Arrays.fill(probabilities, p);
    study.add(
        tile(organ, id, positive), new Segmentation(8, 8, probabilities, 0.3, organ), NEVER_ASKED);
  }

  private static LabelledTile tile(String organ, String id, int positive) {
    byte[] truth = new byte[64];
    for (int i = 0; i < positive; i++) {
      truth[i] = 1;
    }
    return new LabelledTile(
        id + "/0/0", organ, RgbImage.of(8, 8, new byte[192]), Mask.of(8, 8, truth));
  }

  private static Mask mask(int width) {
    return Mask.of(width, 8, new byte[width * 8]);
  }
}
