package io.histoflow.scanning;

import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.DatasetException;
import io.histoflow.datasets.ImageFolder;
import io.histoflow.scanning.dicom.DicomSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the images under a path. Whatever it does not take, it names or counts. */
final class ImageFinder {

  /**
   * Endings of files in a folder that are tried. Some are not supported and so reported by name: a
   * slide in a folder is never passed over in silence.
   */
  private static final Set<String> ENDINGS =
      Set.of(
          "png", "jpg", "jpeg", "tif", "tiff", "svs", "ndpi", "scn", "bif", //
          "mrxs", "vms", "vmu", "czi", "dcm", "dicom", "jp2", "j2k", "gif", "bmp", "webp");

  private final boolean recursive;
  private final Set<Path> known = new LinkedHashSet<>();
  private final List<Found> images = new ArrayList<>();
  private final List<ScanFailure> failures = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  ImageFinder(boolean recursive) {
    this.recursive = recursive;
  }

  /**
   * An image.
   *
   * @param root the path that was named and under which it lies; the image itself where that was
   * @param organ that a data set's folder names
   */
  record Found(Path root, Path file, Optional<String> organ) {}

  List<Found> images() {
    return images;
  }

  List<ScanFailure> failures() {
    return failures;
  }

  List<String> notes() {
    return notes;
  }

  /** Looks at a path that was named: an image, a folder of images or a data set. */
  void add(Path path) {
    if (Files.isDirectory(path)) {
      new FolderRun(path).read();
    } else {
      addFile(path, path, Optional.empty());
    }
  }

  private void addFile(Path root, Path file, Optional<String> organ) {
    if (Files.isRegularFile(file)) {
      if (known.add(file.toAbsolutePath().normalize())) {
        images.add(new Found(root, file, organ));
      }
      return;
    }
    failures.add(new ScanFailure(file, missing(file)));
  }

  private static String missing(Path file) {
    if (Files.isSymbolicLink(file)) {
      return "it is a link that leads to no file; mend or remove it";
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return "it is no ordinary file";
    }
    return file.toString().indexOf('\uFFFD') < 0
        ? "there is no such file"
        : "there is no such file, or its name holds bytes that are no UTF-8: name its folder";
  }

  /** One folder that was named, and those below it. */
  private final class FolderRun {
    private final Path root;
    private final Deque<Path> folders = new ArrayDeque<>();
    private final List<Path> subfolders = new ArrayList<>();
    private final List<Path> links = new ArrayList<>();
    private final List<Path> others = new ArrayList<>();
    private final List<Path> beside = new ArrayList<>();

    FolderRun(Path root) {
      this.root = root;
    }

    void read() {
      int before = images.size() + failures.size();
      int knownBefore = known.size();
      folders.add(root);
      while (!folders.isEmpty()) {
        Path folder = folders.remove();
        try {
          read(folder);
        } catch (DatasetException e) {
          failures.add(new ScanFailure(folder, e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
          failures.add(new ScanFailure(folder, "the folder cannot be read (" + e + ")"));
        }
      }
      if (images.size() + failures.size() == before && known.size() == knownBefore) {
        failures.add(new ScanFailure(root, "the folder holds no images"));
      }
      note(subfolders, "subfolder was", "subfolders were", "name them, or give --recursive");
      note(links, "link to a folder was", "links to folders were", "name the folders themselves");
      note(beside, "image beside a data set's was", "images beside a data set's were", "name them");
      note(
          others,
          "hidden file or file with no image's ending was", //
          "hidden files or files with no image's ending were",
          "name those that are images");
    }

    private void read(Path folder) throws IOException {
      List<ImageFolder> organs = Dataset.imageFolders(folder);
      if (organs.isEmpty()) {
        read(folder, Optional.empty(), Set.of(), false);
        return;
      }
      Set<Path> organFolders =
          organs.stream().map(organ -> organ.images().getParent()).collect(Collectors.toSet());
      read(folder, Optional.empty(), organFolders, true);
      for (ImageFolder organ : organs) {
        read(organ.images(), Optional.of(organ.organ()), Set.of(), false);
      }
    }

    /**
     * @param organFolders children that a data set's images are taken from
     * @param ofDataset whether this is a data set's folder and no folder of images
     */
    private void read(
        Path folder, Optional<String> organ, Set<Path> organFolders, boolean ofDataset)
        throws IOException {
      List<Path> dicom = new ArrayList<>();
      for (Path child : children(folder)) {
        boolean hidden = SlideDiscovery.fileName(child).startsWith(".");
        if (Files.isDirectory(child)) {
          // An organ's folder has masks beside its images.
          if (!hidden && !organFolders.contains(child) && !organFolders.contains(folder)) {
            addFolder(child);
          }
        } else if (hidden || !(hasImageEnding(child) || DicomSeries.isPart(child))) {
          others.add(child);
        } else if (ofDataset) {
          beside.add(child);
        } else if (DicomSeries.isPart(child)) {
          dicom.add(child);
        } else {
          addFile(root, child, organ);
        }
      }
      DicomSeries.slides(dicom).forEach(slide -> addFile(root, slide, organ));
    }

    private void addFolder(Path folder) {
      if (!recursive) {
        subfolders.add(folder);
      } else if (Files.isSymbolicLink(folder)) {
        // It may lead back here.
        links.add(folder);
      } else {
        folders.add(folder);
      }
    }

    private void note(List<Path> passedOver, String one, String many, String remedy) {
      if (passedOver.isEmpty()) {
        return;
      }
      String names =
          passedOver.stream()
              .limit(3)
              .map(path -> ScanFailure.visible(root.relativize(path).toString()))
              .collect(Collectors.joining(", "));
      notes.add(
          "%s: %s %s not read (%s%s): %s."
              .formatted(
                  ScanFailure.visible(root.toString()),
                  passedOver.size(),
                  passedOver.size() == 1 ? one : many,
                  names,
                  passedOver.size() > 3 ? ", ..." : "",
                  passedOver.size() == 1 ? remedy.replace("them", "it") : remedy));
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  static boolean hasImageEnding(Path file) {
    String name = SlideDiscovery.fileName(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
