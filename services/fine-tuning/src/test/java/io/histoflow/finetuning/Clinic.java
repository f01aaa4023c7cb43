package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.datasets.LabelledTile;
import io.histoflow.datasets.synthetic.SyntheticTissue;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.imaging.resolution.Resampling;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.platform.kafka.DeadLetters;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.testing.TopicLog;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.Verdict;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The world around fine-tuning: reviewers who know the truth, and readers of what comes of it. */
final class Clinic implements AutoCloseable {
  private static final int TILE = 64;
  private static final SyntheticTissue TISSUE = new SyntheticTissue(11);

  private final String prefix;
  private final String modelId;
  private final Producer<String, MaskCorrected> reviewer;
  private final Producer<byte[], byte[]> bytes;
  private final Deserializer<DecoderDecision> decisionDeserializer;
  private final Deserializer<DecoderWeights> weightsDeserializer;
  private final Serializer<DecoderWeights> weightsSerializer;
  private final TopicLog decisions;
  private final TopicLog weights;
  private final TopicLog archive;
  private final TopicLog deadLetters;
  private final Set<String> corrected = new LinkedHashSet<>();

  /**
   * Returns what a service is told whose model lies in a file.
   *
   * @param directory takes the file
   */
  static ServiceConfig config(EmbeddedPlatform platform, Checkpoint model, Path directory)
      throws IOException {
    Path file = directory.resolve("tiny");
    model.save(file);
    return platform
        .config()
        .with("histoflow.model.file", file.toString())
        .with("histoflow.device", "cpu");
  }

  /**
   * @param prefix begins the ids of this clinic's tiles
   * @param modelId the model whose decisions and weights are read
   */
  Clinic(ServiceConfig config, String prefix, String modelId) {
    this.prefix = prefix;
    this.modelId = modelId;
    KafkaClients clients = new KafkaClients(config, "clinic");
    reviewer = clients.producer(Topics.MASKS_CORRECTED, Map.of());
    bytes = clients.bytesProducer(Map.of());
    decisionDeserializer = clients.deserializer(Topics.DECODER_DECISIONS);
    weightsDeserializer = clients.deserializer(Topics.DECODER_WEIGHTS);
    weightsSerializer = clients.serializer();
    decisions = new TopicLog(clients, Topics.DECODER_DECISIONS.name());
    weights = new TopicLog(clients, Topics.DECODER_WEIGHTS.name());
    archive = new TopicLog(clients, Topics.DECODER_ARCHIVE.name());
    deadLetters = new TopicLog(clients, Topics.TILES_DEAD_LETTER.name());
  }

  /** Returns the id of a tile: the first of these, counted from an index, that fits. */
  String tileId(int index, boolean heldOut) {
    HeldOut rule = new HeldOut(0.33);
    for (int i = 0; ; i++) {
      String id = prefix + "-" + index + "-" + i;
      if (rule.contains(id) == heldOut) {
        return id;
      }
    }
  }

  /** Corrects tiles by the truth: one in four of them is held out. */
  void correct(int from, int to) {
    for (int i = from; i < to; i++) {
      correct(correction(i, i % 4 == 3).build());
    }
  }

  /** Corrects tiles as nobody should: those trained on inverted, those held out by the truth. */
  void correctWrongly(int from, int to) {
    for (int i = from; i < to; i++) {
      boolean heldOut = i % 4 == 3;
      MaskCorrected.Builder correction = correction(i, heldOut);
      if (!heldOut) {
        correction.setMask(ByteBuffer.wrap(MaskPng.encode(inverted(tile(i).mask()))));
      }
      correct(correction.build());
    }
  }

  void correct(MaskCorrected correction) {
    corrected.add(correction.getTileId());
    done(
        reviewer.send(
            new ProducerRecord<>(
                Topics.MASKS_CORRECTED.name(), correction.getTileId(), correction)));
  }

  void correctUnder(String key, MaskCorrected correction) {
    corrected.add(key);
    done(reviewer.send(new ProducerRecord<>(Topics.MASKS_CORRECTED.name(), key, correction)));
  }

  void publish(String key, byte[] value) {
    corrected.add(key);
    done(
        bytes.send(
            new ProducerRecord<>(Topics.MASKS_CORRECTED.name(), key.getBytes(UTF_8), value)));
  }

  /** A correction by the truth; a builder, so that a test can break one thing. */
  MaskCorrected.Builder correction(int index, boolean heldOut) {
    LabelledTile tile = tile(index);
    return MaskCorrected.newBuilder()
        .setTileId(tileId(index, heldOut))
        .setSlideId(prefix)
        .setOrgan(tile.organ())
        .setX(0)
        .setY(0)
        .setWidth(TILE)
        .setHeight(TILE)
        .setFormat(ImageFormat.PNG)
        .setImage(ByteBuffer.wrap(RgbPng.encode(tile.image())))
        .setMask(ByteBuffer.wrap(MaskPng.encode(tile.mask())))
        .setVerdict(Verdict.CORRECTED)
        .setReviewer("truth")
        .setModelId(modelId)
        .setModelVersion(0)
        .setCorrectedAt(Instant.now());
  }

  /** The same as a scanner of half the magnification has it: 0.5 um/px. */
  MaskCorrected.Builder coarse(int index, boolean heldOut) {
    LabelledTile tile = tile(index);
    return correction(index, heldOut)
        .setWidth(TILE / 2)
        .setHeight(TILE / 2)
        .setMicronsPerPixel(0.5)
        .setImage(
            ByteBuffer.wrap(RgbPng.encode(Resampling.image(tile.image(), TILE / 2, TILE / 2))))
        .setMask(ByteBuffer.wrap(MaskPng.encode(Resampling.mask(tile.mask(), TILE / 2, TILE / 2))));
  }

  static LabelledTile tile(int index) {
    List<String> organs = SyntheticTissue.organs();
    return TISSUE.tile(organs.get(index / 4 % 2), index, TILE);
  }

  List<DecoderDecision> decisions() {
    return values(decisions, decisionDeserializer);
  }

  List<DecoderWeights> weights() {
    return values(weights, weightsDeserializer);
  }

  /** Returns the keys of the archived weights, in the order of their publication. */
  List<String> archivedKeys() {
    return archive.read().stream()
        .map(record -> new String(record.key(), UTF_8))
        .filter(key -> key.startsWith(modelId + "@"))
        .toList();
  }

  /** Publishes weights as it was done before there was an archive. */
  void publish(DecoderWeights accepted) {
    done(
        bytes.send(
            new ProducerRecord<>(
                Topics.DECODER_WEIGHTS.name(),
                modelId.getBytes(UTF_8),
                weightsSerializer.serialize(Topics.DECODER_WEIGHTS.name(), accepted))));
  }

  /** Returns why records of this clinic went to the dead-letter topic, in any order. */
  List<String> deadLetters() {
    return deadLetters.read().stream()
        .filter(record -> new String(record.key(), UTF_8).startsWith(prefix))
        .map(record -> DeadLetters.text(record.headers(), DeadLetters.MESSAGE))
        .toList();
  }

  /** Withdraws all corrections, so that the next test's service does not learn from them. */
  @Override
  public void close() {
    corrected.forEach(
        key -> done(reviewer.send(new ProducerRecord<>(Topics.MASKS_CORRECTED.name(), key, null))));
    reviewer.close();
    bytes.close();
    decisionDeserializer.close();
    weightsDeserializer.close();
    decisions.close();
    weights.close();
    archive.close();
    weightsSerializer.close();
    deadLetters.close();
  }

  private <V extends SpecificRecord> List<V> values(TopicLog log, Deserializer<V> deserializer) {
    return log.read().stream()
        .filter(record -> modelId.equals(new String(record.key(), UTF_8)))
        .map(record -> deserializer.deserialize(record.topic(), record.value()))
        .toList();
  }

  private static Mask inverted(Mask mask) {
    byte[] values = mask.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (1 - values[i]);
    }
    return Mask.of(mask.width(), mask.height(), values);
  }

  private static void done(Future<RecordMetadata> sent) {
    try {
      RecordMetadata unused = sent.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("A test record could not be published", e);
    }
  }
}
