package io.histoflow.scanning;

import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.TileGrid;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.TopicSetup;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.SubjectCatalogue;
import io.histoflow.schemas.TileScanned;
import io.histoflow.segmentation.ProgressListener;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind {@code scan}: cuts slides into tiles and publishes them.
 *
 * <p>Tiles cover every pixel; those at the right and bottom edges are shifted inwards until they
 * end with the image. Tile ids are {@code slideId/x/y}, or {@code slideId/image/x/y} where a slide
 * has several images, so that scanning again gives the same ids and downstream counts a tile once.
 * A slide's manifest follows its last tile and counts every tile that the slide has: where one
 * could not be read, the slide's report stays incomplete. Belongs to one thread.
 */
public final class SlideScanner implements AutoCloseable {

  /** The settings that a scan understands besides those of the clients. */
  public static final Settings SETTINGS = ScanSettings.SETTINGS;

  private static final Logger log = LoggerFactory.getLogger(SlideScanner.class);
  private static final String PHASE = "scan";

  private final ScanSettings settings;
  private final TilePublisher publisher;
  private final InstantSource clock;

  /**
   * Connects to the cluster and creates what is missing of its topics and subjects.
   *
   * @throws io.histoflow.platform.config.ConfigException where a setting is not allowed
   * @throws ScanException where the brokers do not answer or refuse
   */
  public SlideScanner(ServiceConfig config) {
    this(ScanSettings.of(config), connect(config), InstantSource.system());
  }

  SlideScanner(ScanSettings settings, TilePublisher publisher, InstantSource clock) {
    this.settings = settings;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Publishes what a request names. Files that cannot be read are reported and the rest goes on.
   *
   * @param progress hears of tiles where there is one slide, else of slides
   * @throws ScanException where the request cannot be understood or the cluster takes no more
   */
  public ScanSummary scan(ScanRequest request, ProgressListener progress) {
    SlideDiscovery.Discovery found = SlideDiscovery.of(request);
    return scan(found.slides(), found.failures(), progress);
  }

  /**
   * Publishes slides, as {@link #scan(ScanRequest, ProgressListener)}.
   *
   * @param slides with different ids
   */
  public ScanSummary scan(List<SlideSource> slides, ProgressListener progress) {
    return scan(slides, List.of(), progress);
  }

  /** Waits until everything is acknowledged or given up. */
  @Override
  public void close() {
    publisher.close();
  }

  private ScanSummary scan(
      List<SlideSource> slides, List<ScanFailure> before, ProgressListener progress) {
    List<ScanFailure> failures = new ArrayList<>(before);
    failures.forEach(SlideScanner::logFailure);
    long manifests = 0;
    long tiles = 0;
    long bytes = 0;
    for (int i = 0; i < slides.size(); i++) {
      SlideSource slide = slides.get(i);
      SlideRun run = new SlideRun(slide, inside(progress, i, slides.size()));
      run.publishTiles();
      manifests += run.publishManifest() ? 1 : 0;
      tiles += run.published;
      bytes += run.bytes;
      run.failures.forEach(SlideScanner::logFailure);
      failures.addAll(run.failures);
    }
    if (slides.size() > 1) {
      progress.onProgress(PHASE, slides.size(), slides.size(), tiles + " tiles");
    }
    return new ScanSummary(manifests, tiles, bytes, failures);
  }

  /** Hears the tiles of one slide and tells of slides, where there are several. */
  private static ProgressListener inside(ProgressListener progress, int slide, int slides) {
    return slides == 1
        ? progress
        : (phase, done, total, note) ->
            progress.onProgress(phase, slide, slides, note + ", tile " + done + " of " + total);
  }

  private static TilePublisher connect(ServiceConfig config) {
    KafkaClients clients = new KafkaClients(config, "scan");
    try (Admin admin = clients.admin()) {
      TopicSetup.ensure(admin, config);
    } catch (KafkaException e) {
      throw new ScanException(
          "The Kafka brokers at "
              + config.clientProperties().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
              + " cannot be used: "
              + Sentences.of(e)
              + " Check bootstrap.servers and the security settings in the configuration.",
          e);
    }
    SubjectCatalogue.ensure(config.clientProperties());
    return new TilePublisher(clients);
  }

  private static void logFailure(ScanFailure failure) {
    log.atWarn()
        .addKeyValue("file", failure.file())
        .addKeyValue("reason", failure.reason())
        .log("Not published");
  }

  /** One slide on its way to the topics. */
  private final class SlideRun {
    private final SlideSource slide;
    private final ProgressListener progress;
    private final SlideManifest manifest = new SlideManifest();
    private final List<ScanFailure> failures = new ArrayList<>();
    private long published;
    private long bytes;

    SlideRun(SlideSource slide, ProgressListener progress) {
      this.slide = slide;
      this.progress = progress;
    }

    void publishTiles() {
      boolean several = slide.images().size() > 1;
      ImageNames names = new ImageNames(slide.images());
      for (Path file : slide.images()) {
        Optional<String> name = names.of(file);
        if (name.isEmpty()) {
          manifest.addUnreadable();
          failures.add(
              new ScanFailure(
                  file, file + ": another image of slide '" + slide.slideId() + "' has its name"));
          continue;
        }
        String prefix = slide.slideId() + "/" + (several ? name.get() + "/" : "");
        try (SlideImage image = SlideImages.open(file)) {
          image.notice().ifPresent(log::warn);
          publish(image, file, prefix);
        } catch (ImageRejectedException e) {
          manifest.addUnreadable();
          failures.add(new ScanFailure(file, e.getMessage()));
        }
      }
    }

    boolean publishManifest() {
      if (published == 0) {
        return false;
      }
      SlideScanned record =
          manifest.toRecord(slide, settings, scanner(manifest.scanner()), clock.instant());
      publisher.publish(record);
      log.atInfo()
          .addKeyValue("slideId", slide.slideId())
          .addKeyValue("organ", slide.organ())
          .addKeyValue("tiles", published)
          .log("Slide published");
      return true;
    }

    private void publish(SlideImage image, Path file, String prefix) {
      TileGrid grid =
          new TileGrid(image.width(), image.height(), settings.tileSize(), settings.overlap());
      manifest.add(image, grid);
      long unreadable = 0;
      String firstReason = "";
      for (int row = 0; row < grid.rows(); row++) {
        for (int column = 0; column < grid.columns(); column++) {
          TileGrid.Tile at = grid.tile(column, row);
          try {
            publish(image, prefix, at);
          } catch (ImageRejectedException e) {
            unreadable++;
            firstReason = unreadable == 1 ? reason(at, e) : firstReason;
          }
          progress.onProgress(PHASE, published + unreadable, manifest.tileCount(), slide.slideId());
        }
      }
      if (unreadable > 0) {
        String more = unreadable == 1 ? "" : " (and " + (unreadable - 1) + " more tiles)";
        failures.add(new ScanFailure(file, firstReason + more));
      }
    }

    private void publish(SlideImage image, String prefix, TileGrid.Tile at)
        throws ImageRejectedException {
      byte[] encoded =
          settings
              .encoding()
              .encode(
                  image.region(at.x(), at.y(), at.width(), at.height()), settings.jpegQuality());
      TileScanned.Builder tile =
          TileScanned.newBuilder()
              .setTileId(prefix + at.x() + "/" + at.y())
              .setSlideId(slide.slideId())
              .setOrgan(slide.organ())
              .setX(at.x())
              .setY(at.y())
              .setWidth(at.width())
              .setHeight(at.height())
              .setFormat(settings.encoding().format())
              .setImage(ByteBuffer.wrap(encoded))
              .setScanner(scanner(image.scanner()).orElse(null))
              .setScannedAt(clock.instant());
      OptionalDouble microns = image.micronsPerPixel();
      tile.setMicronsPerPixel(microns.isPresent() ? microns.getAsDouble() : null);
      publisher.publish(tile.build());
      published++;
      bytes += encoded.length;
    }

    private Optional<String> scanner(Optional<String> ofImage) {
      return settings.scanner().isBlank() ? ofImage : Optional.of(settings.scanner());
    }

    private static String reason(TileGrid.Tile at, ImageRejectedException e) {
      return e.getMessage() + ", in the tile at (" + at.x() + ", " + at.y() + ")";
    }
  }
}
