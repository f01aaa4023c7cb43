package io.histoflow.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.DatasetException;
import io.histoflow.datasets.DatasetWriter;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageRejectedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
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
  void shouldTakeTheSitesAuditedTilesWhereEnoughAreHeldOutAndSayWhereNot() throws Exception {
    // Given
    SyntheticTissue tissue = new SyntheticTissue(2);
    List<TileSource> heldOut = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LabelledTile tile = tissue.tile("kidney", i, 64);
      heldOut.add(() -> tile);
    }
    Set<String> audited = Set.of(heldOut.get(1).decode().id(), heldOut.get(3).decode().id(), "x");
    GuardSet synthetic = GuardSet.synthetic();

    // When
    GuardSet enough = synthetic.orAudited(2, audited, heldOut);
    GuardSet tooFew = synthetic.orAudited(3, audited, heldOut);

    // Then
    assertThat(enough.about()).isEqualTo("2 audited tiles of the site");
    assertThat(enough.tiles()).containsExactly(heldOut.get(1), heldOut.get(3));
    assertThat(tooFew.about())
        .isEqualTo(synthetic.about() + ", since of 3 audited tiles that are wanted 2 are held out");
    assertThat(tooFew.tiles()).isEqualTo(synthetic.tiles());
    assertThat(synthetic.orAudited(0, audited, heldOut)).isSameAs(synthetic);
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
