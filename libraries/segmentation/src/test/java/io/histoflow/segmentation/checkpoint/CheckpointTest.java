package io.histoflow.segmentation.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.histoflow.imaging.RgbImage;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.model.ClinSegNetConfig;
import io.histoflow.segmentation.model.InputColour;
import io.histoflow.segmentation.model.ParameterGroup;
import io.histoflow.segmentation.model.TestWeights;
import io.histoflow.segmentation.model.WeightTensor;
import io.histoflow.segmentation.model.Weights;
import io.histoflow.segmentation.thresholds.MaskThreshold;
import io.histoflow.segmentation.thresholds.MaskThresholds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointTest {

  private static final ClinSegNetConfig CONFIG = TestWeights.config(4);

  private static final MaskThresholds THRESHOLDS =
      new MaskThresholds(
          OptionalDouble.of(0.1),
          new MaskThreshold(0.4, 60, 0.08),
          Map.of("kidney", new MaskThreshold(0.3, 20, 0.05)));

  private final Checkpoint checkpoint =
      new Checkpoint(
          TestWeights.random(CONFIG, 1),
          new CheckpointMetadata(
              0, 0.37, "synthetic tiles", "none", Map.of("validation.dice", 0.81)));

  @TempDir Path folder;

  @Test
  void shouldSegmentBitByBitTheSameAfterSavingAndLoading() throws Exception {
    // Given
    Path file = folder.resolve("model.safetensors");
    for (Checkpoint saved : List.of(checkpoint, checkpoint.roundedToHalf())) {
      // When
      saved.save(file);
      Checkpoint loaded = Checkpoint.load(file);

      // Then
      assertThat(loaded.weights().tensors()).isEqualTo(saved.weights().tensors());
      assertThat(loaded.metadata()).isEqualTo(saved.metadata());
      assertThat(loaded.config()).isEqualTo(saved.config());
      assertThat(loaded.sha256()).isEqualTo(saved.sha256());
      assertThat(loaded.sha256()).isEqualTo(Safetensors.sha256(Files.readAllBytes(file)));
      assertThat(segment(loaded)).containsExactly(segment(saved));
    }
  }

  @Test
  void shouldKeepTheScaleItLearnedAtAndReadFilesThatSayNone() throws Exception {
    // Given
    Checkpoint scaled =
        new Checkpoint(checkpoint.weights(), checkpoint.metadata().withMicronsPerPixel(0.25));

    // When
    Checkpoint read = Checkpoint.read(new ByteArrayInputStream(scaled.toBytes()));

    // Then
    assertThat(read.metadata().micronsPerPixel()).hasValue(0.25);
    assertThat(read.with(3, 0.5).metadata().micronsPerPixel()).hasValue(0.25);
    assertThat(
            Checkpoint.read(new ByteArrayInputStream(checkpoint.toBytes()))
                .metadata()
                .micronsPerPixel())
        .isEmpty();
  }

  @Test
  void shouldHalveTheFileByHalfPrecision() {
    // When
    Checkpoint half = checkpoint.roundedToHalf();

    // Then
    assertThat(half.toBytes().length).isLessThan((int) (0.75 * checkpoint.toBytes().length));
    assertThat(half.weights().values("head.mask.bias"))
        .containsExactly(checkpoint.weights().values("head.mask.bias"));
  }

  @Test
  void shouldRefuseAFileWithAnyOneByteFlipped() {
    // Given
    byte[] bytes = checkpoint.toBytes();
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      // Half of the flips hit the header, half the weights.
      int at = i % 2 == 0 ? random.nextInt(8 + header) : random.nextInt(bytes.length);
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));

      // When, Then
      assertThatThrownBy(() -> read(flipped))
          .as("byte %d of %d", at, bytes.length)
          .isInstanceOf(CheckpointRejectedException.class);
    }
  }

  @Test
  void shouldReadWhatThePythonLibraryWrites() throws Exception {
    // Given: safetensors.serialize puts metadata first as they are, then the tensors by type and
    // name, without blanks, and fills the header up with spaces; it knows no checksum.
    Map<String, String> metadata = Safetensors.read(checkpoint.toBytes()).metadata();
    byte[] python = python(metadata, new TreeMap<>(checkpoint.weights().tensors()));

    // When
    Checkpoint back = read(python);

    // Then
    assertThat(back.weights().tensors()).isEqualTo(checkpoint.weights().tensors());
    assertThat(back.metadata()).isEqualTo(checkpoint.metadata());
    assertThat(back.sha256()).isEqualTo(checkpoint.sha256());
  }

  @Test
  void shouldReadAPythonFileWithoutMetadataButTakeItForNoModel() throws Exception {
    // Given
    byte[] python = python(null, Map.of("a", new WeightTensor(List.of(2), new float[] {1, -2})));

    // When
    Safetensors file = Safetensors.read(python);

    // Then
    assertThat(file.metadata()).isEmpty();
    assertThat(file.tensors().get("a").values()).containsExactly(1, -2);
    assertThatThrownBy(() -> read(python))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessage("the weights file's metadata lack 'format'");
  }

  @Test
  void shouldCheckTheSizesOfAFileWithoutAChecksumAsWell() throws Exception {
    // Given
    byte[] python =
        python(
            Safetensors.read(checkpoint.toBytes()).metadata(),
            new TreeMap<>(checkpoint.weights().tensors()));

    // When, Then
    assertThatThrownBy(() -> read(Arrays.copyOf(python, python.length - 4)))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void shouldRefuseATruncatedFile() {
    // Given
    byte[] bytes = checkpoint.toBytes();
    for (int length : new int[] {0, 7, 9, 100, bytes.length / 2, bytes.length - 1}) {
      // When, Then
      assertThatThrownBy(() -> read(Arrays.copyOf(bytes, length)))
          .isInstanceOf(CheckpointRejectedException.class)
          .hasMessageMatching("the weights file .*(truncated|only \\d+ bytes).*");
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessage("the weights file has 1 bytes more than its tensors need");
  }

  @Test
  void shouldRefuseAHeaderThatClaimsMoreThanMemory() {
    // Given
    byte[] bomb = new byte[100];
    ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE);

    // When, Then
    assertThatThrownBy(() -> read(bomb))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("claims a header of 9223372036854775807 bytes");
  }

  @Test
  void shouldRefuseATensorWhoseShapeOverflows() {
    // Given
    String json =
        "{\"__metadata__\":{},\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,4],"
            + "\"data_offsets\":[0,16]}}";

    // When, Then
    assertThatThrownBy(() -> read(file(json, 16)))
        .hasMessageContaining("tensor 'a' has a shape or place");
  }

  @Test
  void shouldRefuseTensorsThatOverlap() {
    // Given
    String tensor = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}";
    String json =
        "{\"__metadata__\":{},\"a\":"
            + tensor.formatted(0, 8)
            + ",\"b\":"
            + tensor.formatted(4, 12)
            + "}";

    // When, Then
    assertThatThrownBy(() -> read(file(json, 12)))
        .hasMessage("tensor 'b' begins at byte 4 of the weights, 8 was expected");
  }

  @Test
  void shouldRefuseJsonThatIsNoHeader() {
    for (String json : List.of("[]", "{", "{\"a\":1}", "nonsense", "{} {}")) {
      assertThatThrownBy(() -> read(file(json, 0)))
          .as(json)
          .isInstanceOf(CheckpointRejectedException.class)
          .hasMessageStartingWith("the weights file");
    }
  }

  @Test
  void shouldRefuseWeightsThatAreNoNumbers() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      // Given
      Map<String, WeightTensor> tensors = new LinkedHashMap<>(checkpoint.weights().tensors());
      tensors.put("head.mask.bias", new WeightTensor(List.of(1), new float[] {bad}));
      byte[] bytes = rewritten(metadata -> metadata, tensors);

      // When, Then
      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(CheckpointRejectedException.class)
          .hasMessageContaining("tensor 'head.mask.bias' holds " + bad);
    }
  }

  @Test
  void shouldRefuseAnotherArchitecture() {
    // Given
    byte[] bytes =
        rewritten(
            metadata -> {
              metadata.put("architecture", "VNet");
              return metadata;
            },
            checkpoint.weights().tensors());

    // When, Then
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessage(
            "the weights file has architecture 'VNet', one of [ClinSegNet, UNet, AttentionUNet]"
                + " was expected");
  }

  @Test
  void shouldRefuseTensorsThatDoNotFitTheWidth() {
    // Given
    byte[] bytes =
        rewritten(
            metadata -> {
              metadata.put("width", "8");
              return metadata;
            },
            checkpoint.weights().tensors());

    // When, Then
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("the weights do not fit: tensor 'encoder.0.conv1.weight' has shape");
  }

  @Test
  void shouldNameTheFileItRefuses() throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("notes.txt"), "these are no weights at all");

    // When, Then
    assertThatThrownBy(() -> Checkpoint.load(file))
        .hasMessageStartingWith(file + " cannot be used");
    assertThatThrownBy(() -> Checkpoint.load(folder.resolve("absent")))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("absent cannot be read");
  }

  @Test
  void shouldSegmentOtherwiseWithAnotherDecoder() throws Exception {
    // Given
    Checkpoint other = withNewDecoder(checkpoint, 2);

    // When
    Checkpoint swapped = checkpoint.withDecoder(other.decoderSafetensors(), 3, 0.44);

    // Then
    assertThat(swapped.version()).isEqualTo(3);
    assertThat(swapped.maskThreshold()).isEqualTo(0.44);
    assertThat(swapped.modelId()).isEqualTo(checkpoint.modelId());
    assertThat(swapped.encoderFingerprint()).isEqualTo(checkpoint.encoderFingerprint());
    assertThat(swapped.sha256()).isNotEqualTo(checkpoint.sha256());
    assertThat(segment(swapped)).containsExactly(segment(other));
    assertThat(segment(swapped)).isNotEqualTo(segment(checkpoint));
  }

  @Test
  void shouldKeepTheThresholdsOfItsOrgans() throws Exception {
    // Given
    Checkpoint calibrated = checkpoint.with(2, THRESHOLDS);

    // When
    Checkpoint back = read(calibrated.toBytes());

    // Then
    assertThat(back.thresholds()).isEqualTo(THRESHOLDS);
    assertThat(back.maskThreshold()).isEqualTo(0.4);
    assertThat(back.maskThreshold("Kidney")).isEqualTo(0.3);
    assertThat(back.maskThreshold("lung")).isEqualTo(0.4);
    assertThat(back.maskThreshold("")).isEqualTo(0.4);
    assertThat(back.sha256()).isEqualTo(calibrated.sha256());
  }

  @Test
  void shouldReadAFileThatKnowsOneThresholdOnly() throws Exception {
    // When
    Checkpoint back = read(checkpoint.toBytes());

    // Then
    assertThat(Safetensors.read(checkpoint.toBytes()).metadata())
        .doesNotContainKey("maskThresholds");
    assertThat(back.thresholds()).isEqualTo(MaskThresholds.uncalibrated(0.37));
    assertThat(back.maskThreshold("kidney")).isEqualTo(0.37);
  }

  @Test
  void shouldRefuseThresholdsThatCannotBeUsed() {
    for (String json :
        List.of(
            "nonsense",
            "{\"level\":null,\"pooled\":{\"threshold\":0.9,\"units\":0,"
                + "\"falseNegativeRate\":null},\"organs\":{}}",
            "{\"level\":0.1,\"pooled\":{\"threshold\":0.37,\"units\":3,"
                + "\"falseNegativeRate\":0.0},\"organs\":{}}")) {
      // Given
      byte[] bytes =
          rewritten(
              metadata -> {
                metadata.put("maskThresholds", json);
                return metadata;
              },
              checkpoint.weights().tensors());

      // When, Then
      assertThatThrownBy(() -> read(bytes))
          .isInstanceOf(CheckpointRejectedException.class)
          .hasMessageStartingWith("the weights file's metadata cannot be used: ");
    }
  }

  @Test
  void shouldReplaceTheThresholdsTogetherWithTheDecoder() throws Exception {
    // Given
    byte[] decoder = withNewDecoder(checkpoint, 2).decoderSafetensors();
    Checkpoint calibrated = checkpoint.with(2, THRESHOLDS);

    // When, Then
    assertThat(checkpoint.withDecoder(decoder, 3, THRESHOLDS).thresholds()).isEqualTo(THRESHOLDS);
    assertThat(calibrated.withDecoder(decoder, 3, 0.44).thresholds())
        .isEqualTo(MaskThresholds.uncalibrated(0.44));
    assertThatThrownBy(() -> checkpoint.withDecoder(decoder, 3, 1.2))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("1.2");
  }

  @Test
  void shouldGuaranteeNothingAfterRounding() {
    // When
    Checkpoint half = checkpoint.with(2, THRESHOLDS).roundedToHalf();

    // Then
    assertThat(half.thresholds()).isEqualTo(THRESHOLDS.carriedOver(0.4));
  }

  @Test
  void shouldRefuseTheDecoderOfAnotherEncoder() {
    // Given
    Checkpoint stranger = new Checkpoint(TestWeights.random(CONFIG, 8), checkpoint.metadata());

    // When, Then
    assertThatThrownBy(() -> checkpoint.withDecoder(stranger.decoderSafetensors(), 1, 0.5))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("the decoder weights belong to encoder");
  }

  @Test
  void shouldRefuseAWholeCheckpointAsDecoderAndTheOtherWayRound() {
    assertThatThrownBy(() -> checkpoint.withDecoder(checkpoint.toBytes(), 1, 0.5))
        .hasMessage("the weights file has kind 'checkpoint', 'decoder' was expected");
    assertThatThrownBy(() -> read(checkpoint.decoderSafetensors()))
        .hasMessage("the weights file has kind 'decoder', 'checkpoint' was expected");
  }

  @Test
  void shouldRefuseADamagedDecoder() {
    // Given
    byte[] bytes = checkpoint.decoderSafetensors();
    bytes[bytes.length - 5] ^= 1;

    // When, Then
    assertThatThrownBy(() -> checkpoint.withDecoder(bytes, 1, 0.5))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessage("the weights file is damaged: its checksum does not match its content");
  }

  @Test
  void shouldStartANewOrganAsUnknown() throws Exception {
    // Given
    Checkpoint grown = checkpoint.withOrgans(List.of("Brain ", "kidney", "", "brain"));

    // When
    float[] asBrain = segment(grown, "brain");

    // Then
    assertThat(grown.config().organs()).containsExactly("unknown", "kidney", "lung", "brain");
    assertThat(asBrain).containsExactly(segment(checkpoint, "unknown"));
    assertThat(segment(grown, "kidney")).containsExactly(segment(checkpoint, "kidney"));
    assertThat(grown.modelId()).isEqualTo(checkpoint.modelId());
    assertThat(checkpoint.withDecoder(grown.decoderSafetensors(), 1, 0.5).config().organs())
        .isEqualTo(grown.config().organs());
  }

  @Test
  void shouldLeaveAnOrganUnknownThatNoNameFits() {
    // When
    Checkpoint grown = checkpoint.withOrgans(List.of("x".repeat(101), "  "));

    // Then
    assertThat(grown).isSameAs(checkpoint);
  }

  @Test
  void shouldCarryEverySwitchOfTheNetwork() throws Exception {
    // Given
    ClinSegNetConfig bare =
        new ClinSegNetConfig(4, List.of("unknown"), 3, false, false, false, InputColour.RGB);
    Checkpoint plain = new Checkpoint(TestWeights.random(bare, 1), checkpoint.metadata());

    // When
    Checkpoint back = read(plain.toBytes());

    // Then
    assertThat(back.config()).isEqualTo(bare);
    assertThat(back.sha256()).isEqualTo(plain.sha256());
  }

  @ParameterizedTest
  @EnumSource(InputColour.class)
  void shouldCarryWhatTheNetworkSeesOfColours(InputColour colour) throws Exception {
    // Given
    ClinSegNetConfig config =
        new ClinSegNetConfig(4, CONFIG.organs(), 3, true, true, false, colour);
    Checkpoint saved = new Checkpoint(TestWeights.random(config, 1), checkpoint.metadata());

    // When
    Checkpoint loaded = read(saved.toBytes());
    Checkpoint tuned = loaded.withDecoder(saved.decoderSafetensors(), 1, 0.5);

    // Then
    assertThat(loaded.config().inputColour()).isEqualTo(colour);
    assertThat(tuned.config().inputColour()).isEqualTo(colour);
    assertThat(segment(loaded)).containsExactly(segment(saved));
  }

  @Test
  void shouldRefuseColoursThatItDoesNotKnow() {
    // Given
    byte[] bytes =
        rewritten(
            metadata -> {
              metadata.put("inputColour", "INFRARED");
              return metadata;
            },
            checkpoint.weights().tensors());

    // When, Then
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessage(
            "the weights file describes no network that can be built: it sees colours as"
                + " 'INFRARED', which this version does not know; it knows [RGB, SUPPRESSED, NORMALISED, HAEMATOXYLIN]");
  }

  @Test
  void shouldNotTakeTheDecoderOfANetworkThatSeesOtherColours() {
    // Given: the same tensors, other colours.
    ClinSegNetConfig config =
        new ClinSegNetConfig(
            4, CONFIG.organs(), CONFIG.embeddingSize(), true, true, true, InputColour.NORMALISED);
    Checkpoint other =
        new Checkpoint(new Weights(config, checkpoint.weights().tensors()), checkpoint.metadata());

    // When, Then
    assertThatThrownBy(() -> checkpoint.withDecoder(other.decoderSafetensors(), 1, 0.5))
        .isInstanceOf(CheckpointRejectedException.class)
        .hasMessageContaining("the decoder weights belong to encoder");
  }

  private static Checkpoint withNewDecoder(Checkpoint base, long seed) {
    Weights other = TestWeights.random(CONFIG, seed);
    Weights mixed =
        base.weights()
            .map(
                (spec, tensor) ->
                    spec.group() == ParameterGroup.ENCODER
                        ? tensor
                        : other.tensors().get(spec.name()));
    return new Checkpoint(mixed, base.metadata());
  }

  private byte[] rewritten(
      UnaryOperator<Map<String, String>> change, Map<String, WeightTensor> tensors) {
    try {
      Map<String, String> metadata =
          new HashMap<>(Safetensors.read(checkpoint.toBytes()).metadata());
      return new Safetensors(change.apply(metadata), tensors).write(false);
    } catch (CheckpointRejectedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] python(Map<String, String> metadata, Map<String, WeightTensor> tensors) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    if (metadata != null) {
      metadata.forEach(header.putObject("__metadata__")::put);
    }
    int size = 0;
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      ObjectNode node = header.putObject(tensor.getKey()).put("dtype", "F32");
      tensor.getValue().shape().forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(size).add(size += 4 * tensor.getValue().values().length);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int length = (json.length + 7) / 8 * 8;
    ByteBuffer out = ByteBuffer.allocate(8 + length + size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(length)
        .put(json)
        .put(" ".repeat(length - json.length).getBytes(StandardCharsets.UTF_8));
    for (WeightTensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        out.putFloat(value);
      }
    }
    return out.array();
  }

  private static byte[] file(String json, int data) {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  private static Checkpoint read(byte[] bytes) throws CheckpointRejectedException, IOException {
    return Checkpoint.read(new ByteArrayInputStream(bytes));
  }

  private static float[] segment(Checkpoint checkpoint) {
    return segment(checkpoint, "kidney");
  }

  private static float[] segment(Checkpoint checkpoint, String organ) {
    byte[] rgb = new byte[3 * 24 * 32];
    new Random(2).nextBytes(rgb);
    try (Segmenter segmenter = Segmenter.open(checkpoint, Compute.cpu())) {
      return segmenter.probabilities(RgbImage.of(32, 24, rgb), organ);
    }
  }
}
