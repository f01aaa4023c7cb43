package io.histoflow.imaging.imageio;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Runs ImageIO's codecs on arrays of bytes, without its disk cache. They answer damaged input with
 * exceptions of every kind; see {@link Guarded}.
 */
public final class Codec {
  /** Left in JPEG by some writers between segments; every pixel is still there. */
  private static final String HARMLESS = "extraneous bytes before marker";

  private Codec() {}

  static BufferedImage readPng(byte[] png) throws IOException {
    return use(reader("png"), png, reader -> reader.read(0));
  }

  static BufferedImage readJpeg(byte[] jpeg) throws IOException {
    return use(reader("jpeg"), jpeg, reader -> reader.read(0));
  }

  /** The channels of a JPEG as they are stored. */
  static Raster readJpegRaster(byte[] jpeg) throws IOException {
    return use(reader("jpeg"), jpeg, reader -> reader.readRaster(0, null));
  }

  /** The first image of a TIFF, which has to be checked: nothing is, of what it declares. */
  public static BufferedImage readTiff(byte[] tiff) throws IOException {
    return use(new TIFFImageReaderSpi().createReaderInstance(null), tiff, reader -> reader.read(0));
  }

  /** Encodes an image as PNG, with the bits and channels that it has. */
  public static byte[] writePng(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    return write(writer, image, writer.getDefaultWriteParam());
  }

  /** Encodes an image as JPEG of a quality of 0..1. */
  public static byte[] writeJpeg(BufferedImage image, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality);
    return write(writer, image, param);
  }

  private static ImageReader reader(String format) throws IIOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IIOException("this Java runtime has no reader for " + format);
    }
    return readers.next();
  }

  private static <T> T use(ImageReader reader, byte[] encoded, Reading<T> reading)
      throws IOException {
    try (ByteArrayImageInputStream in = new ByteArrayImageInputStream(encoded)) {
      // The JPEG codec answers damaged image data with a warning and fills the rest with grey.
      AtomicReference<String> warning = new AtomicReference<>();
      reader.addIIOReadWarningListener(
          (source, text) -> warning.compareAndSet(null, text.contains(HARMLESS) ? null : text));
      reader.setInput(in, false, true);
      T result = reading.apply(reader);
      if (warning.get() != null) {
        throw new IIOException(warning.get());
      }
      return result;
    } finally {
      reader.dispose();
    }
  }

  private static byte[] write(ImageWriter writer, BufferedImage image, ImageWriteParam param) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } catch (IOException e) {
      throw new UncheckedIOException("An image could not be encoded in memory", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private interface Reading<T> {
    T apply(ImageReader reader) throws IOException;
  }
}
