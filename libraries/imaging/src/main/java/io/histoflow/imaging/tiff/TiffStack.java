package io.histoflow.imaging.tiff;

import io.histoflow.imaging.ImageRejectedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the images of a TIFF is meant. The largest is; where several are as large, they are
 * channels, focus levels or times, and only three channels that are certain to be red, green and
 * blue make one picture.
 */
final class TiffStack {

  /** OME-XML names the pixels at its beginning; the rest may be of any length. */
  private static final int MOST_DESCRIPTION = 1 << 20;

  /** Where a preview says what it is. */
  private static final int MOST_LABEL = 1024;

  private static final int REDUCED_OR_MASK = 1 | 4;
  private static final int MASK = 4;
  private static final int OLD_REDUCED = 2;
  private static final int LUT_BYTES = 3 * 256;
  private static final int MOST_IMAGEJ_BLOCKS = 64;

  private static final Pattern IMAGEJ = Pattern.compile("(?m)^(images|channels|mode)=(\\w+)");
  private static final List<List<String>> NAMES =
      List.of(List.of("red", "r"), List.of("green", "g"), List.of("blue", "b"));
  private static final List<Integer> COLOURS = List.of(0xFF0000FF, 0x00FF00FF, 0x0000FFFF);

  private final List<TiffDirectory> all;
  private final List<TiffDirectory> images = new ArrayList<>();
  private final List<TiffDirectory> levels = new ArrayList<>();
  private final Map<String, TiffDirectory> associated = new LinkedHashMap<>();
  private final String description;
  private int leftOut;

  private TiffStack(List<TiffDirectory> all) throws IOException, ImageRejectedException {
    this.all = all;
    this.description = all.get(0).text(TiffTag.DESCRIPTION, MOST_DESCRIPTION).orElse("");
  }

  /**
   * Chooses.
   *
   * @throws ImageRejectedException where it is not clear what is meant
   */
  static TiffStack of(List<TiffDirectory> all) throws IOException, ImageRejectedException {
    TiffStack stack = new TiffStack(all);
    stack.choose();
    return stack;
  }

  /** One image, or three that are red, green and blue. */
  List<TiffDirectory> images() {
    return images;
  }

  /** The description of the image, else of the file: OME and ImageJ write one only. */
  String description() throws IOException, ImageRejectedException {
    String own = images.get(0).text(TiffTag.DESCRIPTION, MOST_DESCRIPTION).orElse("");
    return own.isEmpty() ? description : own;
  }

  /** Smaller copies of the image, stored alike, from large to small. */
  List<TiffDirectory> levels() {
    return levels;
  }

  /** Label, macro and thumbnail, by these names. */
  Map<String, TiffDirectory> associated() {
    return associated;
  }

  /** Images that are neither the one that is meant nor said to be smaller copies of it. */
  int leftOut() {
    return leftOut;
  }

  private void choose() throws IOException, ImageRejectedException {
    TiffDirectory largest = all.get(0);
    long most = 0;
    for (TiffDirectory directory : all) {
      long pixels = area(directory);
      if (pixels > most) {
        most = pixels;
        largest = directory;
      }
    }
    for (TiffDirectory directory : all) {
      if (directory == largest || isTwin(directory, largest)) {
        images.add(directory);
      } else if (!isCopy(directory, largest)) {
        leftOut++;
      }
    }
    findLevels(largest);
    long planes = Math.max(images.size(), declaredPlanes(largest));
    if (planes == 1 || (planes == 3 && images.size() == 3 && isRgb())) {
      return;
    }
    String size = width(largest) + " x " + height(largest);
    if (largest.number(TiffTag.SAMPLES, 1) == 1 && planes == 3) {
      throw new ImageRejectedException(
          ("the TIFF holds 3 channels of %s pixels as images of their own and does not say"
                  + " that they are red, green and blue; merge them into one RGB image (in ImageJ:"
                  + " Image > Type > RGB Color)")
              .formatted(size));
    }
    throw new ImageRejectedException(
        ("the TIFF holds %s images of %s pixels (channels, focus levels or times), and one is"
                + " needed; save the one you mean as a TIFF of its own, for example with: vips copy"
                + " IN.tif[page=0] OUT.tif")
            .formatted(planes, size));
  }

  private void findLevels(TiffDirectory largest) throws IOException, ImageRejectedException {
    List<TiffDirectory> others = new ArrayList<>(all);
    others.addAll(children(largest));
    for (TiffDirectory directory : others) {
      Optional<String> name = label(directory);
      if (directory == largest || images.contains(directory)) {
        continue;
      }
      if (name.isPresent()) {
        associated.putIfAbsent(name.get(), directory);
      } else if (isLevel(directory, largest)) {
        levels.add(directory);
      }
    }
    levels.sort(Comparator.comparingLong(TiffStack::sortingWidth).reversed());
  }

  /** Copies that cannot be read cost their speed and no pixel. */
  private static List<TiffDirectory> children(TiffDirectory largest) {
    try {
      return largest.children();
    } catch (IOException | ImageRejectedException e) {
      return List.of();
    }
  }

  private static long sortingWidth(TiffDirectory directory) {
    try {
      return width(directory);
    } catch (IOException | ImageRejectedException e) {
      // Of a level it was read before.
      return 0;
    }
  }

  /** What an image that shows the glass or its label is called. */
  private static Optional<String> label(TiffDirectory directory)
      throws IOException, ImageRejectedException {
    String text = directory.text(TiffTag.DESCRIPTION, MOST_LABEL).orElse("");
    String lower = text.toLowerCase(Locale.ROOT);
    boolean aperio = text.startsWith("Aperio");
    for (String name : List.of("label", "macro", "thumbnail", "overview")) {
      if (aperio ? lower.contains("\n" + name) : lower.startsWith(name)) {
        return Optional.of(name);
      }
    }
    // Aperio keeps its thumbnail in strips behind the first image, and gives it that one's text.
    return aperio && !TiffPage.isTiled(directory) ? Optional.of("thumbnail") : Optional.empty();
  }

  /** Smaller by the same factor along both sides but for rounding. */
  private static boolean isLevel(TiffDirectory directory, TiffDirectory largest)
      throws IOException, ImageRejectedException {
    long w = width(directory);
    long h = height(directory);
    return w >= 1
        && h >= 1
        && w < width(largest)
        && Math.abs(w * height(largest) - h * width(largest)) <= width(largest) + height(largest)
        && TiffPage.isTiled(directory) == TiffPage.isTiled(largest)
        && directory.number(TiffTag.SAMPLES, 1) == largest.number(TiffTag.SAMPLES, 1)
        && directory.number(TiffTag.ORIENTATION, 1) == largest.number(TiffTag.ORIENTATION, 1)
        && (directory.number(TiffTag.SUBFILE_TYPE, 0) & MASK) == 0;
  }

  /** Sides that do not fit are refused once the image is chosen. */
  private static long width(TiffDirectory directory) throws IOException, ImageRejectedException {
    return Math.min(directory.number(TiffTag.WIDTH, 0), Integer.MAX_VALUE);
  }

  private static long height(TiffDirectory directory) throws IOException, ImageRejectedException {
    return Math.min(directory.number(TiffTag.HEIGHT, 0), Integer.MAX_VALUE);
  }

  private static long area(TiffDirectory directory) throws IOException, ImageRejectedException {
    return width(directory) * height(directory);
  }

  /** As large and stored alike; scanners keep previews of small slides in strips. */
  private static boolean isTwin(TiffDirectory directory, TiffDirectory largest)
      throws IOException, ImageRejectedException {
    return width(directory) == width(largest)
        && height(directory) == height(largest)
        && directory.number(TiffTag.SAMPLES, 1) == largest.number(TiffTag.SAMPLES, 1)
        && TiffPage.isTiled(directory) == TiffPage.isTiled(largest)
        && !isMarkedReduced(directory);
  }

  private static boolean isMarkedReduced(TiffDirectory directory)
      throws IOException, ImageRejectedException {
    return (directory.number(TiffTag.SUBFILE_TYPE, 0) & REDUCED_OR_MASK) != 0
        || directory.number(TiffTag.OLD_SUBFILE_TYPE, 0) == OLD_REDUCED;
  }

  /** A level of a pyramid, a preview, a label or an overview. */
  private static boolean isCopy(TiffDirectory directory, TiffDirectory largest)
      throws IOException, ImageRejectedException {
    if (isMarkedReduced(directory)) {
      return true;
    }
    double across = width(directory) / (double) width(largest);
    double down = height(directory) / (double) height(largest);
    double onePixel = 2.0 / Math.min(width(largest), height(largest));
    String text = directory.text(TiffTag.DESCRIPTION, MOST_LABEL).orElse("");
    String lower = text.toLowerCase(Locale.ROOT);
    return Math.abs(across - down) <= onePixel
        || lower.contains("label")
        || lower.contains("macro")
        || lower.contains("thumbnail")
        || lower.contains("overview");
  }

  /** How many images the description says belong together, also where they are elsewhere. */
  private long declaredPlanes(TiffDirectory largest) throws IOException, ImageRejectedException {
    long planes = largest.number(TiffTag.IMAGE_DEPTH, 1);
    Optional<OmePixels> ome = ome(largest);
    if (ome.isPresent()) {
      long channels = ome.get().sizeC() / Math.max(1, largest.number(TiffTag.SAMPLES, 1));
      planes = Math.max(planes, ome.get().levels() * Math.max(1, channels));
    }
    if (isImageJ()) {
      planes = Math.max(planes, imageJ("images").map(TiffStack::whole).orElse(1L));
    }
    return planes;
  }

  private Optional<OmePixels> ome(TiffDirectory largest)
      throws IOException, ImageRejectedException {
    for (OmePixels pixels : OmePixels.of(description)) {
      if (pixels.width() == width(largest) && pixels.height() == height(largest)) {
        return Optional.of(pixels);
      }
    }
    return Optional.empty();
  }

  private boolean isRgb() throws IOException, ImageRejectedException {
    for (TiffDirectory image : images) {
      boolean grey =
          image.number(TiffTag.SAMPLES, 1) == 1
              && image.number(TiffTag.BITS, 1) == 8
              && image.number(TiffTag.PHOTOMETRIC, 1) == TiffKind.BLACK_IS_ZERO;
      if (!grey) {
        return false;
      }
    }
    Optional<OmePixels> ome = ome(images.get(0));
    if (ome.isPresent()) {
      return ome.get().sizeC() == 3 && isRgb(ome.get().channels());
    }
    boolean coloured =
        imageJ("mode").filter(mode -> mode.equals("composite") || mode.equals("color")).isPresent();
    return isImageJ() && coloured && imageJ("channels").equals(Optional.of("3")) && isRgbInImageJ();
  }

  private static boolean isRgb(List<OmePixels.Channel> channels) {
    if (channels.size() != 3) {
      return false;
    }
    boolean named = true;
    boolean coloured = true;
    for (int c = 0; c < 3; c++) {
      named &= NAMES.get(c).contains(channels.get(c).name().toLowerCase(Locale.ROOT));
      coloured &= channels.get(c).colour().equals(Optional.of(COLOURS.get(c)));
    }
    return named || coloured;
  }

  private boolean isImageJ() {
    return description.startsWith("ImageJ=");
  }

  private Optional<String> imageJ(String key) {
    Matcher match = IMAGEJ.matcher(description);
    while (match.find()) {
      if (match.group(1).equals(key)) {
        return Optional.of(match.group(2));
      }
    }
    return Optional.empty();
  }

  private static long whole(String digits) {
    return digits.matches("[0-9]{1,12}") ? Long.parseLong(digits) : 1;
  }

  /**
   * Whether ImageJ shows the channels as red, green and blue: it does unless the file has look-up
   * tables that say otherwise (its fields 50838 and 50839: the sizes of the blocks, the first of
   * which lists their kinds and numbers).
   */
  private boolean isRgbInImageJ() throws IOException, ImageRejectedException {
    TiffDirectory first = all.get(0);
    if (!first.has(TiffTag.IMAGEJ_METADATA)) {
      return true;
    }
    long[] sizes = first.numbers(TiffTag.IMAGEJ_SIZES, MOST_IMAGEJ_BLOCKS);
    ByteBuffer blocks =
        ByteBuffer.wrap(first.bytes(TiffTag.IMAGEJ_METADATA, MOST_DESCRIPTION))
            .order(first.order());
    if (sizes.length == 0 || sizes[0] < 12 || sizes[0] > blocks.limit()) {
      return false;
    }
    long at = sizes[0];
    int block = 1;
    for (int entry = 4; entry + 8 <= sizes[0]; entry += 8) {
      byte[] kind = ByteBuffer.allocate(4).putInt(blocks.getInt(entry)).array();
      int count = blocks.getInt(entry + 4);
      boolean tables = new String(kind, StandardCharsets.ISO_8859_1).equals("luts");
      if (count < 0 || count > sizes.length - block || (tables && count != 3)) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        if (tables && !isRamp(blocks, at, sizes[block], i)) {
          return false;
        }
        at += sizes[block++];
      }
    }
    return true;
  }

  /** Whether a look-up table shows its values as the shades of one primary colour. */
  private static boolean isRamp(ByteBuffer blocks, long at, long size, int channel) {
    if (size != LUT_BYTES || at > blocks.limit() - LUT_BYTES) {
      return false;
    }
    for (int i = 0; i < LUT_BYTES; i++) {
      int expected = i / 256 == channel ? i % 256 : 0;
      if ((blocks.get((int) at + i) & 0xFF) != expected) {
        return false;
      }
    }
    return true;
  }
}
