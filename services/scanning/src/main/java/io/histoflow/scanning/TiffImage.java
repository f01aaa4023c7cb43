package io.histoflow.scanning;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageMetadata;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReader;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageReadParam;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * A TIFF, BigTIFF or Aperio SVS, of which only a block of a few tiles is in memory at a time. Its
 * largest image is the slide in full resolution; others (lower levels, label, macro) are left
 * alone.
 */
final class TiffImage implements SlideImage {

  private static final int JPEG = 7;
  private static final int JPEG_2000_YCBCR = 33_003;
  private static final int JPEG_2000_RGB = 33_005;
  private static final int BLOCK_WIDTH = 4096;
  private static final long LARGEST_BLOCK = 1L << 30;

  private final Path file;
  private final ImageInputStream input;
  private final TIFFImageReader reader;
  private final TiffTags tags;
  private final int level;
  private final int width;
  private final int height;
  private Rectangle blockBounds = new Rectangle();
  private RgbImage block;

  private TiffImage(Path file, ImageInputStream input, TIFFImageReader reader) throws IOException {
    this.file = file;
    this.input = input;
    this.reader = reader;
    this.level = largest(reader);
    this.width = reader.getWidth(level);
    this.height = reader.getHeight(level);
    this.tags = new TiffTags((TIFFImageMetadata) reader.getImageMetadata(level));
  }

  /**
   * Opens a file and reads its first pixels, so that a kind that cannot be decoded is refused
   * before anything is published.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  static TiffImage open(Path file) throws ImageRejectedException {
    TIFFImageReader reader = new TIFFImageReaderSpi().createReaderInstance(null);
    ImageInputStream input = null;
    try {
      input = new FileImageInputStream(file.toFile());
      reader.setInput(input);
      TiffImage image = new TiffImage(file, input, reader);
      image.probe();
      return image;
    } catch (IOException | RuntimeException e) {
      close(reader, input);
      throw ImageRejectedException.damaged(file + ": the TIFF", e);
    } catch (ImageRejectedException e) {
      close(reader, input);
      throw e;
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public OptionalDouble micronsPerPixel() {
    return tags.micronsPerPixel();
  }

  @Override
  public Optional<String> scanner() {
    return tags.scanner();
  }

  @Override
  public RgbImage region(int x, int y, int w, int h) throws ImageRejectedException {
    Rectangle wanted = new Rectangle(x, y, w, h);
    if (!blockBounds.contains(wanted)) {
      load(blockAround(wanted));
    }
    return block.crop(x - blockBounds.x, y - blockBounds.y, w, h);
  }

  @Override
  public void close() {
    close(reader, input);
  }

  /** The first of the largest images: some scanners put label and overview before the slide. */
  private static int largest(TIFFImageReader reader) throws IOException {
    int largest = 0;
    long most = 0;
    for (int i = 0; i < reader.getNumImages(true); i++) {
      long pixels = (long) reader.getWidth(i) * reader.getHeight(i);
      if (pixels > most) {
        most = pixels;
        largest = i;
      }
    }
    return largest;
  }

  private void probe() throws ImageRejectedException {
    int compression = tags.compression();
    if (compression == JPEG_2000_YCBCR || compression == JPEG_2000_RGB) {
      throw new ImageRejectedException(
          file
              + ": the slide is compressed as JPEG 2000 (TIFF compression "
              + compression
              + "), which is not supported; convert it to a TIFF with JPEG tiles, for example with"
              + " vips tiffsave --tile --pyramid --compression jpeg");
    }
    region(0, 0, Math.min(width, 16), Math.min(height, 16));
  }

  /**
   * The block to read for a region. Regions narrower than the image are read of JPEG tiles only: of
   * others the codec misplaces them (TwelveMonkeys issue 746).
   */
  private Rectangle blockAround(Rectangle wanted) {
    if (tags.compression() != JPEG) {
      return new Rectangle(0, wanted.y, width, wanted.height);
    }
    int blockWidth = Math.min(width - wanted.x, Math.max(wanted.width, BLOCK_WIDTH));
    return new Rectangle(wanted.x, wanted.y, blockWidth, wanted.height);
  }

  private void load(Rectangle bounds) throws ImageRejectedException {
    if (3L * bounds.width * bounds.height > LARGEST_BLOCK) {
      throw new ImageRejectedException(
          file
              + ": the TIFF is "
              + width
              + " pixels wide and can only be read in whole rows; convert it to JPEG tiles");
    }
    block = null;
    blockBounds = new Rectangle();
    try {
      ImageReadParam param = reader.getDefaultReadParam();
      param.setSourceRegion(bounds);
      block = RgbImage.from(reader.read(level, param));
      blockBounds = bounds;
    } catch (IOException | RuntimeException e) {
      // The codec answers damaged files with exceptions of every kind.
      throw ImageRejectedException.damaged(file + ": the TIFF", e);
    }
  }

  private static void close(TIFFImageReader reader, ImageInputStream input) {
    reader.dispose();
    try {
      if (input != null) {
        input.close();
      }
    } catch (IOException e) {
      // Nothing was written: a file that does not close loses nothing.
      return;
    }
  }
}
