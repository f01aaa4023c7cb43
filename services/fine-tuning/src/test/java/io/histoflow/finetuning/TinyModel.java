package io.histoflow.finetuning;

import io.histoflow.segmentation.ProgressListener;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.CheckpointMetadata;
import io.histoflow.segmentation.dataset.LabelledTile;
import io.histoflow.segmentation.dataset.SyntheticTissue;
import io.histoflow.segmentation.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.training.FineTuning;
import io.histoflow.segmentation.training.FineTuningSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Networks of the smallest width: they know little, but are quick. */
final class TinyModel {
  private static final ClinSegNetConfig CONFIG =
      ClinSegNetConfig.standard(4, SyntheticTissue.organs());

  private TinyModel() {}

  /** Returns a network with random weights. */
  static Checkpoint checkpoint() {
    return new Checkpoint(
        Weights.initial(CONFIG, 1),
        new CheckpointMetadata(0, 0.5, "nothing: random weights", "none", Map.of()));
  }

  /** Returns a network that has learned a little from some synthetic tiles: a fair parent. */
  static Checkpoint beginner() {
    List<LabelledTile> tiles = IntStream.range(1_000, 1_024).mapToObj(Clinic::tile).toList();
    Checkpoint learned =
        FineTuning.run(
                checkpoint(),
                tiles,
                List.of(),
                settings(20),
                Compute.cpu(),
                ProgressListener.SILENT)
            .candidate();
    try (Segmenter segmenter = Segmenter.open(learned, Compute.cpu())) {
      PrecisionRecallCurve curve =
          tiles.stream()
              .map(
                  tile ->
                      PrecisionRecallCurve.of(
                          segmenter.probabilities(tile.image(), tile.organ()), tile.mask()))
              .reduce(PrecisionRecallCurve.EMPTY, PrecisionRecallCurve::plus);
      return learned.with(0, curve.thresholdAtPrecision(0.7).orElseThrow());
    }
  }

  /** Returns the same network with one weight of its encoder changed a little: another model. */
  static Checkpoint variant(Checkpoint model, int number) {
    return new Checkpoint(
        model
            .weights()
            .map(
                (spec, tensor) -> {
                  if (spec.group() != ParameterGroup.ENCODER || spec.shape().size() != 4) {
                    return tensor;
                  }
                  float[] values = tensor.values().clone();
                  values[0] += number * 1e-5f;
                  return new WeightTensor(tensor.shape(), values);
                }),
        model.metadata());
  }

  private static FineTuningSettings settings(int steps) {
    return FineTuningSettings.builder()
        .optSteps(steps)
        .optLearningRate(0.005)
        .optConditioningRate(0.01)
        .optKnownShare(1)
        .optCropSize(64)
        .optDistillation(0)
        .optTrainNormalisation(true)
        .optAverageDecay(0.9)
        .build();
  }

  /** Returns the same encoder with another decoder, and the version as its mask threshold. */
  static Checkpoint retrained(long version) {
    Weights other = Weights.initial(CONFIG, version + 1);
    Map<String, WeightTensor> encoder = checkpoint().weights().tensors();
    Weights joined =
        other.map(
            (spec, tensor) ->
                spec.group() == ParameterGroup.ENCODER ? encoder.get(spec.name()) : tensor);
    return new Checkpoint(joined, checkpoint().metadata().with(version, version / 100.0));
  }
}
