package io.histoflow.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.resolution.Rescaling;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.weights.testing.TinyModel;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResultEncoderTest {
  private static final Map<String, Object> REGISTRY =
      Map.of("schema.registry.url", "mock://result-encoder", "auto.register.schemas", true);
  private static final int SIDE = 64;

  private final AvroSerializer<TileSegmented> serializer = new AvroSerializer<>();
  private final AvroDeserializer<TileSegmented> deserializer =
      new AvroDeserializer<>(TileSegmented.class);

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
  void shouldCopyTheScanAndSayTheScaleThatTheModelLearnedAt() throws Exception {
    // Given
    Checkpoint model = TinyModel.checkpoint();
    Checkpoint scaled = new Checkpoint(model.weights(), model.metadata().withMicronsPerPixel(0.25));
    // Then
    assertThat(encoded(Optional.empty(), scaled).getScanId()).isEqualTo("scan-1");
    assertThat(encoded(Optional.empty(), scaled).getModelMicronsPerPixel()).isEqualTo(0.25);
    assertThat(encoded(Optional.empty(), model).getModelMicronsPerPixel()).isNull();
  }

  @Test
  void shouldCallNoPixelUnderInkPositiveAndSayHowManyThereAre() throws Exception {
    // Given ink over the upper quarter of a tile that the network calls positive everywhere
    byte[] ink = new byte[SIDE * SIDE];
    Arrays.fill(ink, 0, ink.length / 4, (byte) 1);
    // When
    TileSegmented result = encoded(Optional.of(Mask.of(SIDE, SIDE, ink)), TinyModel.checkpoint());
    // Then
    assertThat(result.getInkFraction()).isEqualTo(0.25);
    assertThat(result.getPositiveFraction()).isEqualTo(0.75);
    byte[] png = new byte[result.getMask().remaining()];
    result.getMask().duplicate().get(png);
    Mask mask = MaskPng.decode(png, ImageLimits.forTiles());
    assertThat(mask.at(3, SIDE / 4 - 1)).isFalse();
    assertThat(mask.at(3, SIDE / 4)).isTrue();
    assertThat(encoded(Optional.empty(), TinyModel.checkpoint()).getInkFraction()).isZero();
  }

  @Test
  void shouldLeaveOutProbabilitiesAndThenTheEntropyMapWhereTheResultWouldNotFitItsTopic()
      throws Exception {
    // Given the size of the result with all of it
    float[] noise = noise();
    TileSegmented whole = encode(encoder(ResultEncoder.MOST_BYTES), noise);
    int size = serializer.serialize("any", whole).length;
    // When
    TileSegmented without = encode(encoder(size - 1), noise);
    TileSegmented bare = encode(encoder(size - whole.getProbabilities().remaining() - 10), noise);
    // Then
    assertThat(whole.getEntropyMap()).isNotNull();
    assertThat(without.getProbabilities()).isNull();
    assertThat(without.getEntropyMap()).isNotNull();
    assertThat(bare.getProbabilities()).isNull();
    assertThat(bare.getEntropyMap()).isNull();
    assertThat(bare.getMask()).isEqualTo(whole.getMask());
  }

  @Test
  void shouldPublishProbabilitiesWhoseEighthLevelIsTheMask() throws Exception {
    // Given ink over the upper quarter: nothing is to be regrown under it
    float[] noise = noise();
    byte[] ink = new byte[SIDE * SIDE];
    Arrays.fill(ink, 0, ink.length / 4, (byte) 1);
    // When
    TileSegmented result =
        encode(
            encoder(ResultEncoder.MOST_BYTES),
            noise,
            Optional.of(Mask.of(SIDE, SIDE, ink)),
            TinyModel.checkpoint());
    // Then
    GreyImage levels =
        GreyPng.decode(
            ContractData.bytes(result.getProbabilities()), ImageLimits.forTiles(), SIDE, SIDE);
    Mask mask = MaskPng.decode(ContractData.bytes(result.getMask()), ImageLimits.forTiles());
    for (int i = 0; i < noise.length; i++) {
      int level = (levels.values()[i] & 0xFF) / 17;
      assertThat(level).isEqualTo(ink[i] == 0 ? (int) (16 * noise[i]) : 0);
      assertThat(level >= 8).isEqualTo(mask.values()[i] != 0);
    }
  }

  @Test
  void shouldRefuseAResultThatFitsItsTopicInNoForm() {
    assertThatThrownBy(() -> encode(encoder(100), noise()))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageContaining("tile t1")
        .hasMessageContaining("100");
  }

  @Test
  void shouldRefuseAnAnswerThatIsNoNumber() {
    // Given
    float[] probabilities = new float[SIDE * SIDE];
    probabilities[7] = Float.NaN;
    // Then
    assertThatThrownBy(() -> encode(encoder(ResultEncoder.MOST_BYTES), probabilities))
        .isInstanceOf(RejectedRecordException.class)
        .hasMessageContaining("no number");
  }

  private static float[] noise() {
    Random random = new Random(1);
    float[] probabilities = new float[SIDE * SIDE];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = random.nextFloat();
    }
    return probabilities;
  }

  private TileSegmented encode(ResultEncoder encoder, float[] probabilities)
      throws RejectedRecordException {
    return encode(encoder, probabilities, Optional.empty(), TinyModel.checkpoint());
  }

  private TileSegmented encoded(Optional<Mask> ink, Checkpoint model)
      throws RejectedRecordException {
    float[] probabilities = new float[SIDE * SIDE];
    Arrays.fill(probabilities, 0.9f);
    return encode(encoder(ResultEncoder.MOST_BYTES), probabilities, ink, model);
  }

  private TileSegmented encode(
      ResultEncoder encoder, float[] probabilities, Optional<Mask> ink, Checkpoint model)
      throws RejectedRecordException {
    RgbImage image = TestTiles.image(1, SIDE);
    ScannedTile tile =
        new ScannedTile(
            TestTiles.tile("t1", "s1", 1, SIDE).setScanId("scan-1").build(),
            "kidney",
            new TileLocation("topic", 0, 0L),
            Rescaling.NONE);
    return deserializer.deserialize(
        Topics.TILES_SEGMENTED.name(),
        encoder
            .encode(
                new DecodedTile(tile, image, ink, false),
                new Segmentation(SIDE, SIDE, probabilities, 0.5, "kidney"),
                model)
            .record()
            .value());
  }

  private ResultEncoder encoder(int mostBytes) {
    return new ResultEncoder(serializer, RoutingScore.MEAN_ENTROPY, true, true, mostBytes, false);
  }
}
