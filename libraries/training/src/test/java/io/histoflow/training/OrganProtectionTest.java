package io.histoflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.TensorRuntime;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.Weights;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrganProtectionTest {

  private static final FineTuningSettings CONDITIONING_ONLY =
      FineTuningSettings.builder()
          .optSteps(20)
          .optLearningRate(0)
          .optConditioningRate(5e-2)
          .optKnownShare(1)
          .optBatchSize(2)
          .optCropSize(64)
          .optReplayShare(0)
          .optDistillation(0)
          .optStainJitter(0)
          .optAverageDecay(0.5)
          .optSeed(7)
          .build();

  private final LabelledTile tile = new SyntheticTissue(1).tile("brain", 1, 64);

  @Test
  void shouldProjectOntoWhatIsOrthogonalToAllVectors() {
    // Given: the first two axes of three dimensions, one of them twice.
    List<double[]> vectors =
        List.of(new double[] {2, 0, 0}, new double[] {1, 1, 0}, new double[] {-3, 0, 0});

    // When
    float[] projection = OrganProtection.nullSpace(vectors, 3);

    // Then: only the third is left.
    float[] expected = {0, 0, 0, 0, 0, 0, 0, 0, 1};
    assertThat(projection).containsExactly(expected, within(1e-6f));
  }

  @Test
  void shouldSegmentEveryOrganAsBeforeWhenANewOneIsOpened() {
    // Given
    Checkpoint base = checkpoint(TestWeights.config(4));

    // When
    Checkpoint opened = OrganProtection.open(base, List.of("brain"));

    // Then: and the new one like unknown.
    assertThat(opened.config().organs()).endsWith("brain");
    assertThat(opened.encoderFingerprint()).isEqualTo(base.encoderFingerprint());
    for (String organ : base.config().organs()) {
      assertThat(probabilities(opened, organ))
          .containsExactly(probabilities(base, organ), within(1e-5f));
    }
    assertThat(probabilities(opened, "brain"))
        .containsExactly(probabilities(base, "unknown"), within(1e-5f));
  }

  @Test
  void shouldOpenNothingForAnOrganThatTheModelKnows() {
    Checkpoint base = checkpoint(TestWeights.config(4));

    assertThat(OrganProtection.open(base, List.of("unknown"))).isSameAs(base);
  }

  @Test
  void shouldFallBackToTheEmbeddingOfUnknownWhenNoDirectionIsLeft() {
    // Given: three organs in two dimensions.
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            4, List.of("unknown", "a", "b"), 2, true, true, false, InputColour.RGB);
    Checkpoint base = checkpoint(config);

    // When
    Checkpoint opened = OrganProtection.open(base, List.of("brain"));

    // Then
    float[] embeddings = opened.weights().values("embedding.weight");
    assertThat(embeddings).hasSize(8);
    assertThat(List.of(embeddings[6], embeddings[7]))
        .isEqualTo(List.of(embeddings[0], embeddings[1]));
  }

  @Test
  void shouldTeachANewOrganAndLeaveEveryOtherAsItWas() {
    // Given: conditioning learns, the decoder does not.
    Checkpoint base = checkpoint(TestWeights.config(4));

    // When
    FineTuned tuned =
        FineTuning.run(
            base,
            List.of(tile),
            List.of(),
            CONDITIONING_ONLY,
            Compute.cpu(),
            ProgressListener.SILENT);

    // Then
    assertThat(tuned.lastLoss()).isLessThan(0.9 * tuned.firstLoss());
    for (String organ : base.config().organs()) {
      assertThat(probabilities(tuned.candidate(), organ))
          .containsExactly(probabilities(base, organ), within(1e-4f));
    }
    assertThat(largestDifference(tuned.candidate(), base, "brain")).isGreaterThan(0.05f);
  }

  @Test
  void shouldTeachAnOrganThatTheModelKnowsWithoutTheOthers() {
    // Given
    Checkpoint base = checkpoint(TestWeights.config(4));
    LabelledTile kidney = new LabelledTile("k", "kidney", tile.image(), tile.mask());

    // When
    Checkpoint tuned =
        FineTuning.run(
                base,
                List.of(kidney),
                List.of(),
                CONDITIONING_ONLY,
                Compute.cpu(),
                ProgressListener.SILENT)
            .candidate();

    // Then
    assertThat(largestDifference(tuned, base, "kidney")).isGreaterThan(0.05f);
    for (String organ : base.config().organs()) {
      if (!organ.equals("kidney")) {
        assertThat(largestDifference(tuned, base, organ)).isLessThan(1e-4f);
      }
    }
  }

  @Test
  void shouldLetPartOfAnUpdatePassForOrgansThatAreHeldBack() {
    // Given: unknown is not taught; an organ that was known is, and one that is new.
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            4, List.of("unknown", "known", "new"), 3, true, true, false, InputColour.RGB);
    Weights weights = TestWeights.random(config, 1);
    try (NDManager manager = TensorRuntime.newManager(Device.cpu())) {
      OrganProtection protection = new OrganProtection(weights, Set.of(1, 2), 2, 0.1, manager);
      NDArray update = manager.create(new float[] {1, 2, 3}, new Shape(1, 3));

      // When
      float[] allowed = protection.allowed("decoder.0.film.gamma.weight", update).toFloatArray();

      // Then: what FiLM answers to unknown stays, to the known organ a tenth of what is orthogonal
      // to unknown comes, and what is orthogonal to both comes whole.
      double[] unknown = row(weights, 0);
      double[] known = without(row(weights, 1), unknown);
      double[] free = without(without(new double[] {1, 2, 3}, unknown), known);
      assertThat(dot(allowed, unknown)).isCloseTo(0, within(1e-5));
      assertThat(dot(allowed, known))
          .isCloseTo(0.1 * dot(new float[] {1, 2, 3}, known), within(1e-5));
      assertThat(dot(allowed, free)).isCloseTo(dot(new float[] {1, 2, 3}, free), within(1e-5));
    }
  }

  private static double[] row(Weights weights, int organ) {
    double[] row = new double[3];
    for (int k = 0; k < 3; k++) {
      row[k] = weights.values("embedding.weight")[3 * organ + k];
    }
    return row;
  }

  private static double[] without(double[] a, double[] b) {
    double along = 0;
    double square = 0;
    for (int k = 0; k < a.length; k++) {
      along += a[k] * b[k];
      square += b[k] * b[k];
    }
    double[] rest = new double[a.length];
    for (int k = 0; k < a.length; k++) {
      rest[k] = a[k] - along / square * b[k];
    }
    return rest;
  }

  private static double dot(float[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private float largestDifference(Checkpoint a, Checkpoint b, String organ) {
    float[] one = probabilities(a, organ);
    float[] two = probabilities(b, organ);
    float most = 0;
    for (int i = 0; i < one.length; i++) {
      most = Math.max(most, Math.abs(one[i] - two[i]));
    }
    return most;
  }

  private float[] probabilities(Checkpoint checkpoint, String organ) {
    try (Segmenter segmenter = Segmenter.open(checkpoint, Compute.cpu())) {
      return segmenter.probabilities(tile.image(), organ);
    }
  }

  private static Checkpoint checkpoint(ClinSegNetConfig config) {
    return new Checkpoint(
        TestWeights.random(config, 1), new CheckpointMetadata(0, 0.5, "none", "none", Map.of()));
  }
}
