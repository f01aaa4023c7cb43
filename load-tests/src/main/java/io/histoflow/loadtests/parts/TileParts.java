package io.histoflow.loadtests.parts;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.imaging.colour.DensityChannel;
import io.histoflow.imaging.tissue.TissueDetector;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.AvroSerializer;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Topics;
import io.histoflow.segmentation.inference.Segmentation;
import io.histoflow.segmentation.uncertainty.EntropySummary;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A synthetic tile on its way through a worker. Its probabilities are its mask averaged over 5 x 5
 * pixels: sure inside and outside, unsure at the borders.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TileParts {
  private static final String ORGAN = "kidney";
  private static final double QUALITY = 0.9;
  private static final double THRESHOLD = 0.3;
  private static final int BLUR = 2;

  /** Edge of the tile in pixels. */
  @Param({"256", "512"})
  public int edge;

  private final ImageDecoder decoder = new ImageDecoder(ImageLimits.forTiles());
  private final AvroSerializer<TileSegmented> serializer = new AvroSerializer<>();
  private final AvroDeserializer<TileSegmented> deserializer =
      new AvroDeserializer<>(TileSegmented.class);
  private RgbImage image;
  private byte[] jpeg;
  private Segmentation segmentation;
  private EntropySummary entropy;
  private TileSegmented result;
  private byte[] serialized;

  /** Draws the tile. */
  @Setup
  public void draw() {
    Map<String, Object> registry =
        Map.of("schema.registry.url", "mock://parts", "auto.register.schemas", true);
    serializer.configure(registry, false);
    deserializer.configure(registry, false);
    LabelledTile tile = new SyntheticTissue(1).tile(ORGAN, 0, edge);
    image = tile.image();
    jpeg = RgbJpeg.encode(image, QUALITY);
    segmentation = new Segmentation(edge, edge, blurred(tile.mask()), THRESHOLD, ORGAN);
    entropy = segmentation.entropy();
    result = result();
    serialized = serialize();
  }

  /** Decodes the JPEG that a scanner published. */
  @Benchmark
  public RgbImage decodeJpeg() throws ImageRejectedException {
    return decoder.decode(jpeg);
  }

  /** Looks for tissue. */
  @Benchmark
  public boolean detectTissue() {
    return TissueDetector.hasTissue(image);
  }

  /** Converts colours into what the light model sees. */
  @Benchmark
  public byte[] convertColour() {
    return DensityChannel.HAEMATOXYLIN.of(image.rgb());
  }

  /** Mean, tail and map of entropy. */
  @Benchmark
  public EntropySummary summariseEntropy() {
    return segmentation.entropy();
  }

  /** The default routing score. */
  @Benchmark
  public double scoreForRouting() {
    return segmentation.score(RoutingScore.DEFAULT, image);
  }

  /** Cuts the mask and encodes it. */
  @Benchmark
  public byte[] encodeMask() {
    return MaskPng.encode(segmentation.mask());
  }

  /** Encodes the entropy map. */
  @Benchmark
  public byte[] encodeEntropyMap() {
    return GreyPng.encode(entropy.map());
  }

  /** Brings the probabilities into levels and encodes them. */
  @Benchmark
  public byte[] encodeProbabilities() {
    return GreyPng.encodeLevels(segmentation.levels());
  }

  /** Serialises the result for its topic. */
  @Benchmark
  public byte[] serialize() {
    return serializer.serialize(Topics.TILES_SEGMENTED.name(), result);
  }

  /** Reads the result from its topic. */
  @Benchmark
  public TileSegmented deserialize() {
    return deserializer.deserialize(Topics.TILES_SEGMENTED.name(), serialized);
  }

  private static float[] blurred(Mask mask) {
    float[] probabilities = new float[mask.width() * mask.height()];
    for (int i = 0; i < probabilities.length; i++) {
      int x = i % mask.width();
      int y = i / mask.width();
      int positive = 0;
      int pixels = 0;
      for (int v = Math.max(0, y - BLUR); v <= Math.min(mask.height() - 1, y + BLUR); v++) {
        for (int u = Math.max(0, x - BLUR); u <= Math.min(mask.width() - 1, x + BLUR); u++) {
          positive += mask.at(u, v) ? 1 : 0;
          pixels++;
        }
      }
      probabilities[i] = 0.01f + 0.98f * positive / pixels;
    }
    return probabilities;
  }

  private TileSegmented result() {
    return TileSegmented.newBuilder()
        .setTileId("slide/0")
        .setSlideId("slide")
        .setOrgan(ORGAN)
        .setConditionedOn(ORGAN)
        .setX(0)
        .setY(0)
        .setWidth(edge)
        .setHeight(edge)
        .setMask(ByteBuffer.wrap(MaskPng.encode(segmentation.mask())))
        .setEntropyMap(ByteBuffer.wrap(GreyPng.encode(entropy.map())))
        .setMaskThreshold(THRESHOLD)
        .setMeanEntropy(entropy.mean())
        .setTailEntropy(entropy.tail())
        .setRoutingScore(segmentation.score(RoutingScore.DEFAULT, image))
        .setRoutingScoreName(RoutingScore.DEFAULT.publishedName())
        .setPositiveFraction(segmentation.positiveFraction())
        .setModelId("synthetic")
        .setModelVersion(0)
        .setTile(new TileLocation(Topics.TILES_SCANNED.name(), 0, 0L))
        .setScannedAt(Instant.EPOCH)
        .setSegmentedAt(Instant.EPOCH)
        .build();
  }
}
