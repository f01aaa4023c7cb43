package io.histoflow.results.slide;

import io.histoflow.imaging.GreyImage;
import io.histoflow.imaging.Mask;
import io.histoflow.imaging.codec.GreyPng;
import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.schemas.ImageFormat;
import io.histoflow.schemas.MaskCorrected;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TileLocation;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** A slide of tiles whose masks are drawn with letters, as the topics tell of it. */
public final class TestSlide {
  public static final String ID = "slide-1";
  private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

  private final SlideGatherer gatherer;
  private long offset;

  private TestSlide(Optional<SlideScanned> manifest) {
    this.gatherer = new SlideGatherer(ID, manifest);
  }

  public static TestSlide create() {
    return new TestSlide(Optional.empty());
  }

  /** A slide that viewers show from a pixel of its own on. */
  public static TestSlide cropped(int x, int y) {
    return new TestSlide(
        Optional.of(
            SlideScanned.newBuilder()
                .setSlideId(ID)
                .setOrgan("kidney")
                .setTileCount(1)
                .setScannedAt(NOW)
                .setBoundsX(x)
                .setBoundsY(y)
                .build()));
  }

  /** A slide that was scanned from a DICOM image; the study may be null. */
  public static TestSlide ofDicom(String image, String series, String study) {
    return new TestSlide(
        Optional.of(
            SlideScanned.newBuilder()
                .setSlideId(ID)
                .setOrgan("kidney")
                .setTileCount(1)
                .setScannedAt(NOW)
                .setBoundsX(4)
                .setBoundsY(4)
                .setDicomImageUid(image)
                .setDicomSeriesUid(series)
                .setDicomStudyUid(study)
                .build()));
  }

  public static TestSlide scanned(String scanId, int tiles) {
    return new TestSlide(
        Optional.of(
            SlideScanned.newBuilder()
                .setSlideId(ID)
                .setOrgan("kidney")
                .setTileCount(tiles)
                .setScannedAt(NOW)
                .setScanId(scanId)
                .build()));
  }

  /** A tile at a place of level 0; every character that is not a dot is positive. */
  public TestSlide tile(int x, int y, String... rows) {
    return add(result(x, y, rows).build());
  }

  public TestSlide add(TileSegmented result) {
    gatherer.add(result, 0, offset++);
    return this;
  }

  public TestSlide judged(int x, int y, Verdict verdict, String... rows) {
    gatherer.judge(
        tileId(x, y),
        MaskCorrected.newBuilder()
            .setTileId(tileId(x, y))
            .setSlideId(ID)
            .setOrgan("kidney")
            .setX(x)
            .setY(y)
            .setWidth(rows[0].length())
            .setHeight(rows.length)
            .setFormat(ImageFormat.PNG)
            .setImage(ByteBuffer.allocate(0))
            .setMask(ByteBuffer.wrap(MaskPng.encode(mask(rows))))
            .setVerdict(verdict)
            .setReviewer("anna")
            .setModelId("m")
            .setModelVersion(1)
            .setCorrectedAt(NOW)
            .build());
    return this;
  }

  public SlideResults results() {
    return gatherer.results();
  }

  public static String tileId(int x, int y) {
    return ID + "/" + x + "/" + y;
  }

  public static Mask mask(String... rows) {
    byte[] values = new byte[rows.length * rows[0].length()];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[y].length(); x++) {
        values[y * rows[0].length() + x] = (byte) (rows[y].charAt(x) == '.' ? 0 : 1);
      }
    }
    return Mask.of(rows[0].length(), rows.length, values);
  }

  public static TileSegmented.Builder result(int x, int y, String... rows) {
    return result(x, y, mask(rows));
  }

  public static TileSegmented.Builder result(int x, int y, Mask mask) {
    return TileSegmented.newBuilder()
        .setTileId(tileId(x, y))
        .setSlideId(ID)
        .setOrgan("kidney")
        .setConditionedOn("kidney")
        .setX(x)
        .setY(y)
        .setWidth(mask.width())
        .setHeight(mask.height())
        .setMicronsPerPixel(0.5)
        .setMask(ByteBuffer.wrap(MaskPng.encode(mask)))
        .setMaskThreshold(0.5)
        .setMeanEntropy(0.1)
        .setTailEntropy(0.1)
        .setRoutingScore(0.1)
        .setRoutingScoreName("mean-entropy")
        .setPositiveFraction(0.1)
        .setModelId("m")
        .setModelVersion(1)
        .setTile(new TileLocation("histoflow.tiles.scanned.v1", 0, 0L))
        .setScannedAt(NOW)
        .setSegmentedAt(NOW);
  }

  /** An entropy map of one value. */
  public static ByteBuffer entropy(int width, int height, int value) {
    int w = (width + 3) / 4;
    int h = (height + 3) / 4;
    byte[] values = new byte[w * h];
    Arrays.fill(values, (byte) value);
    return ByteBuffer.wrap(GreyPng.encode(GreyImage.of(w, h, values)));
  }
}
