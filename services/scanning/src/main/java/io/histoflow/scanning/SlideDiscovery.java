package io.histoflow.scanning;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.histoflow.scanning.ImageFinder.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds the slides that a request names. A slide's id depends on its own file only. */
final class SlideDiscovery {

  private final ScanRequest request;
  private final ImageFinder found;
  private final List<ScanFailure> failures;
  private final List<String> notes;

  private SlideDiscovery(ScanRequest request, ImageFinder found) {
    this.request = request;
    this.found = found;
    this.failures = new ArrayList<>(found.failures());
    this.notes = new ArrayList<>(found.notes());
  }

  /**
   * Resolves a request.
   *
   * @throws ScanException where no organ is known for an image
   */
  static Discovery of(ScanRequest request) {
    ImageFinder finder = new ImageFinder(request.recursive());
    for (Path path : new LinkedHashSet<>(request.paths())) {
      finder.add(path);
    }
    SlideDiscovery discovery = new SlideDiscovery(request, finder);
    List<SlideSource> slides =
        request.slideId().isPresent()
            ? discovery.oneSlide(request.slideId().get())
            : discovery.oneSlideEach();
    return new Discovery(slides, discovery.failures, discovery.notes);
  }

  private String organ(Found image) {
    return request
        .organ()
        .or(image::organ)
        .orElseThrow(
            () ->
                new ScanException(
                    ("The organ of %s is not known: name it with --organ, or say --organ"
                            + " unknown.")
                        .formatted(ScanFailure.visible(image.root().toString()))));
  }

  private List<SlideSource> oneSlide(String slideId) {
    if (found.images().isEmpty()) {
      return List.of();
    }
    Set<String> organs = found.images().stream().map(this::organ).collect(Collectors.toSet());
    if (organs.size() > 1) {
      throw new ScanException(
          ("One slide has one organ, but the images of slide '%s' are of %s: name one with"
                  + " --organ, or leave out --slide.")
              .formatted(slideId, organs.stream().sorted().collect(Collectors.joining(", "))));
    }
    return List.of(
        new SlideSource(
            slideId, organs.iterator().next(), found.images().stream().map(Found::file).toList()));
  }

  private List<SlideSource> oneSlideEach() {
    Map<String, List<Found>> byId = new LinkedHashMap<>();
    for (Found image : found.images()) {
      organ(image);
      try {
        String written = id(image);
        String id = SlideSource.normalisedId(written);
        byId.computeIfAbsent(id, i -> new ArrayList<>()).add(image);
        if (!id.equals(written)) {
          notes.add(
              ("%s: the id of its slide is '%s', with letters composed (Unicode NFC) and no"
                      + " blanks around.")
                  .formatted(
                      ScanFailure.visible(image.file().toString()), ScanFailure.visible(id)));
        }
      } catch (IOException e) {
        failures.add(new ScanFailure(image.file(), "it cannot be read (" + e + ")"));
      }
    }
    List<SlideSource> slides = new ArrayList<>();
    byId.forEach(
        (id, images) -> {
          if (images.size() > 1) {
            refuse(id, images);
          } else {
            addSlide(id, images.get(0), slides);
          }
        });
    return slides;
  }

  private void addSlide(String id, Found image, List<SlideSource> slides) {
    if (id.indexOf('\uFFFD') >= 0) {
      failures.add(
          new ScanFailure(
              image.file(),
              "its name holds bytes that are no UTF-8: rename it, or give --id-from hash"));
      return;
    }
    Optional<String> fault = SlideSource.idFault(id);
    if (fault.isPresent()) {
      failures.add(
          new ScanFailure(
              image.file(),
              ("its name cannot be a slide's id: %s Rename it, name it with --slide, or give"
                      + " --id-from hash.")
                  .formatted(fault.get())));
      return;
    }
    try {
      slides.add(new SlideSource(id, organ(image), List.of(image.file())));
    } catch (ScanException e) {
      failures.add(new ScanFailure(image.file(), e.getMessage()));
    }
  }

  /** Which of them is meant nobody can say: none is published. */
  private void refuse(String id, List<Found> images) {
    Path first = images.get(0).file();
    for (Found image : images) {
      Path other = image.file().equals(first) ? images.get(1).file() : first;
      failures.add(
          new ScanFailure(
              image.file(),
              "its slide would be called '%s', as that of %s%s: %s"
                  .formatted(
                      ScanFailure.visible(id),
                      ScanFailure.visible(other.toString()),
                      images.size() > 2 ? " and others" : "",
                      remedy(image.file(), other))));
    }
  }

  private String remedy(Path file, Path other) {
    boolean sameFolder =
        file.toAbsolutePath()
            .normalize()
            .getParent()
            .equals(other.toAbsolutePath().normalize().getParent());
    return switch (request.idFrom()) {
      case NAME ->
          sameFolder
              ? "rename one (accents written in two ways and blanks around do not count), give"
                  + " --id-from hash, or scan them apart with --slide"
              : "give --id-from path, which puts the folders before the names, or scan them apart"
                  + " with --slide";
      case PATH -> "rename one, give --id-from hash, or scan them apart with --slide";
      case HASH -> "they have the same content: name one of them only";
    };
  }

  private String id(Found image) throws IOException {
    return switch (request.idFrom()) {
      case NAME -> stem(image.file());
      case PATH -> path(image);
      case HASH -> hash(image.file()).substring(0, 32);
    };
  }

  private static String path(Found image) {
    Path file = image.file().toAbsolutePath().normalize();
    Path root = image.root().toAbsolutePath().normalize();
    Path top = root.equals(file) ? root.getParent() : root;
    Path base = top.getParent() == null ? top : top.getParent();
    Path below = base.relativize(file);
    return StreamSupport.stream(below.spliterator(), false)
            .limit(below.getNameCount() - 1L)
            .map(folder -> folder + "/")
            .collect(Collectors.joining())
        + stem(file);
  }

  /** The SHA-256 of a file's bytes, as 64 hexadecimal digits in lower case. */
  static String hash(Path file) throws IOException {
    return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
  }

  /** The name without its ending; a number behind a dot, as identifiers have it, is none. */
  static String stem(Path file) {
    String name = fileName(file);
    int dot = name.lastIndexOf('.');
    boolean ends = dot > 0 && !name.substring(dot).matches("\\.[0-9]+");
    return ends ? name.substring(0, dot) : name;
  }

  static String fileName(Path file) {
    Path last = file.getFileName();
    return last == null ? "" : last.toString();
  }

  /**
   * What was found.
   *
   * @param slides to publish
   * @param failures what cannot be published, known before any file was opened
   * @param notes sentences on what was passed over or renamed
   */
  record Discovery(List<SlideSource> slides, List<ScanFailure> failures, List<String> notes) {

    Discovery {
      slides = List.copyOf(slides);
      failures = List.copyOf(failures);
      notes = List.copyOf(notes);
    }
  }
}
