package io.histoflow.scanning;

import io.histoflow.schemas.OrganName;
import io.histoflow.schemas.TextRule;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;

/**
 * One slide to publish: one image, or several that belong together, such as fields of view cut
 * before.
 *
 * @param slideId 1 to 200 characters, so that a tile's position fits behind it, in Unicode's
 *     composed form (NFC): the same name is written in two ways by different systems
 * @param organ as {@link OrganName} spells it
 * @param images files, at least one
 */
public record SlideSource(String slideId, String organ, List<Path> images) {

  private static final TextRule ID = new TextRule("slideId", 1, 200);
  private static final TextRule ORGAN = new TextRule("organ", 1, 64);

  public SlideSource {
    slideId = checkedId(slideId);
    organ = checkedOrgan(organ);
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("Slide " + slideId + " has no image");
    }
  }

  /** An id as it is published, whether it is allowed or not. */
  static String normalisedId(String id) {
    return Normalizer.normalize(id, Normalizer.Form.NFC).strip();
  }

  /** Says why something cannot be an id, in one sentence. */
  static Optional<String> idFault(String normalised) {
    return ID.fault(normalised);
  }

  static String checkedId(String id) {
    String normalised = normalisedId(id);
    idFault(normalised)
        .ifPresent(
            fault -> {
              throw new ScanException(
                  ("'%s' cannot be the id of a slide: %s Choose another with --slide or"
                          + " --id-from hash.")
                      .formatted(ScanFailure.visible(normalised), fault));
            });
    return normalised;
  }

  static String checkedOrgan(String organ) {
    ORGAN
        .fault(organ.isBlank() ? "" : OrganName.of(organ))
        .ifPresent(
            fault -> {
              throw new ScanException(
                  ("That cannot be the name of an organ: %s Say for example kidney, or"
                          + " 'unknown' where it is not known.")
                      .formatted(fault));
            });
    return OrganName.of(organ);
  }
}
