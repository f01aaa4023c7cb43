package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageFileFormat;
import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.imageio.Cmyk;
import io.histoflow.imaging.imageio.Codec;
import io.histoflow.imaging.imageio.JpegStructure;
import io.histoflow.imaging.imageio.YCbCr;
import io.histoflow.imaging.jpeg2000.Jpeg2000Decoder;
import io.histoflow.imaging.jpeg2000.Jpeg2000Header;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes one strip or tile at a time. The codec is given a TIFF of this one segment, with the few
 * fields that its pixels depend on: no other size or count of the file, no profile and no text ever
 * reaches it.
 */
final class TiffCodec {

  private static final int SHORT = 3;
  private static final int RATIONAL = 5;
  private static final int MOST_TABLES = 1 << 16;
  private static final String APERIO = "Aperio";

  private final ByteSource source;
  private final TiffPage page;
  private final Optional<Jpeg2000Decoder> jpeg2000;
  private final boolean aperio;

  TiffCodec(ByteSource source, TiffPage page, Optional<Jpeg2000Decoder> jpeg2000)
      throws IOException, ImageRejectedException {
    this.source = source;
    this.page = page;
    this.jpeg2000 = jpeg2000;
    this.aperio =
        page.fields().text(TiffTag.DESCRIPTION, APERIO.length()).orElse("").equals(APERIO);
  }

  /**
   * Decodes a segment.
   *
   * @return empty where the file leaves it out
   * @throws IOException where it is damaged; the codec throws runtime exceptions of every kind too
   * @throws ImageRejectedException where it is damaged
   */
  Optional<RgbImage> read(int column, int row) throws IOException, ImageRejectedException {
    return whole(
        page.kind().planes(),
        "a colour plane",
        plane -> {
          Optional<TiffPage.Segment> segment = page.segment(column, row, plane);
          return segment.isPresent() ? Optional.of(decode(segment.get())) : Optional.empty();
        });
  }

  /**
   * Reads an image from its parts.
   *
   * @param parts 1, or 3 grey images of one size that are its red, green and blue
   * @param name of a part, for the refusal where some are there and some are not
   * @return empty where the file leaves all of them out
   */
  static Optional<RgbImage> whole(int parts, String name, Part part)
      throws IOException, ImageRejectedException {
    RgbImage[] images = new RgbImage[parts];
    int found = 0;
    for (int i = 0; i < parts; i++) {
      Optional<RgbImage> image = part.read(i);
      if (image.isPresent()) {
        images[i] = image.get();
        found++;
      }
    }
    if (found > 0 && found < parts) {
      throw TiffDirectory.damaged(name + " of a strip or tile is missing");
    }
    return found == 0 ? Optional.empty() : Optional.of(parts == 1 ? images[0] : merged(images));
  }

  private static RgbImage merged(RgbImage... channels) {
    byte[] out = new byte[channels[0].rgb().length];
    for (int c = 0; c < 3; c++) {
      byte[] grey = channels[c].rgb();
      for (int i = c; i < out.length; i += 3) {
        out[i] = grey[i];
      }
    }
    return RgbImage.of(channels[0].width(), channels[0].height(), out);
  }

  private RgbImage decode(TiffPage.Segment segment) throws IOException, ImageRejectedException {
    byte[] data = source.read(segment.offset(), segment.bytes());
    if (page.kind().isJpeg2000()) {
      return jpeg2000(data, segment);
    }
    if (page.kind().compression() == TiffKind.JPEG) {
      data = jpeg(data, segment);
    }
    BufferedImage image = Codec.readTiff(alone(data, segment.rows()));
    return page.kind().photometric() == TiffKind.CMYK
        ? Cmyk.toRgbOfInks(image.getRaster(), page.kind().bits())
        : RgbImage.taking(image);
  }

  private RgbImage jpeg2000(byte[] data, TiffPage.Segment segment) throws ImageRejectedException {
    int width = page.segmentWidth();
    Jpeg2000Header header = Jpeg2000Header.of(data, ImageLimits.forTiles());
    if (header.width() != width
        || header.height() < segment.rows()
        || header.height() > segment.mostRows()
        || header.components() != 3) {
      throw otherSize(segment, header.width(), header.height());
    }
    byte[] samples = jpeg2000.orElseThrow().decode(data, header);
    boolean yCbCr = header.subsampled() || page.kind().isJpeg2000InYCbCr(aperio);
    if (yCbCr && !header.transformed()) {
      YCbCr.toRgb(samples);
    }
    return RgbImage.of(width, header.height(), samples);
  }

  private ImageLimits limits(TiffPage.Segment segment) {
    long pixels = (long) page.segmentWidth() * segment.mostRows();
    return new ImageLimits(page.segmentWidth(), segment.mostRows(), pixels, Integer.MAX_VALUE - 8);
  }

  private ImageRejectedException otherSize(TiffPage.Segment segment, int width, int height) {
    return TiffDirectory.damaged(
        "a strip or tile of %d x %d pixels holds an image of %d x %d"
            .formatted(page.segmentWidth(), segment.rows(), width, height));
  }

  /** A JPEG with its tables, checked and without profiles. */
  private byte[] jpeg(byte[] tile, TiffPage.Segment segment)
      throws IOException, ImageRejectedException {
    byte[] tables = page.fields().bytes(TiffTag.JPEG_TABLES, MOST_TABLES);
    byte[] whole = tile;
    if (tables.length > 4 && tile.length > 2) {
      // Both begin with a start of image; the tables end with an end of image.
      ByteArrayOutputStream joined = new ByteArrayOutputStream(tables.length + tile.length);
      joined.write(tables, 0, tables.length - 2);
      joined.write(tile, 2, tile.length - 2);
      whole = joined.toByteArray();
    }
    if (whole.length < 4 || ImageFileFormat.sniff(whole).orElse(null) != ImageFileFormat.JPEG) {
      throw TiffDirectory.damaged("a strip or tile is no JPEG");
    }
    JpegStructure jpeg = JpegStructure.of(whole, limits(segment));
    int channels = page.kind().samples() / page.kind().planes();
    if (jpeg.width() != page.segmentWidth()
        || jpeg.height() < segment.rows()
        || jpeg.components() != channels) {
      throw otherSize(segment, jpeg.width(), jpeg.height());
    }
    return jpeg.essentials();
  }

  /** A TIFF whose only strip is a segment. */
  private byte[] alone(byte[] data, int rows) throws IOException, ImageRejectedException {
    TiffKind kind = page.kind();
    boolean plane = kind.planes() > 1;
    int samples = plane ? 1 : kind.samples();
    int[] bits = new int[samples];
    Arrays.fill(bits, kind.bits());
    OneStripTiff tiff = new OneStripTiff(page.fields());
    tiff.number(TiffTag.WIDTH, page.segmentWidth());
    tiff.number(TiffTag.HEIGHT, rows);
    tiff.number(TiffTag.ROWS_PER_STRIP, rows);
    tiff.shorts(TiffTag.BITS, bits);
    tiff.shorts(TiffTag.SAMPLES, samples);
    tiff.shorts(TiffTag.COMPRESSION, kind.compression());
    tiff.shorts(TiffTag.PHOTOMETRIC, plane ? TiffKind.BLACK_IS_ZERO : kind.photometric());
    tiff.take(TiffTag.FILL_ORDER);
    tiff.take(TiffTag.T4_OPTIONS);
    tiff.take(TiffTag.T6_OPTIONS);
    if (kind.isPredicted()) {
      tiff.take(TiffTag.PREDICTOR);
    }
    if (kind.photometric() == TiffKind.PALETTE) {
      tiff.take(TiffTag.COLOUR_MAP, SHORT, 3 << kind.bits());
    }
    if (samples > kind.colours()) {
      tiff.take(TiffTag.EXTRA_SAMPLES);
    }
    if (kind.photometric() == TiffKind.YCBCR) {
      tiff.takeIfPresent(TiffTag.YCBCR_COEFFICIENTS, RATIONAL, 3);
      tiff.takeIfPresent(TiffTag.YCBCR_SUBSAMPLING, SHORT, 2);
      tiff.take(TiffTag.YCBCR_POSITIONING);
      tiff.takeIfPresent(TiffTag.REFERENCE_BLACK_WHITE, RATIONAL, 6);
    }
    return tiff.withStrip(data);
  }

  /** Reads one of the parts of an image. */
  interface Part {
    Optional<RgbImage> read(int i) throws IOException, ImageRejectedException;
  }
}
