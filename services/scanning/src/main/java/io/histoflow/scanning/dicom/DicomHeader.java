package io.histoflow.scanning.dicom;

import io.histoflow.imaging.ImageLimits;
import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What a file says of its frames and of the slide (PS3.3, C.8.12), checked. */
public final class DicomHeader {

  private static final int LONGEST_SIDE = 2_000_000;
  private static final int MOST_PLACES = 1 << 22;
  private static final double MICRONS = 1000;

  private static final Set<String> COLOURS =
      Set.of("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT");

  private final Map<Integer, DicomElement> top = new HashMap<>();
  private final Positions positions = new Positions();
  private final long fileLength;
  private Optional<DicomElement> spacing = Optional.empty();
  private DicomParser.Pixels pixels;
  private FrameEncoding encoding;
  private int width;
  private int height;
  private int frameWidth;
  private int frameHeight;
  private int samples;
  private int frames;

  private DicomHeader(long fileLength) {
    this.fileLength = fileLength;
  }

  static DicomHeader read(FileChannel file) throws IOException, ImageRejectedException {
    DicomHeader header = new DicomHeader(file.size());
    DicomParser parser = new DicomParser(file, header::hear);
    header.pixels =
        parser.parse(
            () -> header.encoding = FrameEncoding.of(header.text(DicomElement.TRANSFER_SYNTAX)));
    header.check();
    return header;
  }

  private void hear(DicomElement element) {
    switch (element.sequence()) {
      case 0 -> top.putIfAbsent(element.tag(), element);
      case DicomElement.POSITION -> positions.hear(element);
      case DicomElement.SLICE_MEASURES -> {
        if (element.tag() == DicomElement.SPACING) {
          spacing = Optional.of(spacing.orElse(element));
        }
      }
      default -> {
        // Of other sequences nothing is needed.
      }
    }
  }

  private void check() throws ImageRejectedException {
    require(encoding != null, "it does not say how it is encoded");
    frameWidth = number(DicomElement.COLUMNS);
    frameHeight = number(DicomElement.ROWS);
    width = number(DicomElement.MATRIX_COLUMNS, frameWidth);
    height = number(DicomElement.MATRIX_ROWS, frameHeight);
    samples = number(DicomElement.SAMPLES);
    frames =
        top.containsKey(DicomElement.FRAMES) ? top.get(DicomElement.FRAMES).writtenNumber() : 1;
    require(frames >= 1 && frames <= fileLength, "it declares " + frames + " frames");
    require(
        width >= 1 && height >= 1 && width <= LONGEST_SIDE && height <= LONGEST_SIDE,
        "its slide has " + width + " x " + height + " pixels");
    ImageLimits.forTiles().checkSize(frameWidth, frameHeight);
    require(
        (long) across() * down() <= MOST_PLACES,
        "its frames of %d x %d pixels are too small for %d x %d"
            .formatted(frameWidth, frameHeight, width, height));
    checkSamples();
    refuse(number(DicomElement.OPTICAL_PATHS, 1) > 1, "several optical paths (stains or lights)");
    refuse(number(DicomElement.FOCAL_PLANES, 1) > 1, "several focal planes");
    refuse(top.containsKey(DicomElement.CONCATENATION), "a slide that is cut into several files");
  }

  private void checkSamples() throws ImageRejectedException {
    String photometric = text(DicomElement.PHOTOMETRIC);
    boolean colour = samples == 3 && COLOURS.contains(photometric);
    boolean grey = samples == 1 && photometric.equals("MONOCHROME2");
    boolean deep =
        number(DicomElement.BITS_ALLOCATED) == 8
            && number(DicomElement.BITS_STORED, 8) == 8
            && number(DicomElement.SIGNED, 0) == 0;
    boolean plainColour = photometric.equals("RGB") || photometric.equals("YBR_FULL") || grey;
    boolean interleaved = samples == 1 || number(DicomElement.PLANAR, 0) == 0;
    boolean fits = encoding != FrameEncoding.PLAIN || (plainColour && interleaved);
    if (!(colour || grey) || !deep || !fits) {
      throw new ImageRejectedException(
          ("the DICOM file has %d samples a pixel of %d bits in colour space %s%s, which is not"
                  + " supported; export it as RGB of 8 bits")
              .formatted(
                  samples,
                  number(DicomElement.BITS_ALLOCATED),
                  photometric.matches("[A-Z0-9_ ]{1,32}") ? photometric : "nobody names",
                  interleaved ? "" : ", in planes of their own"));
    }
  }

  /** The frame of each place, row by row; -1 where there is none. */
  int[] places() throws ImageRejectedException {
    int[] places = new int[across() * down()];
    if (text(DicomElement.ORGANISATION).equals("TILED_FULL")) {
      require(
          frames == places.length,
          "it declares %d frames where its slide has %d".formatted(frames, places.length));
      Arrays.setAll(places, i -> i);
      return places;
    }
    // Without the word, frames lie where each says (PS3.3, C.7.6.17).
    Arrays.fill(places, -1);
    if (positions.count() == 0 && frames == 1 && places.length == 1) {
      places[0] = 0;
      return places;
    }
    require(
        positions.count() == frames,
        "%d of its %d frames say where they lie".formatted(positions.count(), frames));
    for (int i = 0; i < frames; i++) {
      int x = positions.column(i) - 1;
      int y = positions.row(i) - 1;
      require(x >= 0 && y >= 0 && x < width && y < height, "a frame lies outside its slide");
      refuse(
          x % frameWidth != 0 || y % frameHeight != 0,
          "frames that do not lie on one grid of tiles");
      int place = y / frameHeight * across() + x / frameWidth;
      refuse(places[place] >= 0, "several frames at one place");
      places[place] = i;
    }
    return places;
  }

  DicomParser.Pixels pixels() {
    return pixels;
  }

  /** How frames are compressed. */
  public FrameEncoding encoding() {
    return encoding;
  }

  /** Width of the level in pixels. */
  public int width() {
    return width;
  }

  /** Height of the level in pixels. */
  public int height() {
    return height;
  }

  /** Width of a frame in pixels. */
  public int frameWidth() {
    return frameWidth;
  }

  /** Height of a frame in pixels. */
  public int frameHeight() {
    return frameHeight;
  }

  /** Places for frames in a row. */
  public int across() {
    return (width + frameWidth - 1) / frameWidth;
  }

  /** Places for frames in a column. */
  public int down() {
    return (height + frameHeight - 1) / frameHeight;
  }

  /** Samples of a pixel: 1 or 3. */
  public int samples() {
    return samples;
  }

  int frames() {
    return frames;
  }

  long frameBytes() {
    return (long) frameWidth * frameHeight * samples;
  }

  /** Whether samples are brightness and colour differences that are not part of the codec. */
  public boolean isYCbCr() {
    String photometric = text(DicomElement.PHOTOMETRIC);
    return photometric.equals("YBR_FULL") || photometric.equals("YBR_FULL_422");
  }

  /** The series that the levels of a slide share; empty where it does not say. */
  public String series() {
    return text(DicomElement.SERIES);
  }

  /** The file's own image; empty where it does not say. */
  public String instance() {
    return text(DicomElement.INSTANCE);
  }

  /** The study that the series belongs to; empty where it does not say. */
  public String study() {
    return text(DicomElement.STUDY);
  }

  /** What the image is: VOLUME of a slide's pixels, else for example LABEL, OVERVIEW. */
  public String flavour() {
    String[] type = imageType();
    return type.length > 2 ? type[2] : "";
  }

  /** Micrometres per pixel across; the spacing is rows first and in millimetres. */
  public OptionalDouble micronsAcross() {
    return microns(1);
  }

  /** Micrometres per pixel down. */
  public OptionalDouble micronsDown() {
    return microns(0);
  }

  /** The scanner: its maker, model and serial number; may be empty. */
  public String scanner() {
    return String.join(
            " ",
            text(DicomElement.MAKER),
            text(DicomElement.MODEL),
            text(DicomElement.SERIAL_NUMBER))
        .replaceAll(" +", " ")
        .strip();
  }

  String[] imageType() {
    return text(DicomElement.IMAGE_TYPE).toUpperCase(Locale.ROOT).split("\\\\", -1);
  }

  private OptionalDouble microns(int index) {
    String[] values = spacing.map(DicomElement::text).orElse("").split("\\\\", -1);
    try {
      return values.length == 2
          ? OptionalDouble.of(MICRONS * Double.parseDouble(values[index].strip()))
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private String text(int tag) {
    return top.containsKey(tag) ? top.get(tag).text().replace("\0", "") : "";
  }

  private int number(int tag) {
    return number(tag, -1);
  }

  private int number(int tag, int fallback) {
    return top.containsKey(tag) ? top.get(tag).number() : fallback;
  }

  private static void require(boolean holds, String otherwise) throws ImageRejectedException {
    if (!holds) {
      throw DicomParser.damaged(otherwise);
    }
  }

  private static void refuse(boolean is, String what) throws ImageRejectedException {
    if (is) {
      throw new ImageRejectedException(
          "the DICOM file holds "
              + what
              + ", which is not supported; export one plane of one slide");
    }
  }

  /** Where frames say that they lie, in their order. */
  private static final class Positions {
    private int[] columns = new int[16];
    private int[] rows = new int[16];
    private int columnCount;
    private int rowCount;

    void hear(DicomElement element) {
      if (element.tag() == DicomElement.COLUMN_POSITION) {
        columns = with(columns, columnCount++, element.number());
      } else if (element.tag() == DicomElement.ROW_POSITION) {
        rows = with(rows, rowCount++, element.number());
      }
    }

    private static int[] with(int[] values, int at, int value) {
      int[] room = at == values.length ? Arrays.copyOf(values, 2 * at) : values;
      room[at] = value;
      return room;
    }

    int count() {
      return columnCount == rowCount ? columnCount : -1;
    }

    int column(int i) {
      return columns[i];
    }

    int row(int i) {
      return rows[i];
    }
  }
}
