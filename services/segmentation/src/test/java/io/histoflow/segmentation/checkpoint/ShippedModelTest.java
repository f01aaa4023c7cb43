package io.histoflow.segmentation.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.segmentation.dataset.Dataset;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.evaluation.Confusion;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ShippedModelTest {

  @Test
  void shouldShipTheModelThatItsCardDescribes() throws IOException {
    // When
    Checkpoint shipped = Checkpoint.shipped();

    // Then
    String card;
    try (InputStream in =
        ShippedModelTest.class.getResourceAsStream("/io/histoflow/segmentation/MODEL-CARD.md")) {
      card = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(card).contains(shipped.sha256()).contains(shipped.modelId());
    assertThat(card).contains("mask threshold " + shipped.maskThreshold());
    assertThat(shipped.version()).isZero();
    assertThat(shipped.metadata().micronsPerPixel()).hasValue(0.25);
    assertThat(shipped.metadata().licence()).contains("research use only");
    assertThat(shipped.metadata().metrics().get("crossValidation.recall")).isGreaterThan(0.9);
    assertThat(shipped.thresholds().level()).hasValue(0.1);
    assertThat(shipped.config().organs()).startsWith("unknown");
  }

  @Test
  void shouldFindTheNucleiOfAnOrganItNeverSaw() {
    // Given
    String home = Optional.ofNullable(System.getenv("HISTOFLOW_DATA")).orElse("../shared/data");
    Path data =
        Path.of(System.getProperty("histoflow.root", ".")).resolve(home).resolve("brain-glioma");
    Assumptions.assumeTrue(Files.isDirectory(data), "no real tiles at " + data);
    LabelledTile tile =
        Dataset.open(data).samples().stream()
            .filter(sample -> sample.id().equals("gbm40_17"))
            .findFirst()
            .orElseThrow()
            .load();
    Checkpoint shipped = Checkpoint.shipped();
    try (Segmenter segmenter = Segmenter.open(shipped, Compute.cpu())) {
      // When
      float[] probabilities = segmenter.probabilities(tile.image(), tile.organ());

      // Then
      Confusion confusion = Confusion.of(probabilities, tile.mask(), shipped.maskThreshold());
      assertThat(confusion.recall()).isGreaterThan(0.75);
      assertThat(confusion.dice()).isGreaterThan(0.7);
    }
  }
}
