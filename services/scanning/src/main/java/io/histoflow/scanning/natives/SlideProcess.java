package io.histoflow.scanning.natives;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A slide that OpenSlide reads in other processes. Safe for use by several threads. */
public final class SlideProcess implements AutoCloseable {

  private static final int MOST_DESCRIPTION = 64 << 20;
  private static final int CHANNELS = 3;

  private final NativeProcess process = new NativeProcess();
  private final String file;

  /** A slide that is not open yet. */
  public SlideProcess(Path file) {
    this.file = file.toAbsolutePath().toString();
  }

  /**
   * Opens the slide.
   *
   * @throws ImageRejectedException where OpenSlide is not installed or cannot read it
   */
  public Description describe() throws ImageRejectedException {
    byte[] answer = process.run(new Job.OpenSlide(file), "the slide", MOST_DESCRIPTION);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer))) {
      List<Size> levels = new ArrayList<>();
      int levelCount = in.readInt();
      for (int i = 0; i < levelCount; i++) {
        levels.add(new Size(in.readLong(), in.readLong(), in.readDouble()));
      }
      Map<String, String> properties = new LinkedHashMap<>();
      int propertyCount = in.readInt();
      for (int i = 0; i < propertyCount; i++) {
        properties.put(in.readUTF(), in.readUTF());
      }
      List<String> pictures = new ArrayList<>();
      int pictureCount = in.readInt();
      for (int i = 0; i < pictureCount; i++) {
        pictures.add(in.readUTF());
      }
      return new Description(levels, properties, pictures);
    } catch (IOException e) {
      throw new ImageRejectedException("OpenSlide's answer is not whole", e);
    }
  }

  /**
   * Reads a region; what lies outside the slide is white.
   *
   * @param x left edge in level-0 pixels
   * @param y top edge in level-0 pixels
   * @param width in pixels of the level; with the height at most 64 megapixels
   * @param height in pixels of the level
   * @throws ImageRejectedException where it cannot be read
   */
  public RgbImage region(int level, long x, long y, int width, int height)
      throws ImageRejectedException {
    int bytes = Math.multiplyExact(CHANNELS * width, height);
    byte[] rgb =
        process.run(new Job.Region(file, level, x, y, width, height), "a part of it", bytes);
    if (rgb.length != bytes) {
      throw new ImageRejectedException("OpenSlide's answer is not whole");
    }
    return RgbImage.of(width, height, rgb);
  }

  /**
   * Reads a picture beside the slide.
   *
   * @throws ImageRejectedException where it cannot be read
   */
  public RgbImage associated(String name) throws ImageRejectedException {
    byte[] answer = process.run(new Job.Associated(file, name), "its " + name, Job.MOST_BYTES);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer))) {
      int width = in.readInt();
      int height = in.readInt();
      return RgbImage.of(width, height, in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageRejectedException("OpenSlide's answer is not whole", e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * A level.
   *
   * @param width in pixels
   * @param height in pixels
   * @param downsample level-0 pixels along one of its own
   */
  public record Size(long width, long height, double downsample) {}

  /**
   * What OpenSlide tells of a slide.
   *
   * @param levels from large to small
   * @param properties those that begin with openslide
   * @param pictures names of the pictures beside it
   */
  public record Description(
      List<Size> levels, Map<String, String> properties, List<String> pictures) {

    public Description {
      levels = List.copyOf(levels);
      properties = Map.copyOf(properties);
      pictures = List.copyOf(pictures);
    }
  }
}
