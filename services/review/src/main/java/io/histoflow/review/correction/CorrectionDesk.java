package io.histoflow.review.correction;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.MaskPng;
import io.histoflow.review.kafka.RecordGoneException;
import io.histoflow.review.kafka.RecordUnreachableException;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertConflictException;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.queue.NoSuchAlertException;
import io.histoflow.review.tile.PngHeader;
import io.histoflow.review.tile.RecordUnreadableException;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes verdicts: checks each against its alert, publishes it and closes the alert. */
public final class CorrectionDesk {
  /** Largest mask file in bytes; a 1-bit PNG of the largest tile is half as large. */
  public static final int MAX_MASK_BYTES = 4 << 20;

  /** A tile as it is read, and in the verdict as it is written and sent. */
  private static final long PUBLISHING_BYTES = 2 * TileReader.BYTES_OF_WORK;

  // Of a pixel beside the decoded PNG: the mask (1), and as it is encoded.
  private static final int MASK_BYTES_PER_PIXEL = 3;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Logger log = LoggerFactory.getLogger(CorrectionDesk.class);
  private final AlertQueue queue;
  private final TileReader tiles;
  private final TilePictures pictures;
  private final WorkBudget work;
  private final CorrectionPublisher publisher;
  private final Clock clock;
  private final Consumer<Verdict> counter;

  /**
   * Opens the desk.
   *
   * @param queue the open alerts
   * @param tiles reads the scanned tiles
   * @param pictures draws the masks that are confirmed
   * @param work bounds what is decoded and published at a time
   * @param publisher publishes the verdicts
   * @param clock tells when a verdict was given
   * @param counter called for each verdict that was published
   */
  public CorrectionDesk(
      AlertQueue queue,
      TileReader tiles,
      TilePictures pictures,
      WorkBudget work,
      CorrectionPublisher publisher,
      Clock clock,
      Consumer<Verdict> counter) {
    this.queue = queue;
    this.tiles = tiles;
    this.pictures = pictures;
    this.work = work;
    this.publisher = publisher;
    this.clock = clock;
    this.counter = counter;
  }

  /**
   * Publishes a verdict with the tile's image and closes the alert. Where anything fails, nothing
   * is published and the alert stays open.
   *
   * <p>A tile whose record has expired cannot be seen and so can only be called UNUSABLE; that
   * verdict then carries no image.
   *
   * @param tileId the tile
   * @param submission the verdict
   * @param reviewer who decided, 1 to 128 characters
   * @return what was published
   */
  public MaskCorrected submit(String tileId, Submission submission, String reviewer)
      throws NoSuchAlertException,
          AlertConflictException,
          InvalidCorrectionException,
          RecordGoneException,
          RecordUnreachableException,
          RecordUnreadableException,
          CorrectionNotPublishedException {
    try (AlertQueue.Claim claim = queue.claim(tileId)) {
      // The mask first: it is what the sender can put right.
      ByteBuffer mask = mask(claim.alert(), submission);
      MaskCorrected correction;
      try (WorkBudget.Share share = work.take(PUBLISHING_BYTES)) {
        correction = correction(claim.alert(), submission, reviewer, mask);
        publisher.publish(correction, claim.alert().position());
      }
      claim.settle();
      counter.accept(submission.verdict());
      log.atInfo()
          .addKeyValue("tileId", tileId)
          .addKeyValue("verdict", submission.verdict())
          .addKeyValue("reviewer", reviewer)
          .log("Verdict published");
      return correction;
    }
  }

  private MaskCorrected correction(
      Alert alert, Submission submission, String reviewer, ByteBuffer mask)
      throws RecordGoneException, RecordUnreachableException, RecordUnreadableException {
    TileSegmented segmentation = alert.segmentation();
    Picture picture = picture(alert, submission.verdict());
    return MaskCorrected.newBuilder()
        .setTileId(alert.tileId())
        .setSlideId(segmentation.getSlideId())
        .setOrgan(segmentation.getOrgan())
        .setX(segmentation.getX())
        .setY(segmentation.getY())
        .setWidth(segmentation.getWidth())
        .setHeight(segmentation.getHeight())
        .setMicronsPerPixel(segmentation.getMicronsPerPixel())
        .setFormat(picture.format())
        .setImage(picture.image())
        .setMask(mask)
        .setVerdict(submission.verdict())
        .setReviewer(reviewer)
        .setComment(submission.comment().orElse(null))
        .setModelId(segmentation.getModelId())
        .setModelVersion(segmentation.getModelVersion())
        .setCorrectedAt(clock.instant())
        .build();
  }

  private ByteBuffer mask(Alert alert, Submission submission)
      throws InvalidCorrectionException,
          RecordGoneException,
          RecordUnreachableException,
          RecordUnreadableException {
    if (submission.mask().isPresent()) {
      return ByteBuffer.wrap(checked(submission.mask().get(), alert.segmentation()));
    }
    return submission.verdict() == Verdict.CONFIRMED
        ? ByteBuffer.wrap(pictures.mask(alert))
        : NOTHING;
  }

  private byte[] checked(byte[] png, TileSegmented tile) throws InvalidCorrectionException {
    Optional<PngHeader> header = PngHeader.of(png);
    if (header.isPresent()) {
      requireSize(header.get(), tile);
    }
    long pixels = (long) tile.getWidth() * tile.getHeight();
    double bytes =
        header.map(PngHeader::decodedBytes).orElse(0.0) + (double) pixels * MASK_BYTES_PER_PIXEL;
    if (!work.fits((long) bytes)) {
      throw new InvalidCorrectionException(
          "The mask takes " + ((long) bytes >> 20) + " MiB when it is decoded: save it with 1 or 8"
              + " bits a pixel.");
    }
    ImageLimits limits =
        new ImageLimits(tile.getWidth(), tile.getHeight(), pixels, MAX_MASK_BYTES);
    try (WorkBudget.Share share = work.take((long) bytes)) {
      return MaskPng.encode(MaskPng.decode(png, limits));
    } catch (ImageRejectedException e) {
      throw new InvalidCorrectionException("The mask cannot be used: " + e.getMessage(), e);
    }
  }

  private static void requireSize(PngHeader mask, TileSegmented tile)
      throws InvalidCorrectionException {
    if (mask.width() != tile.getWidth() || mask.height() != tile.getHeight()) {
      throw new InvalidCorrectionException(
          "The mask is "
              + mask.width()
              + " x "
              + mask.height()
              + " pixels and tile "
              + tile.getTileId()
              + " is "
              + tile.getWidth()
              + " x "
              + tile.getHeight()
              + ": they must be equal.");
    }
  }

  private Picture picture(Alert alert, Verdict verdict)
      throws RecordGoneException, RecordUnreachableException, RecordUnreadableException {
    try {
      TileScanned tile = tiles.scanned(alert);
      return new Picture(tile.getFormat(), tile.getImage());
    } catch (RecordGoneException e) {
      if (verdict == Verdict.UNUSABLE) {
        return new Picture(ImageFormat.UNKNOWN, NOTHING);
      }
      throw e;
    }
  }

  private record Picture(ImageFormat format, ByteBuffer image) {}
}
