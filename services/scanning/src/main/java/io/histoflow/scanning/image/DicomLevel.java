package io.histoflow.scanning.image;

import io.histoflow.imaging.DecodedParts;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Guarded;
import io.histoflow.imaging.imageio.JpegStructure;
import io.histoflow.imaging.imageio.YCbCr;
import io.histoflow.imaging.jpeg2000.Jpeg2000Decoder;
import io.histoflow.imaging.jpeg2000.Jpeg2000Header;
import io.histoflow.scanning.dicom.DicomFile;
import io.histoflow.scanning.dicom.DicomHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file of a DICOM slide, frame by frame; frames that it leaves out are white glass. Safe for
 * use by several threads.
 */
final class DicomLevel implements AutoCloseable {

  /** What one region may need of frames. */
  private static final long REGION_BYTES = 512L << 20;

  private static final byte GLASS = (byte) 255;

  private final DicomFile file;
  private final DicomHeader header;
  private final Jpeg2000Decoder jpeg2000;
  private final DecodedParts frames = new DecodedParts();

  /** Takes the file over. */
  DicomLevel(DicomFile file, Jpeg2000Decoder jpeg2000) {
    this.file = file;
    this.header = file.header();
    this.jpeg2000 = jpeg2000;
  }

  DicomHeader header() {
    return header;
  }

  SlideImage.Level size() {
    return new SlideImage.Level(header.width(), header.height());
  }

  /** Bytes of the pixels of one frame. */
  long frameBytes() {
    return 3L * header.frameWidth() * header.frameHeight();
  }

  RgbImage whole() throws ImageRejectedException {
    ImageLimits.forFiles().checkSize(header.width(), header.height());
    return region(0, 0, header.width(), header.height());
  }

  RgbImage region(int x, int y, int width, int height) throws ImageRejectedException {
    size().requireInside(x, y, width, height);
    int w = header.frameWidth();
    int h = header.frameHeight();
    int right = (x + width - 1) / w;
    int bottom = (y + height - 1) / h;
    long needed = 3L * w * h * (right - x / w + 1) * (bottom - y / h + 1);
    if (needed > REGION_BYTES) {
      throw new ImageRejectedException("a part of it needs more than 512 MiB of frames");
    }
    byte[] out = new byte[Math.multiplyExact(3 * width, height)];
    Arrays.fill(out, GLASS);
    for (int row = y / h; row <= bottom; row++) {
      for (int column = x / w; column <= right; column++) {
        Optional<RgbImage> frame = frame(column, row, needed);
        if (frame.isPresent()) {
          copy(frame.get(), column * w - x, row * h - y, width, height, out);
        }
      }
    }
    return RgbImage.of(width, height, out);
  }

  /** Copies what a frame at (left, top) of the region shares with it. */
  private static void copy(RgbImage frame, int left, int top, int width, int height, byte[] out) {
    int from = Math.max(0, left);
    int to = Math.min(width, left + frame.width());
    for (int line = Math.max(0, top); line < Math.min(height, top + frame.height()); line++) {
      System.arraycopy(
          frame.rgb(),
          3 * ((line - top) * frame.width() + from - left),
          out,
          3 * (line * width + from),
          3 * (to - from));
    }
  }

  private Optional<RgbImage> frame(int column, int row, long needed) throws ImageRejectedException {
    return Guarded.decoding(
        "a frame of the DICOM file",
        () ->
            frames.get(
                (long) row * header.across() + column,
                needed,
                () -> {
                  Optional<byte[]> encoded = file.frame(column, row);
                  return encoded.isPresent()
                      ? Optional.of(decode(encoded.get()))
                      : Optional.empty();
                }));
  }

  private RgbImage decode(byte[] encoded) throws IOException, ImageRejectedException {
    byte[] samples =
        switch (header.encoding()) {
          case PLAIN -> encoded;
          case JPEG -> {
            JpegStructure jpeg = JpegStructure.of(trimmed(encoded), ImageLimits.forTiles());
            requireSize(jpeg.width(), jpeg.height(), jpeg.components());
            yield jpeg.samples();
          }
          case JPEG_2000 -> {
            Jpeg2000Header image = Jpeg2000Header.of(encoded, ImageLimits.forTiles());
            requireSize(image.width(), image.height(), image.components());
            byte[] decoded = jpeg2000.decode(encoded, image);
            if (header.isYCbCr() ? image.transformed() : image.subsampled()) {
              throw new ImageRejectedException(
                  "a frame of the DICOM file contradicts the colour space that the file names");
            }
            yield decoded;
          }
        };
    if (header.samples() == 1) {
      return RgbImage.of(header.frameWidth(), header.frameHeight(), threeOfEach(samples));
    }
    if (header.isYCbCr()) {
      YCbCr.toRgb(samples);
    }
    return RgbImage.of(header.frameWidth(), header.frameHeight(), samples);
  }

  /** Items have an even length: a byte of padding may follow the end of the image. */
  private static byte[] trimmed(byte[] jpeg) {
    int end = jpeg.length;
    return end > 2 && jpeg[end - 1] == 0 ? Arrays.copyOf(jpeg, end - 1) : jpeg;
  }

  private void requireSize(int width, int height, int components) throws ImageRejectedException {
    if (width != header.frameWidth()
        || height != header.frameHeight()
        || components != header.samples()) {
      throw new ImageRejectedException(
          "a frame of %d x %d pixels holds an image of %d x %d: the DICOM file is damaged"
              .formatted(header.frameWidth(), header.frameHeight(), width, height));
    }
  }

  private static byte[] threeOfEach(byte[] grey) {
    byte[] rgb = new byte[3 * grey.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = grey[i / 3];
    }
    return rgb;
  }

  /** Lets go of what was decoded. */
  void forget() {
    frames.forget();
  }

  @Override
  public void close() {
    forget();
    file.close();
  }
}
