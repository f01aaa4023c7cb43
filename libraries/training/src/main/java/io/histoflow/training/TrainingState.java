package io.histoflow.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.segmentation.checkpoint.CheckpointRejectedException;
import io.histoflow.segmentation.checkpoint.Safetensors;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a training stands, so that it can go on after a kill.
 *
 * @param step steps taken
 * @param elapsed time spent
 * @param weights as they are
 * @param averages their moving averages
 * @param moments of the optimiser
 * @param moved steps that moved the weights
 * @param history validations so far
 * @param losses mean losses so far
 */
record TrainingState(
    long step,
    Duration elapsed,
    Weights weights,
    Weights averages,
    Map<String, float[]> moments,
    long moved,
    List<ValidationPoint> history,
    List<LossPoint> losses) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String WEIGHTS = "weights.";
  private static final String AVERAGES = "averages.";
  private static final String MOMENTS = "moments.";

  /**
   * Writes the state; the file appears whole or not at all.
   *
   * @param run says which training it is of: settings, network and data
   */
  void save(Path file, String run) throws IOException {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> tensors.put(WEIGHTS + name, tensor));
    averages.tensors().forEach((name, tensor) -> tensors.put(AVERAGES + name, tensor));
    moments.forEach(
        (name, values) ->
            tensors.put(MOMENTS + name, new WeightTensor(List.of(values.length), values)));
    Map<String, String> metadata =
        Map.of(
            "run", run,
            "step", Long.toString(step),
            "moved", Long.toString(moved),
            "elapsed", elapsed.toString(),
            "history", JSON.writeValueAsString(history),
            "losses", JSON.writeValueAsString(losses));
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    Files.write(partial, new Safetensors(metadata, tensors).write(false));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Reads a state.
   *
   * @throws CheckpointRejectedException where it is damaged or of another training
   */
  static TrainingState load(Path file, String run, Architecture config)
      throws IOException, CheckpointRejectedException {
    Safetensors saved = Safetensors.read(Files.readAllBytes(file));
    if (!run.equals(saved.metadata().get("run"))) {
      throw new CheckpointRejectedException(
          "%s is of a training with other settings or data: remove it or choose another folder"
              .formatted(file));
    }
    Map<String, float[]> moments = new LinkedHashMap<>();
    part(saved, MOMENTS).forEach((name, tensor) -> moments.put(name, tensor.values()));
    try {
      return new TrainingState(
          Long.parseLong(saved.metadata().get("step")),
          Duration.parse(saved.metadata().get("elapsed")),
          new Weights(config, part(saved, WEIGHTS)),
          new Weights(config, part(saved, AVERAGES)),
          moments,
          Long.parseLong(saved.metadata().get("moved")),
          JSON.readValue(
              saved.metadata().get("history"), new TypeReference<List<ValidationPoint>>() {}),
          JSON.readValue(saved.metadata().get("losses"), new TypeReference<List<LossPoint>>() {}));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new CheckpointRejectedException(
          "%s cannot be used to go on training: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, WeightTensor> part(Safetensors saved, String prefix) {
    Map<String, WeightTensor> part = new LinkedHashMap<>();
    saved
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
              }
            });
    return part;
  }
}
