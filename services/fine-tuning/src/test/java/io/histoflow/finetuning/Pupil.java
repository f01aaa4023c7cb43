package io.histoflow.finetuning;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.evaluation.PrecisionRecallCurve;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.training.FineTuning;
import io.histoflow.training.FineTuningSettings;
import io.histoflow.weights.testing.TinyModel;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Tiny networks that have learned. */
final class Pupil {
  private Pupil() {}

  /** Returns a network that has learned a little from some synthetic tiles: a fair parent. */
  static Checkpoint beginner() {
    List<LabelledTile> tiles = IntStream.range(1_000, 1_024).mapToObj(Clinic::tile).toList();
    Checkpoint learned =
        FineTuning.run(
                TinyModel.checkpoint(),
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
    Weights other = Weights.initial(TinyModel.CONFIG, version + 1);
    Map<String, WeightTensor> encoder = TinyModel.checkpoint().weights().tensors();
    Weights joined =
        other.map(
            (spec, tensor) ->
                spec.group() == ParameterGroup.ENCODER ? encoder.get(spec.name()) : tensor);
    return new Checkpoint(joined, TinyModel.checkpoint().metadata().with(version, version / 100.0));
  }
}
