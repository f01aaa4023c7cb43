package io.histoflow.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.histoflow.segmentation.model.TensorRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoLossTest {

  /** Logits of probabilities 0.8, 0.5, 0.2 and 0.9. */
  private static final float[] LOGITS = {1.3862944f, 0f, -1.3862944f, 2.1972246f};

  private static final float[] LABELS = {1, 1, 0, 0};

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = TensorRuntime.newManager(Device.cpu());
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void shouldWeighMissesAboveFalseAlarms() {
    // Given
    HistoLoss loss = new HistoLoss(HistoLossSettings.paper());

    // When
    double tversky = loss.tversky(array(LOGITS), array(LABELS)).getFloat();

    // Then: TP 1.3, FN 0.7, FP 1.1, so 1 - 2.3 / (1.3 + 0.49 + 0.33 + 1).
    assertThat(tversky).isCloseTo(1 - 2.3 / 3.12, within(1e-6));
  }

  @Test
  void shouldTakeTheMeanCrossEntropyInNats() {
    // When
    double bce = HistoLoss.binaryCrossEntropy(array(LOGITS), array(LABELS)).getFloat();

    // Then: -(ln 0.8 + ln 0.5 + ln 0.8 + ln 0.1) / 4.
    assertThat(bce).isCloseTo(0.8605047, within(1e-6));
  }

  @Test
  void shouldAddBothPartsAndTheEdges() {
    // Given
    HistoLoss loss = new HistoLoss(new HistoLossSettings(0.3f, 0.7f, 0.7f, 0.3f, 0.5f, 1f));
    NDList labels = new NDList(array(LABELS), array(1, 0, 0, 0));
    NDList predictions = new NDList(array(LOGITS), array(0, 0, 0, 0));

    // When
    double value = loss.evaluate(labels, predictions).getFloat();

    // Then
    double expected = 0.3 * 0.8605047 + 0.7 * (1 - 2.3 / 3.12) + 0.5 * Math.log(2);
    assertThat(value).isCloseTo(expected, within(1e-6));
  }

  /** As if the other pixels were not there. */
  @Test
  void shouldLeaveOutPixelsThatDoNotCount() {
    // Given
    HistoLoss loss = new HistoLoss(HistoLossSettings.paper());
    NDList labels = new NDList(array(LABELS), array(1, 0, 1, 1), array(1, 0, 1, 0));
    NDList predictions = new NDList(array(LOGITS), array(2, -1, -3, 1));

    // When
    double value = loss.evaluate(labels, predictions).getFloat();

    // Then
    double alone =
        loss.evaluate(
                new NDList(array(LABELS[0], LABELS[2]), array(1, 1)),
                new NDList(array(LOGITS[0], LOGITS[2]), array(2, -3)))
            .getFloat();
    assertThat(value).isCloseTo(alone, within(1e-6));
  }

  @Test
  void shouldBeFiniteWhereNothingCounts() {
    // Given
    HistoLoss loss = new HistoLoss(HistoLossSettings.paper());
    NDList labels = new NDList(array(LABELS), array(0, 0, 0, 0), array(0, 0, 0, 0));

    // When
    double value = loss.evaluate(labels, new NDList(array(LOGITS))).getFloat();

    // Then
    assertThat(value).isZero();
  }

  @Test
  void shouldStayFiniteForLogitsOfAnySize() {
    // Given
    HistoLoss loss = new HistoLoss(HistoLossSettings.paper());

    // When
    double value =
        loss.evaluate(new NDList(array(1, 0)), new NDList(array(-1000f, 1000f))).getFloat();

    // Then: BCE 1000, Tversky 1 - 1 / (0.7 + 0.3 + 1).
    assertThat(value).isCloseTo(0.3 * 1000 + 0.7 * 0.5, within(1e-3));
  }

  @Test
  void shouldHaveTheGradientThatFiniteDifferencesGive() {
    // Given
    HistoLoss loss = new HistoLoss(HistoLossSettings.paper());
    NDArray logits = array(LOGITS);
    logits.setRequiresGradient(true);

    // When
    try (GradientCollector collector = TensorRuntime.engine().newGradientCollector()) {
      collector.backward(loss.evaluate(new NDList(array(LABELS)), new NDList(logits)));
    }
    float[] gradient = logits.getGradient().toFloatArray();

    // Then
    for (int i = 0; i < LOGITS.length; i++) {
      double slope = (reference(i, 1e-5) - reference(i, -1e-5)) / 2e-5;
      assertThat((double) gradient[i]).isCloseTo(slope, within(1e-5));
    }
  }

  @Test
  void shouldShareTheLossBetweenBothParts() {
    assertThat(HistoLossSettings.paper().withBceShare(0.3f)).isEqualTo(HistoLossSettings.paper());
    assertThat(HistoLossSettings.paper().withBceShare(0.75f))
        .isEqualTo(new HistoLossSettings(0.75f, 0.25f, 0.7f, 0.3f, 0.3f, 1f));
    assertThatThrownBy(() -> HistoLossSettings.paper().withBceShare(1.1f))
        .hasMessage("the share of BCE must be in 0..1, not 1.1");
  }

  @Test
  void shouldRefuseWeightsThatMakeNoSense() {
    assertThatThrownBy(() -> new HistoLossSettings(-1, 1, 1, 1, 1, 1))
        .hasMessage("a weight of the loss must be 0 or more, not -1.0");
    assertThatThrownBy(() -> new HistoLossSettings(1, 1, 1, 1, 1, 0))
        .hasMessage("the smoothing of Tversky must be above 0");
  }

  /** The loss in plain double arithmetic, with one logit moved. */
  private static double reference(int moved, double by) {
    double bce = 0;
    double tp = 0;
    double fn = 0;
    double fp = 0;
    for (int i = 0; i < LOGITS.length; i++) {
      double p = 1 / (1 + Math.exp(-(LOGITS[i] + (i == moved ? by : 0))));
      bce -= LABELS[i] > 0 ? Math.log(p) : Math.log(1 - p);
      tp += LABELS[i] * p;
      fn += LABELS[i] * (1 - p);
      fp += (1 - LABELS[i]) * p;
    }
    return 0.3 * bce / LOGITS.length + 0.7 * (1 - (tp + 1) / (tp + 0.7 * fn + 0.3 * fp + 1));
  }

  private NDArray array(float... values) {
    return manager.create(values, new Shape(1, 1, 1, values.length));
  }
}
