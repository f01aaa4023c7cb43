package io.histoflow.scanning;

import io.histoflow.imaging.TileGrid;
import io.histoflow.scanning.image.SlideImage;
import io.histoflow.schemas.SlideScanned;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.zip.Deflater;

/** Gathers what the manifest of one slide says, image by image. */
final class SlideManifest {

  private static final int MOST_GLASS_BYTES = 1 << 18;

  private final Set<OptionalDouble> microns = new LinkedHashSet<>();
  private final Set<Optional<String>> scanners = new LinkedHashSet<>();
  private final Set<Integer> tileSizes = new LinkedHashSet<>();
  private final Set<Integer> overlaps = new LinkedHashSet<>();
  private boolean evenTiles = true;
  private long tileCount;
  private long glassCount;
  private BitSet glassOfLast = new BitSet();
  private int images;
  private int width;
  private int height;
  private SlideImage.Origin origin = SlideImage.Origin.CORNER;
  private Optional<SlideImage.DicomIds> dicom = Optional.empty();

  void add(OpenImage image, Glass glass) {
    TileGrid grid = image.grid();
    images++;
    width = grid.width();
    height = grid.height();
    origin = image.image().origin();
    dicom = image.image().dicomIds();
    tileCount += grid.count() - glass.count();
    glassCount += glass.count();
    glassOfLast = glass.tiles();
    evenTiles &= width >= grid.tileSize() && height >= grid.tileSize();
    tileSizes.add(grid.tileSize());
    overlaps.add(grid.overlap());
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
      SlideSource slide, ScanIdentity identity, Optional<String> scanner, Instant scannedAt) {
    OptionalDouble resolution =
        microns.size() == 1 ? microns.iterator().next() : OptionalDouble.empty();
    Optional<SlideImage.DicomIds> ids = dicom.filter(image -> images == 1);
    return SlideScanned.newBuilder()
        .setSlideId(slide.slideId())
        .setOrgan(slide.organ())
        .setTileCount(Math.toIntExact(tileCount))
        .setTilesGlass(Math.toIntExact(glassCount))
        .setGlassPlaces(images == 1 && evenTiles && glassCount > 0 ? deflated(glassOfLast) : null)
        .setWidth(images == 1 ? width : null)
        .setHeight(images == 1 ? height : null)
        .setTileSize(evenTiles ? only(tileSizes) : null)
        .setOverlap(only(overlaps))
        .setMicronsPerPixel(resolution.isPresent() ? resolution.getAsDouble() : null)
        .setScanner(scanner.orElse(null))
        .setScannedAt(scannedAt)
        .setScanId(identity.scanId())
        .setBoundsX(images == 1 ? origin.x() : 0)
        .setBoundsY(images == 1 ? origin.y() : 0)
        .setDicomImageUid(ids.map(SlideImage.DicomIds::image).orElse(null))
        .setDicomSeriesUid(ids.map(SlideImage.DicomIds::series).orElse(null))
        .setDicomStudyUid(ids.flatMap(SlideImage.DicomIds::study).orElse(null))
        .build();
  }

  /** Nothing where it is larger than a manifest may be: then reports count and do not name. */
  private static ByteBuffer deflated(BitSet bits) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(bits.toByteArray());
      deflater.finish();
      byte[] out = new byte[MOST_GLASS_BYTES];
      int length = deflater.deflate(out);
      return deflater.finished() ? ByteBuffer.wrap(out, 0, length) : null;
    } finally {
      deflater.end();
    }
  }

  private static Integer only(Set<Integer> values) {
    return values.size() == 1 ? values.iterator().next() : null;
  }
}
