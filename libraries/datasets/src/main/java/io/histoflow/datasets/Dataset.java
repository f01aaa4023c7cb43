package io.histoflow.datasets;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Images with masks on disk, in one of two layouts:
 *
 * <ul>
 *   <li>{@code <organ>/images/<id>.png|jpg|jpeg|tif|tiff} with {@code <organ>/masks/<id>.png};
 *   <li>NuInsSeg as published: {@code human <organ>/tissue images/<id>.png} with {@code human
 *       <organ>/mask binary/<id>.png}, likewise {@code mouse <organ>}.
 * </ul>
 *
 * <p>Beside the masks there may be a folder {@code uncertain}: {@code <id>.png} is not 0 where the
 * mask of that image says nothing.
 *
 * <p>The organ is the folder's name in lower case, without 'human' or 'mouse'; 'unknown' where it
 * is 'mixed'. Pairs are checked when the set is opened, contents when a sample is loaded.
 */
public final class Dataset {

  private final List<Sample> samples;

  private Dataset(List<Sample> samples) {
    this.samples = List.copyOf(samples);
  }

  /**
   * Opens one or several folders as one data set.
   *
   * @param roots folders of either layout, each with one folder an organ, or the folder of one
   *     organ itself
   * @throws DatasetException where a folder holds no images, an image has no mask, a mask has no
   *     image, or two images of an organ share a name
   */
  public static Dataset open(Path... roots) {
    return open(Arrays.asList(roots));
  }

  /** As {@link #open(Path...)}. */
  public static Dataset open(List<Path> roots) {
    if (roots.isEmpty()) {
      throw new DatasetException("No data set was named: give at least one folder");
    }
    Map<String, Sample> known = new HashMap<>();
    for (Path root : roots) {
      for (Sample sample : DatasetFolder.read(root)) {
        Sample other = known.putIfAbsent(sample.organ() + "/" + sample.id(), sample);
        if (other != null) {
          throw new DatasetException(
              "Two images of organ '%s' are called '%s': %s and %s; rename one"
                  .formatted(sample.organ(), sample.id(), other.image(), sample.image()));
        }
      }
    }
    List<Sample> samples = new ArrayList<>(known.values());
    samples.sort(Comparator.comparing(Sample::organ).thenComparing(Sample::id));
    return new Dataset(samples);
  }

  /**
   * The folders of images under a root of either layout, whether there are masks or not.
   *
   * @return by organ folder, sorted; empty where the folder has neither layout
   */
  public static List<ImageFolder> imageFolders(Path root) {
    return DatasetFolder.imageFolders(root);
  }

  /** All samples, by organ and then by id. */
  public List<Sample> samples() {
    return samples;
  }

  /**
   * The samples that a list names, for example those that a model was not trained on.
   *
   * @param list text file with one id a line; empty lines and lines that begin with # say nothing
   * @throws DatasetException where the list cannot be read, names nothing, or names an image that
   *     is not here
   */
  public List<Sample> only(Path list) {
    return ImageList.read(list).choose(samples, Sample::id);
  }

  /** The same images, of which so many micrometres are a pixel; empty where not known. */
  public Dataset at(OptionalDouble micronsPerPixel) {
    return new Dataset(
        samples.stream().map(sample -> sample.withMicronsPerPixel(micronsPerPixel)).toList());
  }

  /** Names of the organs, sorted. */
  public List<String> organs() {
    return samples.stream().map(Sample::organ).distinct().toList();
  }
}
