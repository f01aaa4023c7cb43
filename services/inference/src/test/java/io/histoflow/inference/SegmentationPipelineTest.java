package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.inference.TileNetwork;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.weights.ModelSettings;
import io.histoflow.weights.testing.TinyModel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SegmentationPipelineTest {
  private static final String TOPIC = Topics.TILES_SCANNED.name();
  private static final Duration WAIT = Duration.ofMillis(20);
  private static final Map<String, Object> REGISTRY =
      Map.of("schema.registry.url", "mock://pipeline", "auto.register.schemas", true);

  private final AvroSerializer<TileScanned> scanner = new AvroSerializer<>();
  private final AvroDeserializer<TileScanned> reader = new AvroDeserializer<>(TileScanned.class);
  private final AvroSerializer<TileSegmented> serializer = new AvroSerializer<>();

  @BeforeEach
  void configure() {
    scanner.configure(REGISTRY, false);
    reader.configure(REGISTRY, false);
    serializer.configure(REGISTRY, false);
  }

  @AfterEach
  void close() {
    scanner.close();
    reader.close();
    serializer.close();
  }

  @Test
  void shouldHandOutTogetherWhatIsInWorkTogether() {
    // Given results that may wait for hours for each other
    try (LiveModel model = model();
        SegmentationPipeline pipeline = pipeline(model, "5h")) {
      // When six tiles are in work
      submit(pipeline, 6);
      List<List<SegmentationPipeline.Finished>> handedOut = untilIdle(pipeline);
      // Then nothing comes before all of them are done, and then everything
      assertThat(handedOut).hasSize(1);
      assertThat(handedOut.get(0))
          .extracting(one -> new String(one.source().key(), UTF_8))
          .containsExactly("t0", "t1", "t2", "t3", "t4", "t5");
    }
  }

  @Test
  void shouldNotLetResultsTakeMoreThanHalfOfTheRoom() {
    // Given
    try (LiveModel model = model();
        SegmentationPipeline pipeline = pipeline(model, "5h")) {
      // When as many tiles as there is room for are in work
      int submitted = 0;
      while (pipeline.hasRoom()) {
        submit(pipeline, submitted++, 32);
      }
      List<List<SegmentationPipeline.Finished>> handedOut = untilIdle(pipeline);
      // Then the first half need not wait for the second
      assertThat(handedOut.get(0)).hasSizeGreaterThanOrEqualTo(submitted / 2);
      assertThat(handedOut.stream().mapToInt(List::size).sum()).isEqualTo(submitted);
    }
  }

  @Test
  void shouldHandOutWhatHasWaitedLongEnough() {
    // Given results that wait for nothing
    try (LiveModel model = model();
        SegmentationPipeline pipeline = pipeline(model, "0ms")) {
      // When a small tile is followed by one that takes long
      submit(pipeline, 0, 16);
      submit(pipeline, 1, 1024);
      List<List<SegmentationPipeline.Finished>> handedOut = untilIdle(pipeline);
      // Then all comes, in order
      assertThat(handedOut.stream().flatMap(List::stream))
          .extracting(one -> new String(one.source().key(), UTF_8))
          .containsExactly("t0", "t1");
    }
  }

  @Test
  void shouldPrepareTheNextBatchWhileAGpuComputesOne() {
    // Given a network, as on a GPU, that does not end the first batch before the next one is there
    MeetingNetwork network = new MeetingNetwork(TinyModel.checkpoint());
    try (LiveModel model = new LiveModel(network.checkpoint(), it -> network);
        SegmentationPipeline pipeline = pipeline(model, onGpu(settings("0ms")))) {
      // When
      network.meet();
      submit(pipeline, 8);
      List<List<SegmentationPipeline.Finished>> handedOut = untilIdle(pipeline);
      // Then all comes, in order
      assertThat(handedOut.stream().flatMap(List::stream))
          .extracting(one -> new String(one.source().key(), UTF_8))
          .containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7");
      assertThat(handedOut.stream().flatMap(List::stream))
          .allMatch(one -> one.answer().outcome() == Answer.Outcome.SEGMENTED);
    }
  }

  @Test
  void shouldCallARecordThatTheHeapHasNoRoomForUnusableAndAnswerTheOthers() {
    // Given a network that runs out of memory over tiles of one size
    Checkpoint checkpoint = TinyModel.checkpoint();
    TileNetwork network = new MeetingNetwork(checkpoint, 40);
    try (LiveModel model = new LiveModel(checkpoint, it -> network);
        SegmentationPipeline pipeline = pipeline(model, "0ms")) {
      // When
      submit(pipeline, 0, 32);
      submit(pipeline, 1, 40);
      submit(pipeline, 2, 32);
      List<SegmentationPipeline.Finished> all =
          untilIdle(pipeline).stream().flatMap(List::stream).toList();
      // Then
      assertThat(all)
          .extracting(one -> one.answer().outcome())
          .containsExactly(
              Answer.Outcome.SEGMENTED, Answer.Outcome.REJECTED, Answer.Outcome.SEGMENTED);
      assertThat(DeadLetters.text(all.get(1).answer().record().headers(), DeadLetters.MESSAGE))
          .contains("t1", "memory");
    }
  }

  @Test
  void shouldCountInkAndCallNoneOfItPositive() {
    // Given a network that calls everything positive, and a stroke of green ink on glass
    Checkpoint checkpoint = TinyModel.checkpoint().with(0, 0);
    byte[] rgb = new byte[64 * 64 * 3];
    Arrays.fill(rgb, (byte) 240);
    for (int i = 0; i < rgb.length / 4; i += 3) {
      rgb[i] = 10;
      rgb[i + 1] = 120;
      rgb[i + 2] = 60;
    }
    TileScanned tile =
        TestTiles.tile("pen", "s", RgbPng.encode(RgbImage.of(64, 64, rgb)), 64, 64).build();
    try (LiveModel model = new LiveModel(checkpoint, it -> Segmenter.open(it, Compute.cpu()));
        SegmentationPipeline pipeline = pipeline(model, "0ms");
        AvroDeserializer<TileSegmented> results = new AvroDeserializer<>(TileSegmented.class)) {
      results.configure(REGISTRY, false);
      // When
      pipeline.submit(
          TestTiles.record(TOPIC, "pen", scanner.serialize(TOPIC, tile)), new PartitionLease());
      Answer answer = untilIdle(pipeline).get(0).get(0).answer();
      // Then it is no background, and positive where there is no ink
      TileSegmented result = results.deserialize("results", answer.record().value());
      assertThat(answer.outcome()).isEqualTo(Answer.Outcome.SEGMENTED);
      assertThat(result.getInkFraction()).isEqualTo(0.25);
      assertThat(result.getPositiveFraction()).isEqualTo(0.75);
    }
  }

  @Test
  void shouldFindInkAndEmptyGlassAtTheModelsResolutionAndAnswerInTheTilesOwnPixels() {
    // Given a model of 0.25 um/px that calls everything positive, and two tiles of half of that
    Checkpoint tiny = TinyModel.checkpoint().with(0, 0);
    Checkpoint checkpoint =
        new Checkpoint(tiny.weights(), tiny.metadata().withMicronsPerPixel(0.25));
    byte[] rgb = new byte[64 * 64 * 3];
    Arrays.fill(rgb, (byte) 240);
    for (int i = 0; i < rgb.length / 4; i += 3) {
      rgb[i] = 10;
      rgb[i + 1] = 120;
      rgb[i + 2] = 60;
    }
    TileScanned pen =
        TestTiles.tile("pen", "s", RgbPng.encode(RgbImage.of(64, 64, rgb)), 64, 64)
            .setMicronsPerPixel(0.5)
            .build();
    TileScanned glass = TestTiles.glass("glass", "s", 64).setMicronsPerPixel(0.5).build();
    try (LiveModel model = new LiveModel(checkpoint, it -> Segmenter.open(it, Compute.cpu()));
        SegmentationPipeline pipeline = pipeline(model, "5h");
        AvroDeserializer<TileSegmented> results = new AvroDeserializer<>(TileSegmented.class)) {
      results.configure(REGISTRY, false);
      // When
      for (TileScanned tile : List.of(pen, glass)) {
        pipeline.submit(
            TestTiles.record(TOPIC, tile.getTileId(), scanner.serialize(TOPIC, tile)),
            new PartitionLease());
      }
      List<TileSegmented> both =
          untilIdle(pipeline).stream()
              .flatMap(List::stream)
              .map(one -> results.deserialize("results", one.answer().record().value()))
              .toList();
      // Then a row or two where ink and glass meet may fall either way
      assertThat(both.get(0).getInkFraction()).isCloseTo(0.25, within(0.02));
      assertThat(both.get(0).getPositiveFraction()).isCloseTo(0.75, within(0.02));
      assertThat(both.get(1).getBackground()).isTrue();
      assertThat(both).allMatch(TileSegmented::getResampled);
      assertThat(both)
          .allSatisfy(
              result ->
                  assertThat(MaskPng.decode(png(result), ImageLimits.forTiles()).width())
                      .isEqualTo(64));
    }
  }

  private static byte[] png(TileSegmented result) {
    byte[] png = new byte[result.getMask().remaining()];
    result.getMask().duplicate().get(png);
    return png;
  }

  @Test
  void shouldHoldWhatDoesNotFitBesideTheOthersAndLetATileOverTheBudgetThroughAlone() {
    // Given a budget of 1 MiB, two tiles that fill more than half of it each, and one of 1.3 MB
    try (LiveModel model = model();
        SegmentationPipeline pipeline =
            pipeline(
                model,
                InferenceSettings.from(
                    ServiceConfig.of(
                        Map.of(
                            "histoflow.inference.memory.bytes",
                            "1048576",
                            "histoflow.inference.publish.delay",
                            "5h"))))) {
      // When
      submit(pipeline, 0, 180);
      submit(pipeline, 1, 180);
      submit(pipeline, 2, 256);
      // Then
      assertThat(pipeline.hasRoom()).isFalse();
      assertThat(untilIdle(pipeline))
          .extracting(
              some -> some.stream().map(one -> new String(one.source().key(), UTF_8)).toList())
          .containsExactly(List.of("t0"), List.of("t1"), List.of("t2"));
    }
  }

  /** Calls nothing positive; once told so, the first batch waits until the second one is there. */
  private static final class MeetingNetwork implements TileNetwork {
    private final Checkpoint checkpoint;
    private final int deadlyWidth;
    private final CountDownLatch both = new CountDownLatch(2);
    private volatile boolean meets;

    MeetingNetwork(Checkpoint checkpoint) {
      this(checkpoint, 0);
    }

    MeetingNetwork(Checkpoint checkpoint, int deadlyWidth) {
      this.checkpoint = checkpoint;
      this.deadlyWidth = deadlyWidth;
    }

    void meet() {
      meets = true;
    }

    @Override
    public List<Segmentation> segment(List<SegmentationInput> inputs) {
      if (meets) {
        both.countDown();
        await();
      }
      if (inputs.stream().anyMatch(input -> input.image().width() == deadlyWidth)) {
        throw new OutOfMemoryError("Cannot reserve memory");
      }
      return inputs.stream()
          .map(SegmentationInput::image)
          .map(image -> Segmentation.nothing(image.width(), image.height(), 0.5, OrganName.UNKNOWN))
          .toList();
    }

    private void await() {
      try {
        if (!both.await(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("The other batch did not come.");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("The network was interrupted.", e);
      }
    }

    @Override
    public float[] probabilities(RgbImage image, String organ) {
      return new float[image.width() * image.height()];
    }

    @Override
    public Checkpoint checkpoint() {
      return checkpoint;
    }

    @Override
    public void close() {}
  }

  private static List<List<SegmentationPipeline.Finished>> untilIdle(
      SegmentationPipeline pipeline) {
    List<List<SegmentationPipeline.Finished>> handedOut = new ArrayList<>();
    while (!pipeline.isIdle()) {
      List<SegmentationPipeline.Finished> finished = pipeline.awaitFinished(WAIT);
      if (!finished.isEmpty()) {
        handedOut.add(finished);
      }
    }
    return handedOut;
  }

  private void submit(SegmentationPipeline pipeline, int count) {
    for (int i = 0; i < count; i++) {
      submit(pipeline, i, 32);
    }
  }

  private void submit(SegmentationPipeline pipeline, int index, int size) {
    TileScanned tile = TestTiles.tile("t" + index, "s", index, size).build();
    pipeline.submit(
        TestTiles.record(TOPIC, tile.getTileId(), scanner.serialize(TOPIC, tile)),
        new PartitionLease());
  }

  private static LiveModel model() {
    return new LiveModel(TinyModel.checkpoint(), it -> Segmenter.open(it, Compute.cpu()));
  }

  private static InferenceSettings settings(String publishDelay) {
    return InferenceSettings.from(
        ServiceConfig.of(Map.of("histoflow.inference.publish.delay", publishDelay)));
  }

  private static InferenceSettings onGpu(InferenceSettings settings) {
    return new InferenceSettings(
        new ModelSettings(Optional.empty(), Compute.GPU),
        settings.precision(),
        settings.batchSize(),
        settings.batchDelay(),
        settings.publishDelay(),
        settings.memoryBytes(),
        settings.codecThreads(),
        settings.routingScore(),
        settings.entropyMap(),
        settings.probabilities(),
        settings.skipsBackground(),
        settings.reportInterval(),
        settings.stallAfter(),
        settings.keys());
  }

  private SegmentationPipeline pipeline(LiveModel model, String publishDelay) {
    return pipeline(model, settings(publishDelay));
  }

  private SegmentationPipeline pipeline(LiveModel model, InferenceSettings settings) {
    return new SegmentationPipeline(
        settings,
        2,
        new TileReader(reader, ImageLimits.forTiles(), model.checkpoint().resolution()),
        model,
        new ResultEncoder(
            serializer, RoutingScore.MEAN_ENTROPY, true, true, ResultEncoder.MOST_BYTES, false),
        new InferenceMetrics(new SimpleMeterRegistry()));
  }
}
