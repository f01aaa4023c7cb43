package io.histoflow.scanning;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Short names that tell the images of one slide apart: the file's name without its ending, or with
 * it where two differ in nothing else; in Unicode's composed form.
 */
final class ImageNames {

  private final Map<Path, String> names = new HashMap<>();

  ImageNames(List<Path> images) {
    Map<String, Long> stems = count(images, ImageNames::stem);
    Map<String, Long> fileNames = count(images, ImageNames::fileName);
    for (Path image : images) {
      if (stems.get(stem(image)) == 1) {
        names.put(image, stem(image));
      } else if (fileNames.get(fileName(image)) == 1) {
        names.put(image, fileName(image));
      }
    }
  }

  /** The name of an image; empty where another file of the slide is called the same. */
  Optional<String> of(Path image) {
    return Optional.ofNullable(names.get(image));
  }

  private static String stem(Path image) {
    return SlideSource.normalisedId(SlideDiscovery.stem(image));
  }

  private static String fileName(Path image) {
    return SlideSource.normalisedId(SlideDiscovery.fileName(image));
  }

  private static Map<String, Long> count(List<Path> images, Function<Path, String> name) {
    return images.stream().collect(Collectors.groupingBy(name, Collectors.counting()));
  }
}
