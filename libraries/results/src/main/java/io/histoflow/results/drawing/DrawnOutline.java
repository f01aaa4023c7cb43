package io.histoflow.results.drawing;

import java.util.Optional;
import java.util.UUID;
import org.locationtech.jts.geom.Geometry;

/**
 * An outline as it stands in a file.
 *
 * @param number which in the file, counted from 1
 * @param id its id, at most 64 characters; empty where it has none
 * @param shape polygons in pixels of the slide's canvas, closed but perhaps crossing themselves;
 *     empty where there is a fault
 * @param simplified how far it was simplified when it was exported, in pixels of the canvas; 0
 *     where it was not
 * @param fault why it can be no outline of a nucleus; empty where it can
 */
record DrawnOutline(
    long number,
    Optional<String> id,
    Optional<Geometry> shape,
    double simplified,
    Optional<String> fault) {

  /** Returns the id where it is a UUID. */
  Optional<UUID> uuid() {
    try {
      return id.map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Refusal refused(String reason) {
    return new Refusal(number, id, reason);
  }
}
