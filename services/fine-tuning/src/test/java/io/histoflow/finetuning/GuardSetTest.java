package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.DatasetException;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageRejectedException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardSetTest {
  @TempDir private Path folder;

  @Test
  void shouldBeTheImagesOfASitesOwnFolder() throws ImageRejectedException {
    // Given
    Path data = folder.resolve("our-lab");
    DatasetWriter writer = new DatasetWriter(data);
    LabelledTile kidney = new SyntheticTissue(1).image("kidney", 0, 64, 48);
    writer.write(kidney);
    writer.write(new SyntheticTissue(1).image("liver", 0, 64, 48));

    // When
    GuardSet guard = GuardSet.of(data, OptionalDouble.empty());

    // Then
    assertThat(guard.about()).isEqualTo("2 images of our-lab");
    assertThat(guard.tiles()).hasSize(2);
    LabelledTile first = guard.tiles().get(0).decode();
    assertThat(first.organ()).isEqualTo("kidney");
    assertThat(first.image().rgb()).isEqualTo(kidney.image().rgb());
    assertThat(first.mask()).isEqualTo(kidney.mask());
  }

  @Test
  void shouldRefuseAFolderWithoutImages() {
    assertThatThrownBy(() -> GuardSet.of(folder, OptionalDouble.empty()))
        .isInstanceOf(DatasetException.class);
  }

  @Test
  void shouldHoldTwoTilesOfEachOrganWhereASiteHasNone() throws ImageRejectedException {
    // When
    GuardSet guard = GuardSet.synthetic();

    // Then
    assertThat(guard.about()).isEqualTo(2 * SyntheticTissue.organs().size() + " synthetic tiles");
    LabelledTile again = guard.tiles().get(1).decode();
    assertThat(again.image().rgb()).isEqualTo(guard.tiles().get(1).decode().image().rgb());
    assertThat(again.image().width()).isEqualTo(256);
  }
}
