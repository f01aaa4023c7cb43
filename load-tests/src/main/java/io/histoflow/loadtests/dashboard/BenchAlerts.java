package io.histoflow.loadtests.dashboard;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbJpeg;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.TopicSpec;
import io.histoflow.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes tiles of synthetic tissue with their alerts, as scanners and routing would. The mask is
 * the true one; a few images of each size come over and over.
 */
final class BenchAlerts implements AutoCloseable {
  private static final double QUALITY = 0.9;
  private static final int IMAGES = 32;
  private static final int TILES_A_SLIDE = 100;
  private static final int IN_FLIGHT = 500;
  private static final int ENTROPY_BLOCK = 4;

  /** Of larger tiles one image does: few are looked at. */
  private static final int MANY_IMAGES_UP_TO = 512;

  private final Producer<String, SpecificRecord> producer;
  private final SyntheticTissue tissue;
  private final Map<Integer, List<Picture>> pictures = new HashMap<>();
  private int count;

  BenchAlerts(ServiceConfig config, long seed) {
    producer = new KafkaClients(config, "bench").producer(Topics.all(), Map.of());
    tissue = new SyntheticTissue(seed);
  }

  private record Picture(String organ, ByteBuffer jpeg, ByteBuffer mask, ByteBuffer entropy) {}

  private record Scanned(TileScanned tile, Picture picture, Future<RecordMetadata> written) {}

  /**
   * Raises alerts whose scores fall from one to the other.
   *
   * @param number how many
   * @param edge of their tiles in pixels
   * @return their tiles' ids, the most uncertain first
   */
  List<String> raise(int number, int edge, double highest, double lowest) {
    List<String> ids = new ArrayList<>(number);
    List<Picture> drawn = pictures.computeIfAbsent(edge, this::draw);
    for (int from = 0; from < number; from += IN_FLIGHT) {
      int to = Math.min(number, from + IN_FLIGHT);
      List<Scanned> scanned = new ArrayList<>();
      for (int i = from; i < to; i++) {
        Picture picture = drawn.get(count % drawn.size());
        TileScanned tile = tile(count++, edge, picture);
        ids.add(tile.getTileId());
        scanned.add(new Scanned(tile, picture, send(Topics.TILES_SCANNED, tile.getTileId(), tile)));
      }
      List<Future<RecordMetadata>> raised = new ArrayList<>();
      for (int i = from; i < to; i++) {
        double score = highest - (highest - lowest) * i / number;
        Scanned tile = scanned.get(i - from);
        raised.add(send(Topics.TILES_REVIEW, tile.tile().getTileId(), requested(tile, score)));
      }
      raised.forEach(BenchAlerts::written);
    }
    return ids;
  }

  /**
   * Raises alerts one by one, evenly spaced, each more uncertain than the one before.
   *
   * @param number how many
   * @param perSecond how many a second
   * @param lowest score of the first
   */
  void trickle(int number, int edge, int perSecond, double lowest) {
    long begin = System.nanoTime();
    for (int i = 0; i < number; i++) {
      long due = begin + i * 1_000_000_000L / perSecond;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      double score = lowest + i * 1e-4;
      var unused = raise(1, edge, score, score);
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  private Future<RecordMetadata> send(TopicSpec<?> topic, String key, SpecificRecord value) {
    return producer.send(new ProducerRecord<>(topic.name(), key, value));
  }

  private List<Picture> draw(int edge) {
    List<String> organs = SyntheticTissue.organs();
    List<Picture> drawn = new ArrayList<>();
    for (int i = 0; i < (edge > MANY_IMAGES_UP_TO ? 1 : IMAGES); i++) {
      String organ = organs.get(i % organs.size());
      LabelledTile tile = tissue.tile(organ, i, edge);
      int blocks = (edge + ENTROPY_BLOCK - 1) / ENTROPY_BLOCK;
      byte[] entropy = new byte[blocks * blocks];
      for (int at = 0; at < entropy.length; at++) {
        entropy[at] = (byte) (255 * (at % blocks) / blocks);
      }
      drawn.add(
          new Picture(
              organ,
              ByteBuffer.wrap(RgbJpeg.encode(tile.image(), QUALITY)),
              ByteBuffer.wrap(MaskPng.encode(tile.mask())),
              ByteBuffer.wrap(GreyPng.encode(GreyImage.of(blocks, blocks, entropy)))));
    }
    return drawn;
  }

  private static TileScanned tile(int number, int edge, Picture picture) {
    String slideId = "bench-" + number / TILES_A_SLIDE;
    int x = edge * (number % TILES_A_SLIDE);
    return TileScanned.newBuilder()
        .setTileId(slideId + "/" + number)
        .setSlideId(slideId)
        .setOrgan(picture.organ())
        .setX(x)
        .setY(0)
        .setWidth(edge)
        .setHeight(edge)
        .setMicronsPerPixel(SyntheticTissue.MICRONS_PER_PIXEL)
        .setFormat(ImageFormat.JPEG)
        .setImage(picture.jpeg().duplicate())
        .setScannedAt(Instant.now())
        .build();
  }

  private static ReviewRequested requested(Scanned scanned, double score) {
    TileScanned tile = scanned.tile();
    TileSegmented segmented =
        TileSegmented.newBuilder()
            .setTileId(tile.getTileId())
            .setSlideId(tile.getSlideId())
            .setOrgan(tile.getOrgan())
            .setConditionedOn(tile.getOrgan())
            .setX(tile.getX())
            .setY(tile.getY())
            .setWidth(tile.getWidth())
            .setHeight(tile.getHeight())
            .setMicronsPerPixel(SyntheticTissue.MICRONS_PER_PIXEL)
            .setMask(scanned.picture().mask().duplicate())
            .setEntropyMap(scanned.picture().entropy().duplicate())
            .setMaskThreshold(0.5)
            .setMeanEntropy(score)
            .setTailEntropy(1)
            .setRoutingScore(score)
            .setRoutingScoreName("mean-entropy")
            .setPositiveFraction(0.2)
            .setModelId("bench")
            .setModelVersion(0)
            .setTile(written(scanned.written()))
            .setScannedAt(tile.getScannedAt())
            .setSegmentedAt(tile.getScannedAt())
            .build();
    return ReviewRequested.newBuilder()
        .setSegmentation(segmented)
        .setReason(ReviewReason.UNCERTAIN)
        .setScore(score)
        .setThreshold(0)
        .setBudget(0.1)
        .setRequestedAt(Instant.now())
        .build();
  }

  private static TileLocation written(Future<RecordMetadata> written) {
    try {
      RecordMetadata at = written.get();
      return new TileLocation(at.topic(), at.partition(), at.offset());
    } catch (ExecutionException e) {
      throw new BenchException("A tile could not be published: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }
}
