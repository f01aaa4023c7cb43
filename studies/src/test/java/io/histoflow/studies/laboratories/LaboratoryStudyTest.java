package io.histoflow.studies.laboratories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.training.TrainingData;
import io.histoflow.training.TrainingProgress;
import io.histoflow.training.TrainingSet;
import io.histoflow.training.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaboratoryStudyTest {

  private final SyntheticTissue tissue = new SyntheticTissue(1);
  private final TrainingSet one = set("one", "kidney");
  private final TrainingSet two = set("two", "lung");
  private final TrainingSet three = set("three", "colon");
  private final TrainingData data = new TrainingData(List.of(one, two, three), "none");

  @TempDir Path folder;

  @Test
  void shouldMeasureOnTheWholeOfTheSetThatIsLeftOut() throws Exception {
    // Given
    AtomicLong steps = new AtomicLong();
    TrainingProgress counting =
        new TrainingProgress() {
          @Override
          public void onStep(long step, double share, double loss, double rate) {
            steps.incrementAndGet();
          }
        };

    // When: asked twice
    LeftOut result = study(data).leaveOut(two, counting);
    LeftOut again = study(data).leaveOut(two, counting);

    // Then: of the two other organs one tile each is held out, and nothing is trained again
    assertThat(result.laboratory()).isEqualTo("two");
    assertThat(result.trainingImages()).isEqualTo(6);
    assertThat(result.heldOutImages()).isEqualTo(2);
    assertThat(result.leftOut().images()).isEqualTo(4);
    assertThat(result.present().images()).isEqualTo(4);
    assertThat(result.threshold()).isBetween(0.0, 1.0);
    assertThat(again.leftOut().micro()).isEqualTo(result.leftOut().micro());
    assertThat(steps).hasValue(3);
    assertThat(result.toJson().path("leftOut").path("micro").has("averagePrecision")).isTrue();
  }

  @Test
  void shouldNotLearnFromTheSetThatIsLeftOut() throws Exception {
    // Given
    TrainingSet four = set("four", "kidney");
    TrainingSet five = set("five", "lung");

    // When
    study(new TrainingData(List.of(one, two, four, five), "none"))
        .leaveOut(two, new TrainingProgress() {});

    // Then: it knows the organ that two of the others show, and not the one it shares with the
    // third
    Checkpoint trained = Checkpoint.load(folder.resolve("without-two/last.safetensors"));
    assertThat(trained.config().organs()).containsExactly("unknown", "kidney");
  }

  @Test
  void shouldRefuseToLeaveOutTheOnlySet() {
    assertThatThrownBy(() -> study(new TrainingData(List.of(one), "none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 2 data sets");
  }

  private LaboratoryStudy study(TrainingData images) throws Exception {
    TrainingSettings tiny =
        TrainingSettings.builder()
            .optWidth(4)
            .optCropSize(32)
            .optBatchSize(2)
            .optMaxSteps(3)
            .build();
    return new LaboratoryStudy(images, tiny, Checkpoint.shipped(), Compute.cpu(), folder);
  }

  private TrainingSet set(String name, String organ) {
    List<LabelledTile> tiles =
        IntStream.range(0, 4).mapToObj(i -> tissue.tile(organ, i, 64)).toList();
    return new TrainingSet(name, tiles, 1);
  }
}
