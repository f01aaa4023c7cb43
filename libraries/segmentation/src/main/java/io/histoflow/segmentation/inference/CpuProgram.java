package io.histoflow.segmentation.inference;

import io.histoflow.segmentation.model.ForwardPass;
import io.histoflow.segmentation.model.StageName;
import io.histoflow.segmentation.model.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A network as the script that {@link CpuEngine} runs: the operations in {@code
 * operations.torchscript}, and a method {@code forward} that calls one after the other as the pass
 * goes, with the arrays that they take in the order of their first use.
 */
final class CpuProgram extends ForwardPass<CpuProgram.Maps> {

  private static final String OPERATIONS = "operations.torchscript";

  private final FoldedWeights folded;
  private final String suffix;
  private final StringBuilder source = new StringBuilder();
  private final List<Argument> arguments = new ArrayList<>();
  private int variables;

  /**
   * Feature maps by the names of their variables.
   *
   * @param values (1, C, H, W); of excitations (1, C)
   * @param scale by which they still must be multiplied, (1, C); null where nothing is due
   * @param shift which must then be added, (1, C); null where nothing is due
   */
  record Maps(String values, String scale, String shift) {

    @Override
    public String toString() {
      return scale == null ? values : values + ", " + scale + ", " + shift;
    }
  }

  /**
   * One of the arrays that {@code forward} takes in its list.
   *
   * @param conversion the script's method that converts it; null where it stays fp32
   */
  record Argument(WeightTensor tensor, String conversion) {}

  /**
   * Writes the program.
   *
   * @param bf16 whether its convolutions compute in bf16
   */
  CpuProgram(FoldedWeights folded, boolean bf16) {
    super(folded.config());
    this.folded = folded;
    suffix = bf16 ? "_bf16" : "_fp32";
    try (InputStream operations = CpuProgram.class.getResourceAsStream(OPERATIONS)) {
      source.append(new String(operations.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the program is incomplete: " + OPERATIONS, e);
    }
    source.append(
        """
        def forward(self: __torch__.ClinSegNet,
          image: Tensor,
          organ: int,
          w: List[Tensor]) -> Tensor:
        """
            .indent(2));
    Maps image = assign("cast" + suffix, "image");
    Maps seen = decode(encode(extract(StageName.ENCODER_0, image)));
    Maps logits = pointwise(MASK_HEAD, 1, seen);
    source.append("    return self.probabilities(%s)\n".formatted(logits));
  }

  /** Returns the script's text. */
  String source() {
    return source.toString();
  }

  /** Returns the arrays in the order of the list. */
  List<Argument> arguments() {
    return Collections.unmodifiableList(arguments);
  }

  @Override
  protected Maps convolve(StageName stage, int i, Maps x) {
    String layer = stage.prefix() + ".conv" + i;
    String weight = argument(layer + ".weight", "packed" + suffix);
    String bias = argument(layer + ".bias", "cast" + suffix);
    return assign("convolve", x, weight, bias);
  }

  @Override
  protected Maps excite(StageName stage, Maps maps) {
    String se = stage.prefix() + ".se";
    return assign(
        "excite",
        maps,
        argument(se + ".reduce.weight", null),
        argument(se + ".reduce.bias", null),
        argument(se + ".expand.weight", null),
        argument(se + ".expand.bias", null));
  }

  @Override
  protected Maps condition(StageName stage, Extracted<Maps> extracted) {
    Maps scale = row(FoldedWeights.gamma(stage));
    if (extracted.excitation() != null) {
      scale = assign("times", scale, extracted.excitation());
    }
    Maps shift = row(FoldedWeights.beta(stage));
    return new Maps(extracted.maps().values(), scale.values(), shift.values());
  }

  private Maps row(String table) {
    return assign("row", argument(table, null), "organ");
  }

  @Override
  protected Maps keep(Maps x) {
    return assign("keep", x);
  }

  @Override
  protected Maps halve(Maps x) {
    return assign("halve", x);
  }

  @Override
  protected Maps pointwise(String layer, int outputs, Maps x) {
    String weight = argument(layer + ".weight", "matrix");
    return assign("pointwise", x, weight, argument(layer + ".bias", null));
  }

  @Override
  protected Maps join(Maps kept, Maps wide) {
    return assign("join", kept, wide);
  }

  private Maps assign(String operation, Object... values) {
    String variable = "v" + variables++;
    String list = Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
    source.append("    %s = self.%s(%s)\n".formatted(variable, operation, list));
    return new Maps(variable, null, null);
  }

  private String argument(String name, String conversion) {
    arguments.add(new Argument(folded.tensors().get(name), conversion));
    return "w[%d]".formatted(arguments.size() - 1);
  }
}
