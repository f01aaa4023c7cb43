package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.resolution.ModelResolution;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.weights.testing.TinyModel;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorrectionReaderTest {
  private static final Map<String, Object> REGISTRY =
      Map.of("schema.registry.url", "mock://correction-reader", "auto.register.schemas", true);
  private static final ModelResolution MODEL = new ModelResolution(OptionalDouble.of(0.25));

  private final AvroSerializer<MaskCorrected> serializer = new AvroSerializer<>();
  private final AvroDeserializer<MaskCorrected> deserializer =
      new AvroDeserializer<>(MaskCorrected.class);
  private final CorrectionReader reader = new CorrectionReader(deserializer, MODEL);

  @BeforeEach
  void configure() {
    serializer.configure(REGISTRY, false);
    deserializer.configure(REGISTRY, false);
  }

  @AfterEach
  void close() {
    serializer.close();
    deserializer.close();
  }

  @Test
  void shouldCountAndShowACorrectionOfAnotherResolutionAsTheModelLearnsFromIt() throws Exception {
    // When
    EncodedCorrection read = read(corrected(0.5)).correction().orElseThrow();
    // Then
    assertThat(read.correction().decodedBytes()).isEqualTo(4 * 64 * 64);
    assertThat(read.correction().trainedBytes()).isEqualTo(4 * 128 * 128);
    LabelledTile tile = read.decode();
    assertThat(tile.image().width()).isEqualTo(64);
    assertThat(tile.at(MODEL).image().width()).isEqualTo(128);
    assertThat(tile.at(MODEL).mask().height()).isEqualTo(128);
  }

  @Test
  void shouldTakeACorrectionWithoutResolutionAsTheModels() throws Exception {
    // When
    EncodedCorrection read = read(corrected(null)).correction().orElseThrow();
    // Then
    assertThat(read.correction().trainedBytes()).isEqualTo(4 * 64 * 64);
    assertThat(read.decode().at(MODEL).image().width()).isEqualTo(64);
  }

  @Test
  void shouldMeasureInTheTilesOwnPixels() throws Exception {
    // Given
    EncodedCorrection read = read(corrected(0.5)).correction().orElseThrow();
    Checkpoint tiny = TinyModel.checkpoint();
    Checkpoint model = new Checkpoint(tiny.weights(), tiny.metadata().withMicronsPerPixel(0.25));
    // When
    Measurement measured =
        new TileEvaluation(List.of(read), Compute.cpu())
            .of(model, "measure", ProgressListener.SILENT);
    // Then
    assertThat(measured.curve().pixels()).isEqualTo(64 * 64);
    assertThat(measured.curve().positivePixels()).isEqualTo(Clinic.tile(1).mask().positivePixels());
  }

  @Test
  void shouldRefuseWhatCannotBeOrIsTooFarFromTheModelsOrGrowsTooLarge() {
    for (double microns : new double[] {0, -1, 25_000, Double.NaN, 2.0, 0.05}) {
      assertThatThrownBy(() -> read(corrected(microns)))
          .isInstanceOf(RejectedRecordException.class)
          .hasMessageContaining("t1")
          .hasMessageContaining(String.valueOf(microns));
    }
    MaskCorrected large = corrected(1.0);
    large.put("width", 1025);
    assertThatThrownBy(() -> read(large))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageContaining("4100 x 256");
  }

  private TileVerdict read(MaskCorrected correction) throws RejectedRecordException {
    String topic = Topics.MASKS_CORRECTED.name();
    return reader.read(
        new ConsumerRecord<>(
            topic, 0, 0, "t1".getBytes(UTF_8), serializer.serialize(topic, correction)));
  }

  private static MaskCorrected corrected(Double microns) {
    LabelledTile tile = Clinic.tile(1);
    return MaskCorrected.newBuilder()
        .setTileId("t1")
        .setSlideId("s1")
        .setOrgan(tile.organ())
        .setX(0)
        .setY(0)
        .setWidth(64)
        .setHeight(64)
        .setMicronsPerPixel(microns)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(RgbPng.encode(tile.image())))
        .setMask(ByteBuffer.wrap(MaskPng.encode(tile.mask())))
        .setVerdict(Verdict.CORRECTED)
        .setReviewer("truth")
        .setModelId("m")
        .setModelVersion(0)
        .setCorrectedAt(Instant.EPOCH)
        .build();
  }
}
