package io.histoflow.scanning;

import io.histoflow.segmentation.dataset.Dataset;
import io.histoflow.segmentation.dataset.DatasetException;
import io.histoflow.segmentation.dataset.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the slides that a request names. */
final class SlideDiscovery {

  /**
   * Endings of files in a folder that are tried. The last row is not supported and so reported by
   * name: a slide in a folder is never passed over in silence.
   */
  private static final Set<String> ENDINGS =
      Set.of(
          "png", "jpg", "jpeg", "tif", "tiff", "svs", "ndpi", "scn", "bif", //
          "mrxs", "vms", "czi", "dcm", "dicom", "jp2", "j2k", "gif", "bmp", "webp");

  private final ScanRequest request;
  private final List<Found> images = new ArrayList<>();
  private final List<ScanFailure> failures = new ArrayList<>();

  private SlideDiscovery(ScanRequest request) {
    this.request = request;
  }

  /**
   * Resolves a request.
   *
   * @throws ScanException where no organ is known for an image
   */
  static Discovery of(ScanRequest request) {
    SlideDiscovery discovery = new SlideDiscovery(request);
    for (Path path : new LinkedHashSet<>(request.paths())) {
      discovery.add(path);
    }
    List<SlideSource> slides =
        request.slideId().isPresent()
            ? discovery.oneSlide(request.slideId().get())
            : discovery.oneSlideEach();
    return new Discovery(slides, discovery.failures);
  }

  private void add(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        images.add(new Found(path, organFor(path, Optional.empty())));
        return;
      }
      List<ImageFolder> organs = Dataset.imageFolders(path);
      if (organs.isEmpty()) {
        addFolder(path, path, Optional.empty());
      }
      for (ImageFolder folder : organs) {
        addFolder(path, folder.images(), Optional.of(folder.organ()));
      }
    } catch (DatasetException e) {
      failures.add(new ScanFailure(path, e.getMessage()));
    }
  }

  private void addFolder(Path path, Path folder, Optional<String> organ) {
    List<Path> files;
    try (Stream<Path> children = Files.list(folder)) {
      files = children.filter(SlideDiscovery::isCandidate).sorted().toList();
    } catch (IOException e) {
      failures.add(new ScanFailure(folder, folder + ": the folder cannot be read (" + e + ")"));
      return;
    }
    if (files.isEmpty()) {
      failures.add(new ScanFailure(folder, folder + ": the folder holds no images"));
      return;
    }
    String name = organFor(path, organ);
    files.forEach(file -> images.add(new Found(file, name)));
  }

  private String organFor(Path path, Optional<String> fromFolder) {
    return request
        .organ()
        .or(() -> fromFolder)
        .orElseThrow(
            () ->
                new ScanException(
                    "The organ of "
                        + path
                        + " is not known: name it with --organ, or say --organ unknown."));
  }

  private static boolean isCandidate(Path file) {
    String name = fileName(file);
    int dot = name.lastIndexOf('.');
    return !name.startsWith(".")
        && dot > 0
        && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))
        && Files.isRegularFile(file);
  }

  private List<SlideSource> oneSlide(String slideId) {
    if (images.isEmpty()) {
      return List.of();
    }
    Set<String> organs = images.stream().map(Found::organ).collect(Collectors.toSet());
    if (organs.size() > 1) {
      throw new ScanException(
          "One slide has one organ, but the images of slide '"
              + slideId
              + "' are of "
              + organs.stream().sorted().collect(Collectors.joining(", "))
              + ": name one with --organ, or leave out --slide.");
    }
    return List.of(
        new SlideSource(slideId, images.get(0).organ(), images.stream().map(Found::file).toList()));
  }

  /** Ids are names without ending; where two are equal, with the organ before, then refused. */
  private List<SlideSource> oneSlideEach() {
    Map<String, Long> names =
        images.stream().collect(Collectors.groupingBy(f -> stem(f.file()), Collectors.counting()));
    Map<String, SlideSource> slides = new LinkedHashMap<>();
    for (Found found : images) {
      String name = stem(found.file());
      String id = names.get(name) == 1 ? name : found.organ() + "-" + name;
      SlideSource other = slides.get(id);
      if (other != null) {
        failures.add(
            new ScanFailure(
                found.file(),
                "%s and %s would both be slide '%s': scan them apart, with --slide"
                    .formatted(found.file(), other.images().get(0), id)));
        continue;
      }
      try {
        slides.put(id, new SlideSource(id, found.organ(), List.of(found.file())));
      } catch (ScanException e) {
        failures.add(new ScanFailure(found.file(), found.file() + ": " + e.getMessage()));
      }
    }
    return List.copyOf(slides.values());
  }

  static String stem(Path file) {
    String name = fileName(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
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
   */
  record Discovery(List<SlideSource> slides, List<ScanFailure> failures) {

    Discovery {
      slides = List.copyOf(slides);
      failures = List.copyOf(failures);
    }
  }

  private record Found(Path file, String organ) {}
}
