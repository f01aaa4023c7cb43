package io.histoflow.imaging.imageio;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The marker segments of a JPEG, checked before a codec sees it (ITU-T T.81, annex B). Written here
 * because Java's codec fills what is cut off with grey, decodes any number of scans, and parses
 * profiles, thumbnails and metadata that nobody asked for.
 *
 * @param width in pixels, as stored
 * @param height in pixels, as stored
 * @param components 1 grey, 3 colour, 4 CMYK or YCCK
 * @param adobeTransform the Adobe segment's colour transform (0 none, 1 YCbCr, 2 YCCK); -1 without
 *     such a segment
 * @param exif what its first EXIF segment holds, or nothing
 * @param essentials the JPEG without comments and without application segments other than JFIF and
 *     Adobe
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record JpegStructure(
    int width, int height, int components, int adobeTransform, byte[] exif, byte[] essentials) {
  /** A progressive image has about ten; thousands are an attack on the decoder's time. */
  private static final int MOST_SCANS = 32;

  private static final int SOF0 = 0xC0;
  private static final int SOF1 = 0xC1;
  private static final int SOF2 = 0xC2;
  private static final int SOF15 = 0xCF;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int RST0 = 0xD0;
  private static final int RST7 = 0xD7;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;
  private static final int TEM = 0x01;

  /**
   * Walks all markers up to the end of the image.
   *
   * @throws ImageRejectedException where the file is cut off, damaged or of a kind of JPEG that is
   *     not supported
   */
  public static JpegStructure of(byte[] jpeg, ImageLimits limits) throws ImageRejectedException {
    return new Walk(jpeg, limits).run();
  }

  /** Decodes the pixels as they are stored. */
  public RgbImage decode() throws IOException {
    return components == 4
        ? Cmyk.toRgb(Codec.readJpegRaster(essentials), adobeTransform)
        : RgbImage.taking(Codec.readJpeg(essentials));
  }

  /**
   * Decodes the samples as they are stored: no colour is converted, whatever the segments say.
   *
   * @return height x width x components values, interleaved
   */
  public byte[] samples() throws IOException {
    Raster raster = Codec.readJpegRaster(essentials);
    int bands = raster.getNumBands();
    int columns = raster.getWidth();
    byte[] samples = new byte[columns * raster.getHeight() * bands];
    if (raster.getParent() == null
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && isInOrder(model.getBandOffsets())
        && raster.getDataBuffer() instanceof DataBufferByte data
        && data.getData().length == samples.length) {
      return data.getData();
    }
    int[] row = new int[columns * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, columns, 1, row);
      for (int i = 0; i < row.length; i++) {
        samples[y * row.length + i] = (byte) row[i];
      }
    }
    return samples;
  }

  private static boolean isInOrder(int... offsets) {
    return IntStream.range(0, offsets.length).allMatch(band -> offsets[band] == band);
  }

  private static final class Walk {
    private final byte[] jpeg;
    private final ImageLimits limits;
    private final ByteArrayOutputStream kept;
    private int at = 2;
    private int width;
    private int height;
    private int components;
    private int scans;
    private int adobeTransform = -1;
    private byte[] exif;

    Walk(byte[] jpeg, ImageLimits limits) {
      this.jpeg = jpeg;
      this.limits = limits;
      this.kept = new ByteArrayOutputStream(jpeg.length);
    }

    JpegStructure run() throws ImageRejectedException {
      kept.write(jpeg, 0, 2);
      while (true) {
        int marker = nextMarker();
        if (marker == EOI) {
          kept.write(0xFF);
          kept.write(EOI);
          break;
        }
        if (marker == TEM || (marker >= RST0 && marker <= RST7)) {
          continue;
        }
        segment(marker);
      }
      if (scans == 0) {
        throw new ImageRejectedException("the JPEG is damaged: it holds no image data");
      }
      byte[] anyExif = exif == null ? new byte[0] : exif;
      return new JpegStructure(
          width, height, components, adobeTransform, anyExif, kept.toByteArray());
    }

    private int nextMarker() throws ImageRejectedException {
      if (at >= jpeg.length) {
        throw truncated();
      }
      if ((jpeg[at] & 0xFF) != 0xFF) {
        throw new ImageRejectedException("the JPEG is damaged: no marker at byte " + at);
      }
      while (at < jpeg.length && (jpeg[at] & 0xFF) == 0xFF) {
        at++;
      }
      if (at >= jpeg.length) {
        throw truncated();
      }
      return jpeg[at++] & 0xFF;
    }

    private void segment(int marker) throws ImageRejectedException {
      if (jpeg.length - at < 2) {
        throw truncated();
      }
      int length = unsigned16(at);
      if (length < 2) {
        throw new ImageRejectedException(
            "the JPEG is damaged: a segment at byte " + at + " declares no length");
      }
      if (length > jpeg.length - at) {
        throw truncated();
      }
      int start = at - 2;
      int end = at + length;
      if (isFrame(marker)) {
        frame(marker, length);
      } else if (marker == APP14 && length >= 14 && isAscii(at + 2, "Adobe")) {
        adobeTransform = jpeg[at + 13] & 0xFF;
      } else if (marker == APP1 && exif == null && isAscii(at + 2, "Exif")) {
        exif = Arrays.copyOfRange(jpeg, at + 2, end);
      }
      if (marker == SOS) {
        if (components == 0) {
          throw new ImageRejectedException(
              "the JPEG is damaged: image data comes before the frame header");
        }
        scans++;
        if (scans > MOST_SCANS) {
          throw new ImageRejectedException(
              "the JPEG has more than " + MOST_SCANS + " scans; save it as baseline JPEG");
        }
        end = endOfEntropyCodedData(end);
      }
      if (isEssential(marker)) {
        kept.write(0xFF);
        kept.write(jpeg, start + 1, end - start - 1);
      }
      at = end;
    }

    private void frame(int marker, int length) throws ImageRejectedException {
      if (marker != SOF0 && marker != SOF1 && marker != SOF2) {
        throw new ImageRejectedException(
            "the JPEG is lossless, hierarchical or arithmetically coded; save it as baseline JPEG");
      }
      if (components != 0 || length < 8) {
        throw new ImageRejectedException("the JPEG is damaged: its frame header is not valid");
      }
      int precision = jpeg[at + 2] & 0xFF;
      if (precision != 8) {
        throw new ImageRejectedException(
            "the JPEG has " + precision + " bits a sample; 8 are supported");
      }
      components = jpeg[at + 7] & 0xFF;
      width = unsigned16(at + 5);
      height = unsigned16(at + 3);
      limits.checkSize(width, height);
      if (components != 1 && components != 3 && components != 4) {
        throw new ImageRejectedException(
            "the JPEG has " + components + " colour components; 1, 3 or 4 are supported");
      }
    }

    private int endOfEntropyCodedData(int from) throws ImageRejectedException {
      int i = from;
      while (i + 1 < jpeg.length) {
        if (jpeg[i] == (byte) 0xFF) {
          int next = jpeg[i + 1] & 0xFF;
          if (next != 0 && next != 0xFF && !(next >= RST0 && next <= RST7)) {
            return i;
          }
        }
        i++;
      }
      throw truncated();
    }

    private boolean isEssential(int marker) {
      if (marker == APP0) {
        return isAscii(at + 2, "JFIF");
      }
      if (marker == APP14) {
        return adobeTransform >= 0;
      }
      return !(marker > APP0 && marker <= APP15) && marker != COM;
    }

    private static boolean isFrame(int marker) {
      return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    private boolean isAscii(int from, String text) {
      if (jpeg.length - from < text.length()) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (jpeg[from + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private int unsigned16(int from) {
      return (jpeg[from] & 0xFF) << 8 | (jpeg[from + 1] & 0xFF);
    }

    private static ImageRejectedException truncated() {
      return new ImageRejectedException(
          "the JPEG is cut off: it ends before its end-of-image marker");
    }
  }
}
