package io.histoflow.review.letters;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.codec.ImageDecoder;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.letters.DeadLetter;
import io.histoflow.platform.letters.LetterId;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.Thumbnail;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.AvroDeserializer;
import io.histoflow.schemas.ContractData;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.RegistryUnavailableException;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.Topics;
import java.util.Map;

/**
 * Draws the tiles that dead letters hold, anew and small, as {@link TilePictures} does: nothing
 * that was refused leaves as it came.
 */
public final class LetterPictures implements AutoCloseable {
  /** Longer edge in pixels. */
  private static final int EDGE = 256;

  private final LetterReader letters;
  private final WorkBudget work;
  private final AvroDeserializer<TileScanned> tiles = new AvroDeserializer<>(TileScanned.class);
  private final ImageLimits limits = ImageLimits.forTiles();
  private final ImageDecoder decoder = new ImageDecoder(limits);

  /**
   * @param registryConfig the schema registry client's
   * @param work bounds what is drawn at a time
   */
  public LetterPictures(LetterReader letters, Map<String, ?> registryConfig, WorkBudget work) {
    this.letters = letters;
    this.work = work;
    tiles.configure(registryConfig, false);
  }

  /**
   * Draws the tile of a letter as PNG.
   *
   * @throws RefusedException where there is no such letter, it holds no tile that can be shown, or
   *     Kafka or the registry did not answer in time
   */
  public byte[] draw(LetterId id) throws RefusedException {
    WorkBudget.Share reading = work.take(TileReader.BYTES_OF_WORK);
    TileScanned tile;
    try (reading) {
      tile = tile(letters.read(id));
    }
    try {
      limits.checkSize(tile.getWidth(), tile.getHeight());
      WorkBudget.Share drawing =
          work.take(TilePictures.bytesOfWork(tile.getWidth(), tile.getHeight()));
      try (drawing) {
        return RgbPng.encode(
            Thumbnail.of(
                decoder.decode(
                    ContractData.bytes(tile.getImage()), tile.getWidth(), tile.getHeight()),
                EDGE));
      }
    } catch (ImageRejectedException e) {
      throw unreadable(id, "cannot be shown: " + e.getMessage() + ".", e);
    }
  }

  @Override
  public void close() {
    tiles.close();
  }

  private TileScanned tile(DeadLetter letter) throws RefusedException {
    if (!letter.topic().equals(Topics.TILES_SCANNED.name()) || letter.record().value() == null) {
      throw unreadable(letter.id(), "is none: the letter holds no scanned tile.", null);
    }
    try {
      return tiles.deserialize(letter.topic(), letter.record().value());
    } catch (RegistryUnavailableException e) {
      throw RefusedException.registryAway(e);
    } catch (MalformedRecordException e) {
      throw unreadable(letter.id(), "is none: " + e.getMessage(), e);
    }
  }

  private static RefusedException unreadable(LetterId id, String why, Exception cause) {
    return new RefusedException(
        Reason.RECORD_UNREADABLE, "The picture of letter " + id + " " + why, cause);
  }
}
