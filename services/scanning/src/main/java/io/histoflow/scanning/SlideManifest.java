package io.histoflow.scanning;

import io.histoflow.imaging.TileGrid;
import io.histoflow.schemas.SlideScanned;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Gathers what the manifest of one slide says, image by image. */
final class SlideManifest {

  private final Set<OptionalDouble> microns = new LinkedHashSet<>();
  private final Set<Optional<String>> scanners = new LinkedHashSet<>();
  private boolean evenTiles = true;
  private long tileCount;
  private long glassCount;
  private int images;
  private int width;
  private int height;

  void add(OpenImage image, Glass glass) {
    TileGrid grid = image.grid();
    images++;
    width = grid.width();
    height = grid.height();
    tileCount += grid.count() - glass.count();
    glassCount += glass.count();
    evenTiles &= width >= grid.tileSize() && height >= grid.tileSize();
    microns.add(image.micronsPerPixel());
    scanners.add(image.scanner());
  }

  /** An image of which not even the size is known: at least one tile is missing. */
  void addUnreadable() {
    images++;
    tileCount++;
    evenTiles = false;
  }

  long tileCount() {
    return tileCount;
  }

  /** Tiles that are left out because they are glass. */
  long glassCount() {
    return glassCount;
  }

  /** The scanner that all images name. */
  Optional<String> scanner() {
    return scanners.size() == 1 ? scanners.iterator().next() : Optional.empty();
  }

  SlideScanned toRecord(
      SlideSource slide,
      ScanSettings settings,
      ScanIdentity identity,
      Optional<String> scanner,
      Instant scannedAt) {
    OptionalDouble resolution =
        microns.size() == 1 ? microns.iterator().next() : OptionalDouble.empty();
    return SlideScanned.newBuilder()
        .setSlideId(slide.slideId())
        .setOrgan(slide.organ())
        .setTileCount(Math.toIntExact(tileCount))
        .setTilesGlass(Math.toIntExact(glassCount))
        .setWidth(images == 1 ? width : null)
        .setHeight(images == 1 ? height : null)
        .setTileSize(evenTiles ? settings.tileSize() : null)
        .setOverlap(settings.overlap())
        .setMicronsPerPixel(resolution.isPresent() ? resolution.getAsDouble() : null)
        .setScanner(scanner.orElse(null))
        .setScannedAt(scannedAt)
        .setScanId(identity.scanId())
        .build();
  }
}
