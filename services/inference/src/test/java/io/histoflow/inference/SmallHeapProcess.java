package io.histoflow.inference;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.inference.SegmentationInput;
import io.histoflow.segmentation.inference.TileNetwork;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.weights.testing.TinyModel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Sends the largest tile, the one that grows most, and ninety small ones, padded to the most bytes
 * that a tile may have, through a pipeline as fast as it takes them, and says how many came out.
 * The network's own memory is native and takes no part.
 */
public final class SmallHeapProcess {
  static final int TILES = 92;
  private static final int LARGEST = 4096;
  private static final int GROWING = 1024;
  private static final int SMALL = 64;
  private static final String TOPIC = Topics.TILES_SCANNED.name();
  private static final Map<String, Object> REGISTRY =
      Map.of("schema.registry.url", "mock://small-heap", "auto.register.schemas", true);

  private SmallHeapProcess() {}

  /**
   * Ends when all tiles are segmented.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    AvroSerializer<TileScanned> scanner = new AvroSerializer<>();
    AvroDeserializer<TileScanned> reader = new AvroDeserializer<>(TileScanned.class);
    AvroSerializer<TileSegmented> serializer = new AvroSerializer<>();
    scanner.configure(REGISTRY, false);
    reader.configure(REGISTRY, false);
    serializer.configure(REGISTRY, false);
    Checkpoint tiny = TinyModel.checkpoint();
    Checkpoint checkpoint =
        new Checkpoint(tiny.weights(), tiny.metadata().withMicronsPerPixel(0.25));
    try (LiveModel model = new LiveModel(checkpoint, Blind::new);
        SegmentationPipeline pipeline =
            new SegmentationPipeline(
                InferenceSettings.from(ServiceConfig.of(Map.of())),
                8,
                new TileReader(reader, ImageLimits.forTiles(), model.checkpoint().resolution()),
                model,
                new ResultEncoder(
                    serializer, RoutingScore.DEFAULT, true, true, ResultEncoder.MOST_BYTES, false),
                new InferenceMetrics(new SimpleMeterRegistry()))) {
      System.out.println(run(scanner, pipeline) + " tiles segmented");
    }
  }

  private static int run(AvroSerializer<TileScanned> scanner, SegmentationPipeline pipeline) {
    byte[] large = scanner.serialize(TOPIC, large(LARGEST, 0.25));
    byte[] growing = scanner.serialize(TOPIC, large(GROWING, 1.0));
    byte[] small = scanner.serialize(TOPIC, padded());
    int submitted = 0;
    int segmented = 0;
    while (submitted < TILES || !pipeline.isIdle()) {
      if (submitted < TILES && pipeline.hasRoom()) {
        // A record of its own each, as a consumer has it.
        byte[] value = (submitted == TILES / 2 ? large : submitted == 9 ? growing : small).clone();
        pipeline.submit(TestTiles.record(TOPIC, "t", value), new PartitionLease());
        submitted++;
      } else {
        for (SegmentationPipeline.Finished one : pipeline.awaitFinished(Duration.ofMillis(5))) {
          segmented += one.answer().outcome() == Answer.Outcome.SEGMENTED ? 1 : 0;
        }
      }
    }
    return segmented;
  }

  private static TileScanned large(int edge, double micronsPerPixel) {
    byte[] rgb = new byte[edge * edge * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 / 64);
    }
    return TestTiles.tile("t", "s", RgbJpeg.encode(RgbImage.of(edge, edge, rgb), 0.8), edge, edge)
        .setMicronsPerPixel(micronsPerPixel)
        .build();
  }

  /** A text chunk that says nothing, before the end of a PNG. */
  private static TileScanned padded() {
    byte[] png = RgbPng.encode(TestTiles.image(1, SMALL));
    int end = png.length - 12;
    int most = (8 << 20) - png.length - 12;
    byte[] type = {'t', 'E', 'X', 't'};
    byte[] data = new byte[most];
    CRC32 crc = new CRC32();
    crc.update(type);
    crc.update(data);
    byte[] padded =
        ByteBuffer.allocate(8 << 20)
            .put(png, 0, end)
            .putInt(most)
            .put(type)
            .put(data)
            .putInt((int) crc.getValue())
            .put(png, end, 12)
            .array();
    return TestTiles.tile("t", "s", padded, SMALL, SMALL).build();
  }

  /** Sees nothing, at once. */
  private record Blind(Checkpoint checkpoint) implements TileNetwork {
    @Override
    public List<Segmentation> segment(List<SegmentationInput> inputs) {
      return inputs.stream()
          .map(
              input ->
                  Segmentation.nothing(
                      input.image().width(), input.image().height(), 0.5, OrganName.UNKNOWN))
          .toList();
    }

    @Override
    public float[] probabilities(RgbImage image, String organ) {
      return new float[image.width() * image.height()];
    }

    @Override
    public void close() {}
  }
}
