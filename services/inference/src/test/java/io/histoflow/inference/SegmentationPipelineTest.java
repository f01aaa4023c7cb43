package io.histoflow.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private SegmentationPipeline pipeline(LiveModel model, String publishDelay) {
    return new SegmentationPipeline(
        InferenceSettings.from(
            ServiceConfig.of(Map.of("histoflow.inference.publish.delay", publishDelay))),
        2,
        new TileReader(reader, ImageLimits.forTiles()),
        model,
        new ResultEncoder(serializer, RoutingScore.MEAN_ENTROPY, true, Clock.systemUTC()),
        new InferenceMetrics(new SimpleMeterRegistry()));
  }
}
