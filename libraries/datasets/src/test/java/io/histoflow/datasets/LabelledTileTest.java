package io.histoflow.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.resolution.ModelResolution;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LabelledTileTest {

  @Test
  void shouldCutIntoTilesThatOverlapAtTheEdges() {
    // Given: 5 x 3 pixels whose red channel is the pixel's index, odd ones positive
    byte[] rgb = new byte[45];
    byte[] mask = new byte[15];
    for (int i = 0; i < 15; i++) {
      rgb[3 * i] = (byte) i;
      mask[i] = (byte) (i % 2);
    }
    LabelledTile image = new LabelledTile("x", "lung", RgbImage.of(5, 3, rgb), Mask.of(5, 3, mask));

    // When
    List<LabelledTile> tiles = image.cut(3);

    // Then
    assertThat(tiles).extracting(LabelledTile::id).containsExactly("x/0/0", "x/2/0");
    assertThat(tiles.get(1).image().rgb()[0]).isEqualTo((byte) 2);
    assertThat(tiles.get(1).mask().values()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0);
    assertThat(tiles).allSatisfy(tile -> assertThat(tile.organ()).isEqualTo("lung"));
  }

  @Test
  void shouldKeepAnImageSmallerThanATileWhole() {
    // Given
    LabelledTile image = new SyntheticTissue(1).image("lung", 0, 20, 30);

    // When
    List<LabelledTile> tiles = image.cut(64, 8);

    // Then
    assertThat(tiles).hasSize(1);
    assertThat(tiles.get(0).image().rgb()).isEqualTo(image.image().rgb());
  }

  @Test
  void shouldBeLearnedFromAtTheModelsResolution() {
    // Given a tile of 0.5 um/px and models of 0.25 and of nobody knows what
    LabelledTile tile =
        new SyntheticTissue(1).image("lung", 0, 40, 30).withMicronsPerPixel(OptionalDouble.of(0.5));
    ModelResolution model = new ModelResolution(OptionalDouble.of(0.25));

    // When
    LabelledTile learned = tile.at(model);

    // Then
    assertThat(learned.image().width()).isEqualTo(80);
    assertThat(learned.mask().height()).isEqualTo(60);
    assertThat(learned.micronsPerPixel()).hasValue(0.25);
    assertThat(learned.mask().positivePixels())
        .isCloseTo(4 * tile.mask().positivePixels(), withinPercentage(4));
    assertThat(learned.at(model)).isSameAs(learned);
    assertThat(tile.at(ModelResolution.UNKNOWN)).isSameAs(tile);
    assertThat(tile.cut(20).get(0).micronsPerPixel()).hasValue(0.5);
  }

  @Test
  void shouldRefuseAMaskOfAnotherSize() {
    assertThatThrownBy(
            () ->
                new LabelledTile(
                    "x", "lung", RgbImage.of(1, 1, new byte[3]), Mask.of(2, 1, new byte[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Tile x");
  }

  @Test
  void shouldTellThePatientFromTheName() {
    assertThat(PatientId.of("TCGA-18-5592-01Z-00-DX1")).isEqualTo("TCGA-18-5592");
    assertThat(PatientId.of("TCGA-18-5592-01Z-00-DX1/256/0")).isEqualTo("TCGA-18-5592");
    assertThat(PatientId.of("TCGA-DB-5275-R02_p4")).isEqualTo("TCGA-DB-5275");
    assertThat(PatientId.of("tnbc_03_5")).isEqualTo("tnbc_03");
    assertThat(PatientId.of("human_umbilical_cord_04")).isEqualTo("human_umbilical_cord_block_0");
    assertThat(PatientId.of("human_liver_5/0/256")).isEqualTo("human_liver_block_1");
    assertThat(PatientId.of("human_liver_08")).isEqualTo("human_liver_block_1");
    assertThat(PatientId.of("tnbc_03_5/0/256")).isEqualTo("tnbc_03");
    assertThat(PatientId.of("cpm15_01")).isEqualTo("cpm15_01");
    assertThat(PatientId.of("cpm15_01/256/0")).isEqualTo("cpm15_01");
    assertThat(PatientId.of("TCGA-18-5592X")).isEqualTo("TCGA-18-5592X");
  }

  @Test
  void shouldKeepWhatIsUncertainWhereItIsCut() {
    // Given
    LabelledTile image =
        new LabelledTile("x", "lung", RgbImage.of(2, 2, new byte[12]), Mask.of(2, 2, new byte[4]))
            .withUncertain(Mask.of(2, 2, new byte[] {0, 1, 0, 0}));

    // When
    LabelledTile right = image.crop(1, 0, 1, 2);

    // Then
    assertThat(image.isCertain(0)).isTrue();
    assertThat(image.isCertain(1)).isFalse();
    assertThat(right.uncertain().orElseThrow().values()).containsExactly(1, 0);
    assertThatThrownBy(() -> image.withUncertain(Mask.of(1, 2, new byte[2])))
        .hasMessage("Tile x has 2 x 2 pixels but its mask has 1 x 2");
  }
}
