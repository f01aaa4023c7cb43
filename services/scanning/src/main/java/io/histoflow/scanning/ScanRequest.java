package io.histoflow.scanning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to scan.
 *
 * @param paths images, whole slides, folders of images, or data sets
 * @param organ of all of them; empty where data sets name it by their folders
 * @param slideId of all images together, as one slide; empty makes each image a slide of its own
 * @param idFrom what the ids are made from where slideId is empty
 * @param recursive whether folders in folders are read
 * @param replace whether a scan may take the place of another of the same slide
 * @param pixels which pixels are published
 */
public record ScanRequest(
    List<Path> paths,
    Optional<String> organ,
    Optional<String> slideId,
    IdSource idFrom,
    boolean recursive,
    boolean replace,
    PixelChoice pixels) {

  public ScanRequest {
    paths = List.copyOf(paths);
    if (paths.isEmpty()) {
      throw new ScanException("Nothing to scan: name an image, a folder or a data set.");
    }
    organ = organ.map(SlideSource::checkedOrgan);
    slideId = slideId.map(SlideSource::checkedId);
  }

  /** The pixels that the settings choose. */
  public ScanRequest(
      List<Path> paths,
      Optional<String> organ,
      Optional<String> slideId,
      IdSource idFrom,
      boolean recursive,
      boolean replace) {
    this(paths, organ, slideId, idFrom, recursive, replace, PixelChoice.DEFAULT);
  }

  /** Ids from names, folders as they are, nothing replaced. */
  public ScanRequest(List<Path> paths, Optional<String> organ, Optional<String> slideId) {
    this(paths, organ, slideId, IdSource.NAME, false, false);
  }

  /**
   * Everything of one organ, each image a slide.
   *
   * @param organ its name
   * @param paths images, whole slides, folders of images, or data sets
   */
  public static ScanRequest of(String organ, Path... paths) {
    return new ScanRequest(List.of(paths), Optional.of(organ), Optional.empty());
  }
}
