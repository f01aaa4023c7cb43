package io.histoflow.topology.reports;

import static io.histoflow.topology.StateBytes.again;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.schemas.SlideScanned;
import io.histoflow.topology.TestRecords;
import io.histoflow.topology.reports.SlideState.Gone;
import io.histoflow.topology.reports.SlideState.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlideStateFormatTest {
  @Test
  void shouldReadBackWhatItWrites() {
    // Given
    SlideScanned manifest = TestRecords.manifest("s", "kidney", 9);
    manifest.put("scanId", "scan");
    manifest.put("micronsPerPixel", 0.25);
    SlideState whole =
        SlideState.EMPTY
            .withManifest(Manifest.of(manifest))
            .withTile()
            .withResult(1, 5)
            .withResult(0, 4)
            .without(new Gone("earlier", 7))
            .changed(8)
            .afterReport();

    // When / Then
    for (SlideState slide :
        List.of(whole, SlideState.EMPTY.changed(3), whole.forgotten(), whole.removed(9))) {
      assertThat(again(SlideState.serde(), slide)).isEqualTo(slide);
    }
  }

  @Test
  void shouldKeepAFewBytesOfASlideWhoseTilesAreForgotten() {
    // When
    byte[] kept =
        SlideState.serde()
            .serializer()
            .serialize("t", SlideState.EMPTY.withTile().changed(3).afterReport().forgotten());

    // Then
    assertThat(kept).hasSizeLessThan(40);
  }
}
