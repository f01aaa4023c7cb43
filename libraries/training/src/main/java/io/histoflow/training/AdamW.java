package io.histoflow.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AdamW (Loshchilov and Hutter, 2019) with clipping by the global norm of all gradients.
 *
 * <p>Weight decay is decoupled and touches weights of convolutions and linear layers only. It is
 * our own because DJL's Adam clamps single gradients, from above only.
 */
final class AdamW implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AdamW.class);
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.99f;
  private static final float EPSILON = 1e-8f;
  private static final NDIndex ALL = new NDIndex(":");

  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> first = new LinkedHashMap<>();
  private final Map<String, NDArray> second = new LinkedHashMap<>();
  private final NDManager manager;
  private final double weightDecay;
  private final double clipNorm;
  private UpdateConstraint constraint = UpdateConstraint.NONE;
  private long steps;

  /**
   * Makes an optimiser for the parameters that require a gradient.
   *
   * @param parent manager whose device the parameters are on
   * @param clipNorm largest global norm of the gradients
   */
  AdamW(NDManager parent, Map<String, NDArray> parameters, double weightDecay, double clipNorm) {
    this.manager = parent.newSubManager();
    this.weightDecay = weightDecay;
    this.clipNorm = clipNorm;
    this.parameters = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.hasGradient()) {
            this.parameters.put(name, parameter);
            Shape shape = parameter.getShape();
            first.put(name, manager.zeros(shape));
            second.put(name, manager.zeros(shape));
          }
        });
  }

  /** Lets only part of every update through from now on. */
  void constrain(UpdateConstraint to) {
    constraint = to;
  }

  /**
   * Moves the parameters along the gradients that have been collected, then clears these.
   *
   * @param rates learning rate of each parameter by its name
   * @return the norm of all gradients before clipping; where it is not finite nothing was moved
   */
  double step(ToDoubleFunction<String> rates) {
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      NDList squares = new NDList();
      parameters.forEach(
          (name, parameter) -> {
            NDArray gradient = parameter.getGradient();
            gradient.attach(scope);
            gradients.put(name, gradient);
            squares.add(gradient.square().sum().reshape(1));
          });
      double norm = Math.sqrt(NDArrays.concat(squares).sum().getFloat());
      if (!Double.isFinite(norm)) {
        log.atWarn()
            .addKeyValue("step", steps + 1)
            .addKeyValue("parameters", notFinite(gradients))
            .log("Gradients are no finite numbers: the step is skipped");
      } else {
        steps++;
        float scale = (float) Math.min(1.0, clipNorm / Math.max(norm, 1e-12));
        gradients.forEach(
            (name, gradient) -> move(name, gradient, scale, rates.applyAsDouble(name)));
      }
      gradients.values().forEach(gradient -> gradient.set(ALL, 0f));
      return norm;
    }
  }

  private static List<String> notFinite(Map<String, NDArray> gradients) {
    return gradients.entrySet().stream()
        .filter(entry -> !Float.isFinite(entry.getValue().square().sum().getFloat()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void move(String name, NDArray gradient, float scale, double learningRate) {
    NDArray scaled = gradient.mul(scale);
    NDArray m = first.get(name);
    NDArray v = second.get(name);
    NDArray share = scaled.mul(1 - BETA1);
    m.muli(BETA1).addi(share);
    NDArray squared = scaled.square().muli(1 - BETA2);
    squared.attach(gradient.getManager());
    v.muli(BETA2).addi(squared);
    double bias1 = 1 - Math.pow(BETA1, (double) steps);
    double bias2 = 1 - Math.pow(BETA2, (double) steps);
    try (NDManager scope = gradient.getManager().newSubManager()) {
      NDArray root = v.sqrt();
      root.attach(scope);
      NDArray divisor = root.divi(Math.sqrt(bias2)).addi(EPSILON);
      NDArray update = m.div(divisor);
      update.attach(scope);
      update.muli(learningRate / bias1);
      update = constraint.allowed(name, update);
      NDArray weight = parameters.get(name);
      if (weightDecay > 0 && weight.getShape().dimension() > 1) {
        weight.muli(1 - learningRate * weightDecay);
      }
      weight.subi(update);
    }
  }

  /** Returns the number of steps that moved the parameters. */
  long steps() {
    return steps;
  }

  /** Returns the running means, first and second moments by parameter, as they are now. */
  Map<String, float[]> state() {
    Map<String, float[]> state = new LinkedHashMap<>();
    first.forEach((name, array) -> state.put("first." + name, array.toFloatArray()));
    second.forEach((name, array) -> state.put("second." + name, array.toFloatArray()));
    return state;
  }

  /** Puts back what {@link #state} gave. */
  void restore(Map<String, float[]> state, long stepsTaken) {
    first.forEach((name, array) -> copy(state.get("first." + name), array));
    second.forEach((name, array) -> copy(state.get("second." + name), array));
    steps = stepsTaken;
  }

  private static void copy(float[] values, NDArray target) {
    try (NDArray source = target.getManager().create(values, target.getShape())) {
      source.copyTo(target);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
