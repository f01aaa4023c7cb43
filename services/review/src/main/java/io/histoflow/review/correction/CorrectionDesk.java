package io.histoflow.review.correction;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.review.claims.ClaimBook;
import io.histoflow.review.queue.Alert;
import io.histoflow.review.queue.AlertQueue;
import io.histoflow.review.refusal.RefusedException;
import io.histoflow.review.refusal.RefusedException.Reason;
import io.histoflow.review.tile.TilePictures;
import io.histoflow.review.tile.TileReader;
import io.histoflow.review.tile.WorkBudget;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.ReviewRequested;
import io.histoflow.schemas.TileScanned;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;
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

  // Of a pixel: as decoded (4 at most), as mask, and as it is encoded.
  private static final int MASK_BYTES_PER_PIXEL = 6;
  private static final ImageLimits MASKS =
      new ImageLimits(
          ImageLimits.forTiles().maxWidth(),
          ImageLimits.forTiles().maxHeight(),
          ImageLimits.forTiles().maxPixels(),
          MAX_MASK_BYTES);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Logger log = LoggerFactory.getLogger(CorrectionDesk.class);
  private final AlertQueue queue;
  private final ClaimBook claims;
  private final TileReader tiles;
  private final TilePictures pictures;
  private final WorkBudget work;
  private final CorrectionPublisher publisher;
  private final Clock clock;
  private final Consumer<Verdict> counter;

  /** Opens the desk; the counter is called for each verdict that was published. */
  public CorrectionDesk(
      AlertQueue queue,
      ClaimBook claims,
      TileReader tiles,
      TilePictures pictures,
      WorkBudget work,
      CorrectionPublisher publisher,
      Clock clock,
      Consumer<Verdict> counter) {
    this.queue = queue;
    this.claims = claims;
    this.tiles = tiles;
    this.pictures = pictures;
    this.work = work;
    this.publisher = publisher;
    this.clock = clock;
    this.counter = counter;
  }

  /**
   * Publishes a verdict with the tile's image and closes the alert. Where anything fails, nothing
   * is published and the alert stays open. Where chance drew the tile for two readers, a second
   * person is asked with it; what that one says is published beside the verdict.
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
      throws RefusedException {
    try (AlertQueue.Reservation reservation = queue.reserve(tileId)) {
      Alert alert = reservation.alert();
      if (alert.firstReader().isPresent()) {
        MaskCorrected reading = submitSecondReading(alert, submission, reviewer);
        reservation.settle(reading.getCorrectedAt());
        return reading;
      }
      Optional<ReviewRequested> next = secondReading(alert, submission, reviewer);
      Sending closing =
          verdict ->
              publisher.publish(
                  verdict, alert.position(), claims.written(tileId).isPresent(), next);
      MaskCorrected correction = submit(alert, submission, reviewer, false, closing, "Verdict");
      reservation.settle(correction.getCorrectedAt());
      counter.accept(submission.verdict());
      return correction;
    }
  }

  private MaskCorrected submitSecondReading(Alert alert, Submission submission, String reviewer)
      throws RefusedException {
    if (alert.firstReader().equals(Optional.of(reviewer))) {
      throw new RefusedException(
          Reason.SAME_READER,
          "Tile %s has its verdict from %s already and waits for a second reader: leave it to"
                  .formatted(alert.tileId(), reviewer)
              + " somebody else.");
    }
    Sending closing =
        reading ->
            publisher.publishSecondReading(
                reading, alert.position(), claims.written(alert.tileId()).isPresent());
    return submit(alert, submission, reviewer, true, closing, "Second reading");
  }

  /**
   * Returns the alert by which a second person is asked. It looks like that of any tile that chance
   * alone drew, and stands for no tile: the first one does.
   */
  private Optional<ReviewRequested> secondReading(
      Alert alert, Submission submission, String reviewer) throws RefusedException {
    if (!alert.request().getSecondReader() || submission.verdict() == Verdict.UNUSABLE) {
      return Optional.empty();
    }
    WorkBudget.Share share = work.take(TileReader.BYTES_OF_WORK);
    try (share) {
      ReviewRequested next =
          RecordCopy.with(
              tiles.request(alert),
              Map.of(
                  "reason",
                  ReviewReason.AUDIT,
                  "score",
                  alert.request().getThreshold(),
                  "requestedAt",
                  clock.instant(),
                  "secondReader",
                  false,
                  "firstReader",
                  reviewer));
      next.put("inclusionProbability", null);
      return Optional.of(next);
    }
  }

  /**
   * Publishes a second opinion: a verdict beside the one that was given, or that somebody else is
   * about to give. It closes nothing.
   *
   * @param alert the tile's alert, open or closed lately
   * @param submission the verdict
   * @param reviewer who decided, 1 to 128 characters
   * @return what was published
   */
  public MaskCorrected submitOpinion(Alert alert, Submission submission, String reviewer)
      throws RefusedException {
    return submit(alert, submission, reviewer, false, publisher::publishOpinion, "Second opinion");
  }

  /**
   * Publishes a verdict on a tile that was not sent to review, held against the tile as that of an
   * alert is.
   *
   * @param tile as an alert of it would be
   * @param submission the verdict
   * @param reviewer who decided, 1 to 128 characters
   * @return what was published
   */
  public MaskCorrected submitUnasked(Alert tile, Submission submission, String reviewer)
      throws RefusedException {
    return submit(tile, submission, reviewer, false, publisher::publishUnasked, "Unasked verdict");
  }

  private MaskCorrected submit(
      Alert tile,
      Submission submission,
      String reviewer,
      boolean second,
      Sending sending,
      String what)
      throws RefusedException {
    // The mask first: it is what the sender can put right.
    ByteBuffer mask = mask(tile, submission);
    MaskCorrected correction;
    WorkBudget.Share share = work.take(PUBLISHING_BYTES);
    try (share) {
      correction = correction(tile, submission, reviewer, second, mask);
      sending.send(correction);
    }
    log.atInfo()
        .addKeyValue("tileId", tile.tileId())
        .addKeyValue("verdict", submission.verdict())
        .addKeyValue("reviewer", reviewer)
        .log("{} published", what);
    return correction;
  }

  private MaskCorrected correction(
      Alert alert, Submission submission, String reviewer, boolean second, ByteBuffer mask)
      throws RefusedException {
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
        .setDownsample(segmentation.getDownsample())
        .setFormat(picture.format())
        .setImage(picture.image())
        .setMask(mask)
        .setVerdict(submission.verdict())
        .setReviewer(reviewer)
        .setComment(submission.comment().orElse(null))
        .setModelId(segmentation.getModelId())
        .setModelVersion(segmentation.getModelVersion())
        .setCorrectedAt(clock.instant())
        .setUnusableReason(submission.unusableReason().orElse(null))
        .setBlind(submission.blind())
        .setAudited(alert.request().getAudited())
        .setSecondReading(second)
        .setViewedMillis(submission.viewedMillis().orElse(null))
        .build();
  }

  private ByteBuffer mask(Alert alert, Submission submission) throws RefusedException {
    if (submission.mask().isPresent()) {
      return ByteBuffer.wrap(checked(submission.mask().get(), alert.segmentation()));
    }
    return submission.verdict() == Verdict.CONFIRMED
        ? ByteBuffer.wrap(pictures.mask(alert))
        : NOTHING;
  }

  private byte[] checked(byte[] png, TileSegmented tile) throws RefusedException {
    long bytes = (long) tile.getWidth() * tile.getHeight() * MASK_BYTES_PER_PIXEL;
    if (!work.fits(bytes)) {
      throw new RefusedException(
          Reason.INVALID, "The mask takes more memory than the service may: " + WorkBudget.ADVICE);
    }
    WorkBudget.Share share = work.take(bytes);
    try (share) {
      return MaskPng.encode(MaskPng.decode(png, MASKS, tile.getWidth(), tile.getHeight()));
    } catch (ImageRejectedException e) {
      throw new RefusedException(Reason.INVALID, "The mask cannot be used: " + e.getMessage(), e);
    }
  }

  private Picture picture(Alert alert, Verdict verdict) throws RefusedException {
    try {
      TileScanned tile = tiles.scanned(alert);
      return new Picture(tile.getFormat(), tile.getImage());
    } catch (RefusedException e) {
      if (e.reason() == Reason.RECORD_GONE && verdict == Verdict.UNUSABLE) {
        return new Picture(ImageFormat.UNKNOWN, NOTHING);
      }
      throw e;
    }
  }

  private interface Sending {
    void send(MaskCorrected correction) throws RefusedException;
  }

  private record Picture(ImageFormat format, ByteBuffer image) {}
}
