package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.imageio.Guarded;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file of a whole slide: a level of it, or a picture beside. Everything that sizes an array was
 * checked against the file's length. Safe for use by several threads.
 */
public final class DicomFile implements AutoCloseable {

  private static final int MARK_END = 132;

  private final Path path;
  private final FileChannel file;
  private final DicomHeader header;
  private final DicomFrames frames;

  /** The frame of each place in the grid of frames, row by row; -1 where there is none. */
  private final int[] places;

  private DicomFile(Path path, FileChannel file) throws IOException, ImageRejectedException {
    this.path = path;
    this.file = file;
    this.header = DicomHeader.read(file);
    this.places = header.places();
    DicomParser.Pixels pixels = header.pixels();
    this.frames =
        header.encoding() == FrameEncoding.PLAIN
            ? DicomFrames.plain(file, pixels, header.frames(), header.frameBytes())
            : DicomFrames.inItems(file, pixels.position(), header.frames(), mostFrameBytes());
  }

  /**
   * Whether a file begins as DICOM does.
   *
   * @throws ImageRejectedException where it cannot be read; the message begins with its name
   */
  public static boolean isOne(Path path) throws ImageRejectedException {
    try (var in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(MARK_END);
      return head.length == MARK_END
          && head[128] == 'D'
          && head[129] == 'I'
          && head[130] == 'C'
          && head[131] == 'M';
    } catch (IOException e) {
      throw new ImageRejectedException(path + ": it cannot be read (" + e + ")", e);
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws ImageRejectedException where it is damaged or of a kind that is not supported; the
   *     message begins with its name
   */
  public static DicomFile open(Path path) throws ImageRejectedException {
    FileChannel file = null;
    try {
      file = FileChannel.open(path, StandardOpenOption.READ);
      FileChannel open = file;
      return Guarded.decoding("the DICOM file", () -> new DicomFile(path, open));
    } catch (IOException e) {
      close(file);
      throw new ImageRejectedException(path + ": it cannot be read (" + e + ")", e);
    } catch (ImageRejectedException e) {
      close(file);
      throw e.of(path);
    }
  }

  /** Its path. */
  public Path path() {
    return path;
  }

  /** What it says of itself. */
  public DicomHeader header() {
    return header;
  }

  /**
   * Reads a frame as it is stored.
   *
   * @param column of the grid of frames
   * @param row of the grid of frames
   * @return empty where the file has none there
   * @throws ImageRejectedException where it cannot be read
   */
  public Optional<byte[]> frame(int column, int row) throws ImageRejectedException {
    int frame = places[row * header.across() + column];
    return frame < 0
        ? Optional.empty()
        : Optional.of(
            Guarded.decoding("the DICOM file", () -> frames.read(frame, mostFrameBytes())));
  }

  @Override
  public void close() {
    close(file);
  }

  /** No codec makes noise larger than that. */
  private long mostFrameBytes() {
    return 8 * header.frameBytes() + (1 << 16);
  }

  private static void close(FileChannel file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // Nothing was written: a file that does not close loses nothing.
      return;
    }
  }

  @Override
  public String toString() {
    return "DicomFile[" + path + ", " + Arrays.toString(header.imageType()) + "]";
  }
}
