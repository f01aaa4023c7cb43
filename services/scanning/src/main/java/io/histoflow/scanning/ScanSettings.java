package io.histoflow.scanning;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.schemas.TextRule;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How slides are cut and encoded.
 *
 * @param tileSize edge of a tile in pixels of the level that is read, 16 to 1536
 * @param overlap least overlap of neighbouring tiles in pixels, below tileSize
 * @param encoding of the tiles
 * @param jpegQuality 0..1
 * @param scanner name or serial number of the scanner; empty where not known
 * @param skipsGlass whether tiles of empty glass are left out
 * @param microns micrometres per pixel that the model wants
 * @param journal folder in which scans that have begun are noted
 * @param settled how long a slide that lands in a watched folder must have stayed as it is
 * @param threads that read and encode the tiles of an image, 1 to 256
 */
public record ScanSettings(
    int tileSize,
    int overlap,
    TileEncoding encoding,
    double jpegQuality,
    String scanner,
    boolean skipsGlass,
    double microns,
    Path journal,
    Duration settled,
    int threads) {

  /** Largest tile whose uncompressed pixels fit into the 8 MiB that a tile's image may have. */
  private static final int LARGEST_TILE = 1536;

  private static final int SMALLEST_TILE = 16;

  private static final Setting<Integer> TILE_SIZE =
      Setting.ofInt(
          "histoflow.scan.tile.size",
          256,
          SMALLEST_TILE,
          LARGEST_TILE,
          "Edge of a tile in pixels of the level that is read; an image shorter than that gives shorter tiles");
  private static final Setting<Integer> OVERLAP =
      Setting.ofInt(
          "histoflow.scan.tile.overlap",
          0,
          0,
          LARGEST_TILE - 1,
          "Least overlap of neighbouring tiles in pixels, below the tile size; tiles at the right"
              + " and bottom edges are shifted inwards and overlap more");
  private static final Setting<TileEncoding> ENCODING =
      Setting.ofEnum(
          "histoflow.scan.tile.encoding",
          TileEncoding.class,
          TileEncoding.PNG,
          "Encoding of the tiles: png keeps every value, jpeg is about a tenth of the size");
  private static final Setting<Double> JPEG_QUALITY =
      Setting.ofDouble(
          "histoflow.scan.jpeg.quality", 0.9, 0.5, 1.0, "Quality of tiles encoded as jpeg");
  private static final Setting<String> SCANNER =
      Setting.ofString(
          "histoflow.scan.scanner",
          "",
          "Name or serial number of the scanner, published with every tile; empty: taken from the"
              + " slide where it tells");

  private static final Setting<Boolean> SKIP_GLASS =
      Setting.ofBoolean(
          "histoflow.scan.skip.glass",
          true,
          "Whether tiles of empty glass are left out, of images that have several tiles; the"
              + " manifest counts them");

  private static final Setting<Double> MICRONS =
      Setting.ofDouble(
          "histoflow.scan.mpp",
          0.25,
          0.05,
          20.0,
          "Micrometres per pixel that the model was trained at: tiles are read from the smallest"
              + " level of a slide that is no coarser, level 0 where all are");

  private static final Setting<Path> JOURNAL =
      Setting.ofPath(
          "histoflow.scan.journal",
          null,
          "Folder in which scans that have begun are noted, so that an interrupted one goes on"
              + " where it stopped; without it .histoflow/scans in the installation");

  private static final Setting<Duration> SETTLED =
      Setting.ofDuration(
          "histoflow.scan.watch.settled",
          "10s",
          "How long size and time of a slide in a watched folder must have stayed as they are before"
              + " it is scanned: longer than scanners and copies pause while they write");

  private static final int MOST_THREADS = 256;

  private static final Setting<Integer> THREADS =
      Setting.ofInt(
          "histoflow.scan.threads",
          Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
          1,
          MOST_THREADS,
          "Threads that read, decode and encode the tiles of an image, each with a process of its own"
              + " where decoders are native; by default as many as there are cores, fewer where tiles"
              + " in work would take more than a quarter of the memory");

  /** All of them, for help and documentation. */
  public static final Settings SETTINGS =
      Settings.of(
          "scan",
          TILE_SIZE,
          OVERLAP,
          ENCODING,
          JPEG_QUALITY,
          SCANNER,
          SKIP_GLASS,
          MICRONS,
          JOURNAL,
          SETTLED,
          THREADS);

  public ScanSettings {
    if (overlap >= tileSize) {
      throw new ConfigException(
          "%s is %s but must be below %s, which is %s."
              .formatted(OVERLAP.name(), overlap, TILE_SIZE.name(), tileSize));
    }
    TextRule.name(SCANNER.name())
        .fault(scanner)
        .filter(fault -> !scanner.isEmpty())
        .ifPresent(
            fault -> {
              throw new ConfigException(fault);
            });
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException where a value is not allowed
   */
  public static ScanSettings of(ServiceConfig config) {
    return new ScanSettings(
        config.get(TILE_SIZE),
        config.get(OVERLAP),
        config.get(ENCODING),
        config.get(JPEG_QUALITY),
        config.get(SCANNER),
        config.get(SKIP_GLASS),
        config.get(MICRONS),
        config
            .find(JOURNAL)
            .orElseGet(
                () -> Path.of(System.getProperty("histoflow.home", "."), ".histoflow", "scans")),
        config.get(SETTLED),
        config.get(THREADS));
  }
}
