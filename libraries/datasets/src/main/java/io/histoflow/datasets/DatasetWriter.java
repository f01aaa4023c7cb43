package io.histoflow.datasets;

import io.histoflow.imaging.codec.MaskPng;
import io.histoflow.imaging.codec.RgbPng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Writes images with masks in the layout {@code <organ>/images/<id>.png}, {@code
 * <organ>/masks/<id>.png} that {@link Dataset} reads, with {@code <organ>/uncertain/<id>.png} where
 * some pixels do not count.
 */
public final class DatasetWriter {

  private static final Pattern FILE_NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,200}");

  private final Path root;

  /**
   * @param root folder of the data set; created with the first image
   */
  public DatasetWriter(Path root) {
    this.root = root;
  }

  /**
   * Writes one image and its mask.
   *
   * @param tile whose organ and id serve as names of folder and file
   * @return where they lie
   * @throws DatasetException where they cannot be written, or the names are none of a file
   */
  public Sample write(LabelledTile tile) {
    Path organ = root.resolve(checked(tile.organ()));
    String file = checked(tile.id()) + ".png";
    Sample sample =
        new Sample(
            tile.id(),
            tile.organ(),
            organ.resolve("images").resolve(file),
            organ.resolve("masks").resolve(file),
            tile.uncertain().map(left -> organ.resolve("uncertain").resolve(file)),
            tile.micronsPerPixel());
    try {
      Files.createDirectories(organ.resolve("images"));
      Files.createDirectories(organ.resolve("masks"));
      Files.write(sample.image(), RgbPng.encode(tile.image()));
      Files.write(sample.mask(), MaskPng.encode(tile.mask()));
      if (sample.uncertain().isPresent()) {
        Files.createDirectories(organ.resolve("uncertain"));
        Files.write(sample.uncertain().get(), MaskPng.encode(tile.uncertain().orElseThrow()));
      }
      return sample;
    } catch (IOException e) {
      throw new DatasetException("Image " + sample.image() + " cannot be written: " + e, e);
    }
  }

  private static String checked(String name) {
    if (!FILE_NAME.matcher(name).matches() || name.startsWith(".")) {
      throw new DatasetException("'" + name + "' cannot be the name of a file");
    }
    return name;
  }
}
