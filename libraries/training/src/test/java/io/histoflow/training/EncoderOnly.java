package io.histoflow.training;

import ai.djl.ndarray.NDManager;
import io.histoflow.segmentation.model.Architecture;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.Network;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.ParameterSpec;
import io.histoflow.segmentation.model.Weights;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** An architecture that declares nothing for corrections to change. */
record EncoderOnly() implements Architecture {

  @Override
  public String name() {
    return "EncoderOnly";
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public InputColour inputColour() {
    return InputColour.RGB;
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public int sideMultiple() {
    return 1;
  }

  @Override
  public List<ParameterSpec> parameters() {
    return List.of(
        new ParameterSpec(
            "head.weight",
            List.of(1, 3, 1, 1),
            ParameterGroup.ENCODER,
            ParameterSpec.Kind.LECUN_NORMAL));
  }

  @Override
  public long multiplyAdds(int side) {
    return 3L * side * side;
  }

  @Override
  public Network open(Weights weights, NDManager manager, Predicate<ParameterGroup> statistics) {
    throw new UnsupportedOperationException("no pass of it is asked for");
  }
}
