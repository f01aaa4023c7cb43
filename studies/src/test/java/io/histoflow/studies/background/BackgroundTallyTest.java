package io.histoflow.studies.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.Sample;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackgroundTallyTest {
  @Test
  void shouldCountWhatIsSkippedAndWhatIsLostWithIt() {
    // Given: tissue, glass, and glass on which a mask says there is a nucleus
    LabelledTile tissue = new SyntheticTissue(1).tile("kidney", 0, 32);
    RgbImage glass = glass(32);
    byte[] marked = new byte[32 * 32];
    Arrays.fill(marked, 0, 10, (byte) 1);

    // When
    BackgroundTally tally =
        BackgroundTally.NONE
            .with(tissue.image(), tissue.mask())
            .with(glass, Mask.of(32, 32, new byte[32 * 32]))
            .with(glass, Mask.of(32, 32, marked));

    // Then
    assertThat(tally.tiles()).isEqualTo(3);
    assertThat(tally.background()).isEqualTo(2);
    assertThat(tally.share()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(tally.lostPixels()).isEqualTo(10);
    assertThat(tally.positivePixels()).isEqualTo(tissue.mask().positivePixels() + 10);
    assertThat(BackgroundTally.NONE.share()).isZero();
  }

  @Test
  void shouldRefuseMoreBackgroundThanThereIs() {
    assertThatIllegalArgumentException().isThrownBy(() -> new BackgroundTally(1, 2, 0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new BackgroundTally(1, 1, 5, 6, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"monuseg/train", "tnbc", "brain-glioma"})
  void shouldLoseNoPositivePixelOfRealTiles(String set) {
    // Given
    String home = Optional.ofNullable(System.getenv("HISTOFLOW_DATA")).orElse("../shared/data");
    Path data = Path.of(System.getProperty("histoflow.root", ".")).resolve(home).resolve(set);
    Assumptions.assumeTrue(Files.isDirectory(data), "no real tiles at " + data);

    // When
    BackgroundTally tally = BackgroundTally.NONE;
    for (Sample sample : Dataset.open(data).samples()) {
      for (LabelledTile tile : sample.load().cut(256)) {
        tally = tally.with(tile.image(), tile.mask());
      }
    }

    // Then
    assertThat(tally.positivePixels()).isPositive();
    assertThat(tally.lostPixels()).isZero();
  }

  private static RgbImage glass(int edge) {
    byte[] rgb = new byte[edge * edge * 3];
    Arrays.fill(rgb, (byte) 240);
    return RgbImage.of(edge, edge, rgb);
  }
}
