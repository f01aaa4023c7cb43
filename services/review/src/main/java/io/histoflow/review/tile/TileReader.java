package io.histoflow.review.tile;

import io.histoflow.review.kafka.RecordPosition;
import io.histoflow.review.kafka.RecordReader;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Reads what an alert points at: the scanned tile, and the whole alert with its mask. */
public final class TileReader implements AutoCloseable {
  /** What reading one record takes at most: as it was fetched, as it is read, and in copy. */
  public static final long BYTES_OF_WORK = 24 << 20;

  private final RecordReader records;
  private final AvroDeserializer<TileScanned> tiles = new AvroDeserializer<>(TileScanned.class);
  private final AvroDeserializer<ReviewRequested> alerts =
      new AvroDeserializer<>(ReviewRequested.class);

  /** Takes over a reader; the configuration is the schema registry client's. */
  public TileReader(RecordReader records, Map<String, ?> registryConfig) {
    this.records = records;
    tiles.configure(registryConfig, false);
    alerts.configure(registryConfig, false);
  }

  /**
   * Reads the scanned tile.
   *
   * @throws RefusedException where it has expired, where Kafka or the registry did not answer in
   *     time, and where what lies there is not the alert's tile
   */
  public TileScanned scanned(Alert alert) throws RefusedException {
    TileScanned tile = read(alert.tileId(), alert.tile(), tiles, "scanned tile");
    TileSegmented result = alert.segmentation();
    requireSame(tile, alert.tile(), alert.tileId(), result.getWidth(), result.getHeight());
    return tile;
  }

  /**
   * Reads a tile that lies somewhere.
   *
   * @throws RefusedException as of an alert's tile
   */
  TileScanned scanned(TilePlace place) throws RefusedException {
    TileScanned tile = read(place.tileId(), place.tile(), tiles, "scanned tile");
    requireSame(tile, place.tile(), place.tileId(), place.width(), place.height());
    return tile;
  }

  /**
   * Reads the segmentation whole, with mask, entropy map and probabilities.
   *
   * @throws RefusedException where a newer alert has taken its place, where Kafka or the registry
   *     did not answer in time, and where what lies there is not the alert
   */
  public TileSegmented segmentation(Alert alert) throws RefusedException {
    return request(alert).getSegmentation();
  }

  /**
   * Reads the alert whole.
   *
   * @throws RefusedException as of its segmentation
   */
  public ReviewRequested request(Alert alert) throws RefusedException {
    return read(alert.tileId(), alert.position(), alerts, "alert");
  }

  @Override
  public void close() {
    records.close();
    tiles.close();
    alerts.close();
  }

  private static void requireSame(
      TileScanned tile, RecordPosition position, String tileId, int width, int height)
      throws RefusedException {
    boolean same =
        tile.getTileId().equals(tileId) && tile.getWidth() == width && tile.getHeight() == height;
    if (!same) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          "The record at %s is not tile %s in the size that was segmented."
              .formatted(position, tileId));
    }
  }

  private <T extends SpecificRecord> T read(
      String tileId, RecordPosition position, AvroDeserializer<T> deserializer, String what)
      throws RefusedException {
    String which = "The " + what + " of tile " + tileId;
    ConsumerRecord<byte[], byte[]> record =
        records
            .read(position)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.RECORD_GONE,
                        which
                            + " has expired: topic "
                            + position.topic()
                            + " no longer holds it ("
                            + position
                            + ")."));
    try {
      T value = deserializer.deserialize(position.topic(), record.value());
      if (value != null) {
        return value;
      }
    } catch (RegistryUnavailableException e) {
      throw RefusedException.registryAway(e);
    } catch (SerializationException e) {
      throw new RefusedException(
          Reason.RECORD_UNREADABLE,
          which + " at " + position + " cannot be read: " + e.getMessage(),
          e);
    }
    throw new RefusedException(
        Reason.RECORD_UNREADABLE, which + " at " + position + " is a tombstone.");
  }
}
