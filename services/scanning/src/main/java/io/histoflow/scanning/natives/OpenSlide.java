package io.histoflow.scanning.natives;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * OpenSlide 3.4 or 4 (openslide.h), where it is installed. Runs in {@link NativeWorker} only and on
 * one thread; the slide of the last job stays open.
 */
final class OpenSlide {

  private static final List<String> NAMES =
      List.of("libopenslide.so.1", "libopenslide.so.0", "openslide");

  private static final int MOST_LEVELS = 64;
  private static final int MOST_NAMES = 512;
  private static final int MOST_TEXT = 16_000;

  /** Most pixels of a region whose room is kept for the next: a tile of 1,024. */
  private static final int KEPT_PIXELS = 1 << 20;

  private final Api api;
  private int[] tile = new int[0];
  private Memory samples;
  private String file = "";
  private Pointer slide;

  /**
   * Loads the library.
   *
   * @throws NativeRefusal where there is none; it says what to install
   */
  OpenSlide() throws NativeRefusal {
    this.api = load();
  }

  private static Api load() throws NativeRefusal {
    for (String name : NAMES) {
      try {
        return Native.load(name, Api.class);
      } catch (UnsatisfiedLinkError e) {
        // The next may be there.
      }
    }
    throw new NativeRefusal(
        "slides of this kind are read through OpenSlide, which is not on this machine: install it"
            + " (Debian, Ubuntu: apt install libopenslide0; Fedora: openslide; macOS: brew install"
            + " openslide) and scan again");
  }

  /**
   * Opens a slide, anew where it is open already: the levels' sizes, the properties and the names
   * of the pictures beside, one after another.
   */
  byte[] describe(String path) throws NativeRefusal, IOException {
    close();
    Pointer open = open(path);
    int levels = api.openslide_get_level_count(open);
    if (levels < 1 || levels > MOST_LEVELS) {
      throw refusal("the slide has no level");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(levels);
    for (int level = 0; level < levels; level++) {
      long[] width = new long[1];
      long[] height = new long[1];
      api.openslide_get_level_dimensions(open, level, width, height);
      out.writeLong(width[0]);
      out.writeLong(height[0]);
      out.writeDouble(api.openslide_get_level_downsample(open, level));
    }
    Map<String, String> properties = new TreeMap<>();
    for (String name : names(api.openslide_get_property_names(open))) {
      String value = api.openslide_get_property_value(open, name);
      if (name.startsWith("openslide.") || name.equals("aperio.ScanScope ID")) {
        properties.put(name, value == null ? "" : value);
      }
    }
    out.writeInt(properties.size());
    for (Map.Entry<String, String> property : properties.entrySet()) {
      out.writeUTF(cut(property.getKey()));
      out.writeUTF(cut(property.getValue()));
    }
    List<String> pictures = names(api.openslide_get_associated_image_names(open));
    out.writeInt(pictures.size());
    for (String picture : pictures) {
      out.writeUTF(cut(picture));
    }
    requireNoError(open);
    return bytes.toByteArray();
  }

  /** Red, green and blue of a region; what lies outside the slide is white. */
  byte[] region(Job.Region job) throws NativeRefusal {
    Pointer open = open(job.file());
    int pixels = Math.multiplyExact(job.width(), job.height());
    if (pixels > tile.length) {
      tile = new int[pixels];
      samples = new Memory(4L * pixels);
    }
    // It clears what it is given first (openslide.c).
    api.openslide_read_region(
        open, samples, job.x(), job.y(), job.level(), job.width(), job.height());
    requireNoError(open);
    samples.read(0, tile, 0, pixels);
    byte[] rgb = rgb(tile, pixels);
    if (pixels > KEPT_PIXELS) {
      tile = new int[0];
      samples.close();
    }
    return rgb;
  }

  /** Width and height, then red, green and blue of a picture beside the slide. */
  byte[] associated(Job.Associated job) throws NativeRefusal, IOException {
    Pointer open = open(job.file());
    long[] width = new long[1];
    long[] height = new long[1];
    api.openslide_get_associated_image_dimensions(open, job.name(), width, height);
    long pixels = width[0] < 1 || height[0] < 1 ? -1 : width[0] * height[0];
    if (pixels < 1 || width[0] > 1 << 15 || height[0] > 1 << 15 || 4 * pixels > Job.MOST_BYTES) {
      throw refusal("its " + job.name() + " is missing or too large");
    }
    try (Memory argb = new Memory(4 * pixels)) {
      argb.clear();
      api.openslide_read_associated_image(open, job.name(), argb);
      requireNoError(open);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt((int) width[0]);
      out.writeInt((int) height[0]);
      out.write(rgb(argb.getIntArray(0, (int) pixels), (int) pixels));
      return bytes.toByteArray();
    }
  }

  private Pointer open(String path) throws NativeRefusal {
    if (slide != null && path.equals(file)) {
      return slide;
    }
    close();
    Pointer opened = api.openslide_open(path);
    if (opened == null) {
      throw refusal("it is no slide of a kind that OpenSlide reads");
    }
    String error = api.openslide_get_error(opened);
    if (error != null) {
      api.openslide_close(opened);
      throw refusal("OpenSlide cannot read it (" + cut(error) + ")");
    }
    slide = opened;
    file = path;
    return opened;
  }

  private void close() {
    if (slide != null) {
      api.openslide_close(slide);
      slide = null;
    }
  }

  /** An error is for ever: the slide has to be opened anew. */
  private void requireNoError(Pointer open) throws NativeRefusal {
    String error = api.openslide_get_error(open);
    if (error != null) {
      close();
      throw refusal("OpenSlide cannot read it (" + cut(error) + ")");
    }
  }

  private static NativeRefusal refusal(String sentence) {
    return new NativeRefusal(sentence);
  }

  /** Premultiplied samples over white glass. */
  private static byte[] rgb(int[] argb, int pixels) {
    byte[] rgb = new byte[3 * pixels];
    int o = 0;
    for (int i = 0; i < pixels; i++) {
      int pixel = argb[i];
      int white = 255 - (pixel >>> 24);
      if (white == 0) {
        rgb[o++] = (byte) (pixel >> 16);
        rgb[o++] = (byte) (pixel >> 8);
        rgb[o++] = (byte) pixel;
      } else {
        rgb[o++] = (byte) Math.min(255, ((pixel >> 16) & 0xFF) + white);
        rgb[o++] = (byte) Math.min(255, ((pixel >> 8) & 0xFF) + white);
        rgb[o++] = (byte) Math.min(255, (pixel & 0xFF) + white);
      }
    }
    return rgb;
  }

  private static List<String> names(Pointer array) {
    List<String> names = new ArrayList<>();
    for (int i = 0; array != null && i < MOST_NAMES; i++) {
      Pointer name = array.getPointer((long) i * Native.POINTER_SIZE);
      if (name == null) {
        break;
      }
      names.add(name.getString(0, "UTF-8"));
    }
    return names;
  }

  private static String cut(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }

  /** The functions of openslide.h, by its names. */
  @SuppressWarnings("checkstyle:MethodName")
  interface Api extends Library {
    Pointer openslide_open(String file);

    void openslide_close(Pointer slide);

    String openslide_get_error(Pointer slide);

    int openslide_get_level_count(Pointer slide);

    void openslide_get_level_dimensions(Pointer slide, int level, long[] width, long[] height);

    double openslide_get_level_downsample(Pointer slide, int level);

    void openslide_read_region(
        Pointer slide, Pointer argb, long x, long y, int level, long width, long height);

    Pointer openslide_get_property_names(Pointer slide);

    String openslide_get_property_value(Pointer slide, String name);

    Pointer openslide_get_associated_image_names(Pointer slide);

    void openslide_get_associated_image_dimensions(
        Pointer slide, String name, long[] width, long[] height);

    void openslide_read_associated_image(Pointer slide, String name, Pointer argb);
  }
}
