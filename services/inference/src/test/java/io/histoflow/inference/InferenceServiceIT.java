package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.resolution.Resampling;
import io.histoflow.platform.config.CommonSettings;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.platform.lifecycle.ServiceState;
import io.histoflow.platform.testing.PlatformExtension;
import io.histoflow.schemas.MaskCalibration;
import io.histoflow.schemas.OrganMaskThreshold;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.weights.testing.TinyModel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PlatformExtension.class)
class InferenceServiceIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private ServiceConfig config;
  private Laboratory laboratory;
  private final List<InferenceService> workers = new ArrayList<>();

  @BeforeEach
  void open(EmbeddedPlatform platform) throws Exception {
    config =
        platform
            .config()
            .with("histoflow.model.file", TinyModel.save(directory.resolve("tiny")).toString())
            .with("histoflow.device", "cpu")
            .with("histoflow.inference.precision", "fp32")
            .with("histoflow.inference.batch.size", "4");
    laboratory = new Laboratory(config);
  }

  @AfterEach
  void close() {
    workers.forEach(InferenceService::close);
    laboratory.withdrawWeights(TinyModel.ID);
    laboratory.close();
  }

  @Test
  void shouldSegmentEveryTileAsTheNetworkDoes() throws Exception {
    // Given
    laboratory.scan("slide-a", 10, 64);
    // When
    started("a");
    await().atMost(SOON).untilAsserted(() -> assertThat(laboratory.results("slide-a")).hasSize(10));
    // Then
    List<TileSegmented> results = laboratory.results("slide-a");
    assertThat(results)
        .extracting(TileSegmented::getTileId)
        .containsExactlyInAnyOrderElementsOf(ids("slide-a", 10));
    try (Segmenter segmenter = Segmenter.open(TinyModel.checkpoint(), Compute.cpu())) {
      for (TileSegmented result : results) {
        int index = Integer.parseInt(result.getTileId().substring("slide-a-".length()));
        RgbImage image = TestTiles.image(index, 64);
        Segmentation expected =
            segmenter.segment(List.of(new SegmentationInput(image, result.getOrgan()))).get(0);
        assertAgrees(result, image, expected);
      }
    }
  }

  @Test
  void shouldAnswerBadInputWithAReasonAndSegmentTheTilesBesideIt() {
    // Given
    byte[] jpeg = RgbJpeg.encode(TestTiles.image(0, 64), 0.9);
    byte[] random = {9, 9, 9, 9, 9, 9, 9};
    // When
    laboratory.scan(TestTiles.tile("b-good-1", "slide-b", 1, 64).build());
    laboratory.scan(TestTiles.tile("b-text", "slide-b", "no image".getBytes(UTF_8), 8, 8).build());
    laboratory.scan(TestTiles.tile("b-bomb", "slide-b", bomb(), 8, 8).build());
    laboratory.scan(
        TestTiles.tile("b-cut", "slide-b", Arrays.copyOf(jpeg, jpeg.length / 2), 64, 64).build());
    laboratory.scan(TestTiles.tile("b-size", "slide-b", 1, 64).setWidth(32).build());
    laboratory.scan(TestTiles.tile("b-no-organ", "slide-b", 2, 64).setOrgan("").build());
    laboratory.scan(TestTiles.tile("b-new-organ", "slide-b", 3, 64).setOrgan("gills").build());
    laboratory.scan(TestTiles.tile("b-pixel", "slide-b", onePixel(), 1, 1).build());
    RecordMetadata randomAt = laboratory.publish(Topics.TILES_SCANNED.name(), "b-random", random);
    laboratory.publish(Topics.TILES_SCANNED.name(), "b-null", null);
    laboratory.publish(Topics.TILES_SCANNED.name(), "b-schema", withUnknownSchema());
    laboratory.scan(TestTiles.tile("b-good-2", "slide-b", 4, 64).build());
    // Then
    started("b");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(laboratory.tileIds("slide-b"))
                  .containsExactlyInAnyOrder(
                      "b-good-1", "b-no-organ", "b-new-organ", "b-pixel", "b-good-2");
              assertThat(laboratory.reasons())
                  .containsKeys(
                      "b-text", "b-bomb", "b-cut", "b-size", "b-random", "b-null", "b-schema");
            });
    Map<String, String> reasons = laboratory.reasons();
    assertThat(reasons.get("b-text")).contains("b-text", "text");
    assertThat(reasons.get("b-bomb")).contains("20000 x 20000");
    assertThat(reasons.get("b-cut")).contains("JPEG");
    assertThat(reasons.get("b-size")).contains("32 x 64", "64 x 64");
    assertThat(reasons.get("b-random")).contains("magic byte");
    assertThat(reasons.get("b-null")).contains("no value");
    assertThat(reasons.get("b-schema")).contains("424242");
    assertThat(organOf("b-no-organ")).isEqualTo("unknown");
    assertThat(organOf("b-new-organ")).isEqualTo("gills");
    assertThat(conditionedOn("b-new-organ")).isEqualTo("unknown");

    List<ConsumerRecord<byte[], byte[]>> letters = laboratory.deadLetters("b-random");
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).value()).isEqualTo(random);
    assertThat(header(letters.get(0), DeadLetters.TOPIC)).isEqualTo(Topics.TILES_SCANNED.name());
    assertThat(header(letters.get(0), DeadLetters.PARTITION))
        .isEqualTo(Integer.toString(randomAt.partition()));
    assertThat(header(letters.get(0), DeadLetters.OFFSET))
        .isEqualTo(Long.toString(randomAt.offset()));
  }

  @Test
  void shouldAnswerBackgroundWithoutTheNetwork() throws Exception {
    // Given: glass among tissue, and an organ that the model does not know
    for (int i = 0; i < 6; i++) {
      laboratory.scan(TestTiles.glass("g-glass-" + i, "slide-glass", 48).build());
      laboratory.scan(TestTiles.tile("g-tissue-" + i, "slide-glass", i, 64).build());
    }
    laboratory.scan(TestTiles.glass("g-gills", "slide-glass", 48).setOrgan("gills").build());
    MeterRegistry meters = new SimpleMeterRegistry();

    // When
    started("glass", meters);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(laboratory.results("slide-glass")).hasSize(13));

    // Then
    List<TileSegmented> background =
        laboratory.results("slide-glass").stream().filter(TileSegmented::getBackground).toList();
    assertThat(background)
        .extracting(TileSegmented::getTileId)
        .containsExactlyInAnyOrder(
            "g-glass-0",
            "g-glass-1",
            "g-glass-2",
            "g-glass-3",
            "g-glass-4",
            "g-glass-5",
            "g-gills");
    for (TileSegmented result : background) {
      assertThat(result.getPositiveFraction()).isZero();
      assertThat(result.getMeanEntropy()).isZero();
      assertThat(result.getTailEntropy()).isZero();
      assertThat(result.getRoutingScore()).isZero();
      assertThat(MaskPng.decode(bytes(result.getMask()), ImageLimits.forTiles()).positivePixels())
          .isZero();
      assertThat(result.getWidth()).isEqualTo(48);
      assertThat(result.getModelId()).isEqualTo(TinyModel.ID);
      assertThat(result.getModelVersion()).isZero();
    }
    assertThat(background)
        .filteredOn(result -> result.getTileId().equals("g-gills"))
        .extracting(TileSegmented::getConditionedOn)
        .containsExactly("unknown");
    // A commit is counted a little after its records can be read.
    await().atMost(SOON).until(() -> answered(meters, "background") == 7);
  }

  @Test
  void shouldAskTheNetworkAboutGlassWhereNothingIsToBeSkipped() {
    // Given
    config = config.with("histoflow.inference.background.skip", "false");
    laboratory.scan(TestTiles.glass("skip-glass", "slide-skip", 48).build());

    // When
    started("skip");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(laboratory.results("slide-skip")).hasSize(1));

    // Then
    assertThat(laboratory.results("slide-skip").get(0).getBackground()).isFalse();
  }

  @Test
  void shouldAnswerATileThatWasPublishedTwiceTwice() {
    // Given
    TileScanned tile = TestTiles.tile("c-0", "slide-c", 0, 32).build();
    laboratory.scan(tile);
    laboratory.scan(tile);
    // When
    started("c");
    // Then
    await().atMost(SOON).untilAsserted(() -> assertThat(laboratory.results("slide-c")).hasSize(2));
    assertThat(laboratory.results("slide-c"))
        .extracting(TileSegmented::getTile)
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldSwapWeightsWhileRunning() throws Exception {
    // Given
    Checkpoint retrained = TinyModel.retrained(1);
    InferenceService worker = started("d");
    laboratory.scan("slide-d1", 3, 32);
    await().atMost(SOON).until(() -> laboratory.results("slide-d1").size() == 3);
    // When
    laboratory.publish(TinyModel.weights(retrained).build());
    await().atMost(SOON).until(() -> worker.modelVersion() == 1);
    laboratory.scan("slide-d2", 3, 32);
    // Then
    await().atMost(SOON).until(() -> laboratory.results("slide-d2").size() == 3);
    // When
    laboratory.withdrawWeights(TinyModel.ID);
    await().atMost(SOON).until(() -> worker.modelVersion() == 0);
    assertThat(laboratory.results("slide-d1"))
        .extracting(TileSegmented::getModelVersion)
        .containsOnly(0L);
    assertThat(laboratory.results("slide-d2"))
        .allSatisfy(
            result -> {
              assertThat(result.getModelVersion()).isEqualTo(1);
              assertThat(result.getMaskThreshold()).isEqualTo(retrained.maskThreshold());
            });
  }

  @Test
  void shouldApplyThePublishedThresholdOfAnOrgan() throws Exception {
    // Given
    String organ = TestTiles.tile("n-0", "slide-n", 0, 32).build().getOrgan();
    MaskCalibration calibration =
        MaskCalibration.newBuilder()
            .setOrgans(Map.of(organ, new OrganMaskThreshold(0.52, 0, null)))
            .build();
    laboratory.publish(
        TinyModel.weights(TinyModel.retrained(9))
            .setMaskThreshold(0.51)
            .setCalibration(calibration)
            .build());
    // When
    started("n");
    laboratory.scan(TestTiles.tile("n-0", "slide-n", 0, 32).build());
    laboratory.scan(TestTiles.tile("n-1", "slide-n", 0, 32).setOrgan("spleen").build());
    // Then
    await().atMost(SOON).until(() -> laboratory.results("slide-n").size() == 2);
    assertThat(laboratory.results("slide-n"))
        .allSatisfy(
            result -> {
              boolean own = result.getTileId().equals("n-0");
              assertThat(result.getMaskThreshold()).isEqualTo(own ? 0.52 : 0.51);
            });
  }

  @Test
  void shouldStartWithTheNewestWeights() throws Exception {
    // Given
    laboratory.publish(TinyModel.weights(TinyModel.retrained(1)).build());
    laboratory.publish(TinyModel.weights(TinyModel.retrained(2)).build());
    // When
    InferenceService worker = started("e");
    // Then
    assertThat(worker.modelVersion()).isEqualTo(2);
  }

  @Test
  void shouldRefuseWeightsWithOneByteFlippedAndGoOnWithTheOldOnes() throws Exception {
    // Given
    byte[] flipped = TinyModel.retrained(5).decoderSafetensors().clone();
    flipped[flipped.length / 2] ^= 1;
    laboratory.publish(TinyModel.weights(TinyModel.retrained(4)).build());
    MeterRegistry meters = new SimpleMeterRegistry();
    int before = laboratory.deadLetters(TinyModel.ID).size();
    InferenceService worker = started("f", meters);
    // When
    laboratory.publishAlone(
        TinyModel.weights(TinyModel.retrained(5)).setSafetensors(ByteBuffer.wrap(flipped)).build());
    // Then
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(laboratory.deadLetters(TinyModel.ID)).hasSize(before + 1));
    laboratory.scan("slide-f", 2, 32);
    await().atMost(SOON).until(() -> laboratory.results("slide-f").size() == 2);
    assertThat(laboratory.results("slide-f"))
        .extracting(TileSegmented::getModelVersion)
        .containsOnly(4L);
    assertThat(laboratory.reasons().get(TinyModel.ID)).contains("version 5", "SHA-256");
    assertThat(meters.counter(InferenceMetrics.WEIGHTS_REFUSED).count()).isEqualTo(1);

    // When the next worker meets the same weights
    worker.close();
    started("f");
    laboratory.scan("slide-f2", 1, 32);
    await().atMost(SOON).until(() -> laboratory.results("slide-f2").size() == 1);
    // Then they are not dead-lettered again
    assertThat(laboratory.deadLetters(TinyModel.ID)).hasSize(before + 1);
  }

  @Test
  void shouldRunNoWeightsThatNobodyAcceptedNorSuchAsAnswerNonsense() throws Exception {
    // Given
    laboratory.publish(TinyModel.weights(TinyModel.retrained(1)).build());
    int before = laboratory.deadLetters(TinyModel.ID).size();
    InferenceService worker = started("h");
    // When whole weights come with no decision and no entry in the archive
    laboratory.publishAlone(TinyModel.weights(TinyModel.retrained(60)).build());
    // Then
    await().atMost(SOON).until(() -> laboratory.deadLetters(TinyModel.ID).size() == before + 1);
    assertThat(laboratory.reasons().get(TinyModel.ID))
        .isEqualTo(
            "Weights version 60 of %s are refused: the archive holds no weights of this version."
                .formatted(TinyModel.ID));
    assertThat(worker.modelVersion()).isEqualTo(1);

    // When weights were accepted whose answers are no numbers
    laboratory.publish(TinyModel.weights(TinyModel.overflowing(61)).build());
    // Then
    await().atMost(SOON).until(() -> laboratory.deadLetters(TinyModel.ID).size() == before + 2);
    assertThat(laboratory.reasons().get(TinyModel.ID)).contains("they give no probabilities");
    assertThat(worker.modelVersion()).isEqualTo(1);

    // When a worker starts over
    worker.close();
    InferenceService next = started("h2");
    // Then
    assertThat(next.modelVersion()).isEqualTo(1);

    // When the proof of the first comes late, in place of what stands last
    laboratory.publish(TinyModel.weights(TinyModel.retrained(60)).build());
    // Then
    await().atMost(SOON).until(() -> next.modelVersion() == 60);
  }

  @Test
  void shouldSayOfATileOf20xWhatItSaysOfTheSameOneOf40x() throws Exception {
    // Given the model that ships, of 0.25 um/px, and one field of view as three scanners see it
    config = config.with("histoflow.model.file", shipped().toString());
    RgbImage fine = TestTiles.image(3, 256);
    RgbImage half = Resampling.image(fine, 128, 128);
    laboratory.scan(at("r-40x", fine, 0.25));
    laboratory.scan(at("r-20x", half, 0.5));
    laboratory.scan(at("r-10x", Resampling.image(fine, 64, 64), 1.0));
    laboratory.scan(at("r-unknown", half, null));
    laboratory.scan(at("r-5x", half, 2.0));
    // When
    started("r");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(laboratory.results("slide-r")).hasSize(4);
              assertThat(laboratory.deadLetters("r-5x")).hasSize(1);
            });
    // Then
    TileSegmented full = result("slide-r", "r-40x");
    TileSegmented coarse = result("slide-r", "r-20x");
    assertThat(full.getResampled()).isFalse();
    assertThat(coarse.getResampled()).isTrue();
    assertThat(coarse.getMicronsPerPixel()).isEqualTo(0.5);
    assertThat(coarse.getModelMicronsPerPixel()).isEqualTo(0.25);
    assertThat(dice(mask(coarse), mask(full))).isGreaterThan(0.95);
    assertThat(dice(mask(result("slide-r", "r-10x")), mask(full))).isGreaterThan(0.85);
    assertThat(coarse.getPositiveFraction()).isCloseTo(full.getPositiveFraction(), within(0.02));
    assertThat(coarse.getMeanEntropy()).isCloseTo(full.getMeanEntropy(), within(0.02));
    assertThat(coarse.getRoutingScore()).isCloseTo(full.getRoutingScore(), within(0.03));
    GreyImage map = entropyMap(coarse);
    assertThat(map.width()).isEqualTo(32);
    assertThat(map.height()).isEqualTo(32);
    assertThat(mean(map) / 255).isCloseTo(coarse.getMeanEntropy(), within(0.005));
    // And a tile that does not say is taken as the model's
    TileSegmented unknown = result("slide-r", "r-unknown");
    assertThat(unknown.getMicronsPerPixel()).isNull();
    assertThat(unknown.getResampled()).isFalse();
    assertThat(dice(mask(unknown), mask(full))).isLessThan(dice(mask(coarse), mask(full)));
    assertThat(laboratory.reasons().get("r-5x")).contains("2.0 micrometres", "0.0625 to 1.0");
  }

  private Path shipped() throws Exception {
    Path file = directory.resolve("shipped");
    Checkpoint.shipped().save(file);
    return file;
  }

  private static TileScanned at(String tileId, RgbImage image, Double micronsPerPixel) {
    return TestTiles.tile(tileId, "slide-r", RgbPng.encode(image), image.width(), image.height())
        .setMicronsPerPixel(micronsPerPixel)
        .build();
  }

  private static Mask mask(TileSegmented result) throws Exception {
    Mask mask = MaskPng.decode(bytes(result.getMask()), ImageLimits.forTiles());
    assertThat(mask.width()).isEqualTo(result.getWidth());
    return Resampling.mask(mask, 64, 64);
  }

  private static GreyImage entropyMap(TileSegmented result) throws Exception {
    BufferedImage map = ImageIO.read(new ByteArrayInputStream(bytes(result.getEntropyMap())));
    byte[] values = ((DataBufferByte) map.getRaster().getDataBuffer()).getData();
    return GreyImage.of(map.getWidth(), map.getHeight(), values);
  }

  private static double mean(GreyImage map) {
    return IntStream.range(0, map.values().length)
        .map(i -> map.values()[i] & 0xFF)
        .average()
        .orElseThrow();
  }

  private static double dice(Mask one, Mask other) {
    long both =
        IntStream.range(0, one.values().length)
            .filter(i -> one.values()[i] + other.values()[i] == 2)
            .count();
    return 2.0 * both / (one.positivePixels() + other.positivePixels());
  }

  @Test
  void shouldShareTheTilesAmongWorkers() {
    // Given
    MeterRegistry first = new SimpleMeterRegistry();
    MeterRegistry second = new SimpleMeterRegistry();
    started("g1", first);
    started("g2", second);
    // When
    for (int round = 0; answered(first) == 0 || answered(second) == 0; round++) {
      String slide = "slide-g" + round;
      laboratory.scan(slide, 20, 32);
      await().atMost(SOON).until(() -> laboratory.results(slide).size() == 20);
      assertThat(round).as("rounds until both workers have a share").isLessThan(50);
    }
    // Then
    List<String> all =
        IntStream.range(0, 50)
            .boxed()
            .flatMap(i -> laboratory.tileIds("slide-g" + i).stream())
            .toList();
    assertThat(all).doesNotHaveDuplicates();
    assertThat(answered(first) + answered(second)).isEqualTo(all.size());
  }

  @Test
  void shouldStopAWorkerWhoseNameIsTakenByAnother() {
    // Given
    InferenceService older = started("h");
    InferenceService newer = started("h");
    // When
    laboratory.scan("slide-h", 40, 32);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              laboratory.scan("slide-h-more", 6, 32);
              assertThat(Stream.of(older, newer).map(InferenceService::state))
                  .containsExactlyInAnyOrder(ServiceState.FAILED, ServiceState.RUNNING);
            });
    // Then
    InferenceService failed = older.state() == ServiceState.FAILED ? older : newer;
    assertThat(Sentences.of(failed.failure().orElseThrow()))
        .contains("histoflow.worker.id=h", "a name of its own");
    await().atMost(SOON).until(() -> laboratory.results("slide-h").size() >= 40);
    assertThat(laboratory.tileIds("slide-h")).doesNotHaveDuplicates();
  }

  @Test
  void shouldWaitForARegistryThatDoesNotAnswer(EmbeddedPlatform platform) throws Exception {
    // Given
    MeterRegistry meters = new SimpleMeterRegistry();
    try (Gateway registry = Gateway.to(platform.registryUrl())) {
      InferenceService worker =
          new InferenceService(
              config
                  .with("schema.registry.url", registry.url())
                  .with("histoflow.inference.stall.after", "1s")
                  .with(CommonSettings.WORKER_ID, "i"),
              meters);
      workers.add(worker);
      worker.start();
      registry.shut();
      // When
      laboratory.scan("slide-i", 3, 32);
      await().atMost(SOON).until(() -> meters.counter(InferenceMetrics.WAITS).count() >= 1);
      // Then
      assertThat(laboratory.results("slide-i")).isEmpty();
      await().atMost(SOON).until(() -> worker.trouble().isPresent());
      assertThat(worker.trouble().orElseThrow())
          .contains(Topics.TILES_SCANNED.name(), "offset", "slide-i-");
      // When
      registry.open();
      // Then
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(laboratory.results("slide-i")).hasSize(3));
      assertThat(laboratory.reasons()).doesNotContainKey("slide-i-0");
      await().atMost(SOON).until(() -> worker.trouble().isEmpty());
    }
  }

  private static void assertAgrees(TileSegmented result, RgbImage image, Segmentation expected)
      throws Exception {
    Mask mask = MaskPng.decode(bytes(result.getMask()), ImageLimits.forTiles());
    // The order of summation depends on the batch: a pixel at the threshold may fall either way.
    byte[] found = mask.values();
    byte[] agreed = expected.mask().values();
    assertThat(IntStream.range(0, found.length).filter(i -> found[i] != agreed[i]).count())
        .isLessThanOrEqualTo(found.length / 1_000);
    EntropySummary entropy = expected.entropy();
    assertThat(result.getMeanEntropy()).isCloseTo(entropy.mean(), within(1e-5));
    assertThat(result.getTailEntropy()).isCloseTo(entropy.tail(), within(1e-5));
    assertThat(result.getPositiveFraction()).isCloseTo(expected.positiveFraction(), within(1e-3));
    assertThat(result.getRoutingScoreName()).isEqualTo("stained-misses");
    assertThat(result.getRoutingScore())
        .isCloseTo(expected.score(RoutingScore.STAINED_MISSES, image), within(1e-3));
    assertThat(result.getModelId()).isEqualTo(TinyModel.ID);
    assertThat(result.getModelVersion()).isZero();
    assertThat(result.getEntropyMap()).isNotNull();
    assertThat(result.getScannedAt()).isEqualTo(TestTiles.SCANNED_AT);
    assertThat(result.getTile().getTopic()).isEqualTo(Topics.TILES_SCANNED.name());
  }

  private String organOf(String tileId) {
    return result(tileId).getOrgan();
  }

  private String conditionedOn(String tileId) {
    return result(tileId).getConditionedOn();
  }

  private TileSegmented result(String tileId) {
    return result("slide-b", tileId);
  }

  private TileSegmented result(String slideId, String tileId) {
    return laboratory.results(slideId).stream()
        .filter(result -> result.getTileId().equals(tileId))
        .findFirst()
        .orElseThrow();
  }

  private InferenceService started(String workerId) {
    return started(workerId, new SimpleMeterRegistry());
  }

  private InferenceService started(String workerId, MeterRegistry meters) {
    InferenceService worker =
        new InferenceService(config.with(CommonSettings.WORKER_ID, workerId), meters);
    workers.add(worker);
    worker.start();
    return worker;
  }

  private static double answered(MeterRegistry meters) {
    return answered(meters, "segmented");
  }

  private static double answered(MeterRegistry meters, String outcome) {
    return meters.counter(InferenceMetrics.TILES, "outcome", outcome).count();
  }

  private byte[] withUnknownSchema() {
    KafkaClients clients = new KafkaClients(config, "test");
    try (Serializer<TileScanned> serializer = clients.serializer()) {
      TileScanned tile = TestTiles.tile("b-schema", "slide-b", 1, 16).build();
      byte[] value = serializer.serialize(Topics.TILES_SCANNED.name(), tile);
      ByteBuffer.wrap(value).putInt(1, 424_242);
      return value;
    }
  }

  private static byte[] bomb() {
    return TestTiles.declaring(RgbPng.encode(RgbImage.of(1, 1, new byte[3])), 20_000, 20_000);
  }

  private static byte[] onePixel() {
    return RgbPng.encode(RgbImage.of(1, 1, new byte[] {120, 60, 120}));
  }

  private static List<String> ids(String slideId, int count) {
    return IntStream.range(0, count).mapToObj(i -> slideId + "-" + i).toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return DeadLetters.text(record.headers(), name);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }
}
