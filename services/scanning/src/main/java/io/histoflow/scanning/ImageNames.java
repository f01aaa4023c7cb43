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
 * it where two differ in nothing else.
 */
final class ImageNames {

  private final Map<Path, String> names = new HashMap<>();

  ImageNames(List<Path> images) {
    Map<String, Long> stems = count(images, SlideDiscovery::stem);
    Map<String, Long> fileNames = count(images, SlideDiscovery::fileName);
    for (Path image : images) {
      if (stems.get(SlideDiscovery.stem(image)) == 1) {
        names.put(image, SlideDiscovery.stem(image));
      } else if (fileNames.get(SlideDiscovery.fileName(image)) == 1) {
        names.put(image, SlideDiscovery.fileName(image));
      }
    }
  }

  /** The name of an image; empty where another file of the slide is called the same. */
  Optional<String> of(Path image) {
    return Optional.ofNullable(names.get(image));
  }

  private static Map<String, Long> count(List<Path> images, Function<Path, String> name) {
    return images.stream().collect(Collectors.groupingBy(name, Collectors.counting()));
  }
}
