package io.histoflow.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.Sample;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.Segmenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The model that ships, on real tiles where there are some. */
class ShippedModelOnTilesTest {

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

  @Test
  void shouldFindTheSameNucleiOfRealTilesInBf16() {
    // Given
    assumeThatCode(() -> Precision.BF16.requireOn(Compute.CPU)).doesNotThrowAnyException();
    String home = Optional.ofNullable(System.getenv("HISTOFLOW_DATA")).orElse("../shared/data");
    Path data =
        Path.of(System.getProperty("histoflow.root", ".")).resolve(home).resolve("brain-glioma");
    Assumptions.assumeTrue(Files.isDirectory(data), "no real tiles at " + data);
    List<Sample> samples = Dataset.open(data).samples().subList(0, 6);

    // When
    Summary fp32 = measured(samples, Precision.FP32);
    Summary bf16 = measured(samples, Precision.BF16);

    // Then
    assertThat(bf16.recall().mean()).isCloseTo(fp32.recall().mean(), within(0.002));
    assertThat(bf16.dice().mean()).isCloseTo(fp32.dice().mean(), within(0.002));
    assertThat(bf16.dice().mean()).isNotEqualTo(fp32.dice().mean());
  }

  private static Summary measured(List<Sample> samples, Precision precision) {
    Checkpoint shipped = Checkpoint.shipped();
    try (Segmenter segmenter = Segmenter.open(shipped, Compute.cpu(), precision)) {
      return Evaluator.of(segmenter)
          .evaluateSamples(samples, shipped.thresholds(), ProgressListener.SILENT)
          .overall();
    }
  }
}
