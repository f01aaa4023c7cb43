package io.histoflow.scanning;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One slide to publish: one image, or several that belong together, such as fields of view cut
 * before.
 *
 * @param slideId 1 to 200 characters, so that a tile's position fits behind it
 * @param organ in lower case
 * @param images files, at least one
 */
public record SlideSource(String slideId, String organ, List<Path> images) {

  private static final int LONGEST_ID = 200;

  public SlideSource {
    slideId = checkedId(slideId);
    organ = checkedOrgan(organ);
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("Slide " + slideId + " has no image");
    }
  }

  static String checkedId(String id) {
    String trimmed = id.strip();
    boolean printable = trimmed.codePoints().noneMatch(Character::isISOControl);
    if (trimmed.isEmpty() || trimmed.length() > LONGEST_ID || !printable) {
      throw new ScanException(
          "A slide's id has 1 to "
              + LONGEST_ID
              + " characters without line breaks, not '"
              + trimmed.replaceAll("\\p{Cntrl}", "?")
              + "': choose one with --slide.");
    }
    return trimmed;
  }

  static String checkedOrgan(String organ) {
    String name = organ.strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()
        || name.length() > 64
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new ScanException(
          "An organ's name has 1 to 64 characters, for example kidney: say 'unknown' where it is"
              + " not known.");
    }
    return name;
  }
}
