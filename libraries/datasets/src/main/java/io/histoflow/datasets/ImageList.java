package io.histoflow.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A text file that names images, one id a line; empty lines and lines that begin with # say
 * nothing.
 */
public final class ImageList {

  private final Path file;
  private final Set<String> ids;

  private ImageList(Path file, Set<String> ids) {
    this.file = file;
    this.ids = ids;
  }

  /**
   * Reads a list.
   *
   * @throws DatasetException where the file cannot be read
   */
  public static ImageList read(Path file) {
    Set<String> ids = new LinkedHashSet<>();
    try {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          ids.add(DatasetFolder.id(line.strip()));
        }
      }
    } catch (IOException e) {
      throw new DatasetException("The list of images " + file + " cannot be read: " + e, e);
    }
    return new ImageList(file, ids);
  }

  /**
   * Chooses the images that the list names, in the order in which they are given.
   *
   * @param id of an image
   * @throws DatasetException where the list names nothing, or an image that is not among these
   */
  public <T> List<T> choose(List<T> images, Function<T, String> id) {
    List<T> chosen = images.stream().filter(image -> ids.contains(id.apply(image))).toList();
    Set<String> missing = new LinkedHashSet<>(ids);
    chosen.forEach(image -> missing.remove(id.apply(image)));
    if (!missing.isEmpty() || chosen.isEmpty()) {
      throw new DatasetException(
          missing.isEmpty()
              ? file + " names no image; write one id a line"
              : "%s names '%s', which is in none of the data sets"
                  .formatted(file, missing.iterator().next()));
    }
    return chosen;
  }
}
