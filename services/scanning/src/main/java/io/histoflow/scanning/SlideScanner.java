package io.histoflow.scanning;

import com.google.common.hash.Hashing;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.RgbImage;
import io.histoflow.imaging.TileGrid;
import io.histoflow.imaging.codec.RgbPng;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Settings;
import io.histoflow.platform.kafka.Contracts;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.SlideScanned;
import io.histoflow.schemas.TextRule;
import io.histoflow.schemas.TileScanned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind {@code scan}: cuts slides into tiles and publishes them.
 *
 * <p>Tiles cover every pixel but those of tiles of empty glass, which the manifest counts; those at
 * the right and bottom edges are shifted inwards until they end with the image. Tile ids are {@code
 * slideId/x/y}, or {@code slideId/image/x/y} where a slide has several images, so that scanning
 * again gives the same ids and downstream counts a tile once. A scan that replaces another of the
 * slide has the first 8 digits of its scanId behind the slideId: {@code slideId/scanId8/x/y}.
 * Without leave to replace it, a slide that is there with other content, another organ or another
 * grid is refused. A slide's manifest follows its last tile and counts every tile that is to come:
 * where one could not be read, the slide's report stays incomplete.
 *
 * <p>Whatever one file does, even to the reader's memory, it is named and the others are published.
 * Belongs to one thread.
 */
public final class SlideScanner implements AutoCloseable {

  /** The settings that a scan understands besides those of the clients. */
  public static final Settings SETTINGS = ScanSettings.SETTINGS;

  private static final Logger log = LoggerFactory.getLogger(SlideScanner.class);
  private static final String PHASE = "scan";

  /** In tiles of 256 pixels of 0.25 micrometres 20 cm x 20 cm: only damaged files claim more. */
  private static final long MOST_TILES = 10_000_000;

  /** What tiles in work may take together. */
  private static final long MOST_BYTES_IN_WORK = Runtime.getRuntime().maxMemory() / 4;

  private final ScanSettings settings;
  private final TilePublisher publisher;
  private final KafkaClients clients;
  private final ScanJournal journal;
  private final Consumer<String> notices;
  private final InstantSource clock = InstantSource.system();

  /** As {@link #SlideScanner(ServiceConfig, Consumer)}; notices go to the log. */
  public SlideScanner(ServiceConfig config) {
    this(config, notice -> log.atWarn().log("{}", notice));
  }

  /**
   * Connects to the cluster and creates what is missing of its topics and subjects.
   *
   * @param notices hears sentences at once: what was passed over, what could not be published, and
   *     brokers that let it wait; called by several threads
   * @throws io.histoflow.platform.config.ConfigException where a setting is not allowed
   * @throws ScanException where the brokers do not answer or refuse
   */
  public SlideScanner(ServiceConfig config, Consumer<String> notices) {
    this(config, notices, StallWatch.PATIENCE);
  }

  SlideScanner(ServiceConfig config, Consumer<String> notices, Duration patience) {
    this.settings = ScanSettings.of(config);
    this.notices = notices;
    this.clients = new KafkaClients(config, "scan");
    this.journal = new ScanJournal(settings.journal(), clients, clock, notices);
    String brokers =
        String.valueOf(config.clientProperties().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    try (StallWatch watch =
        new StallWatch(
            patience,
            () -> "Waiting for the brokers at " + brokers + " and the schema registry to answer.",
            notices)) {
      watch.begun();
      connect(config, brokers);
    }
    this.publisher = new TilePublisher(clients, brokers, notices, patience);
  }

  /**
   * Publishes what a request names. Files that cannot be read are reported and the rest goes on.
   *
   * @param progress hears of tiles where there is one slide, else of slides
   * @throws ScanException where the request cannot be understood or the cluster takes no more
   */
  public ScanSummary scan(ScanRequest request, ProgressListener progress) {
    SlideDiscovery.Discovery found = SlideDiscovery.of(request);
    found.notes().forEach(notices);
    found.failures().forEach(this::tell);
    return scan(found, request.replace(), request.pixels(), progress);
  }

  /**
   * Publishes slides, as {@link #scan(ScanRequest, ProgressListener)}.
   *
   * @param slides with different ids
   */
  public ScanSummary scan(List<SlideSource> slides, ProgressListener progress) {
    return scan(
        new SlideDiscovery.Discovery(slides, List.of(), List.of()),
        false,
        PixelChoice.DEFAULT,
        progress);
  }

  /** Waits until everything is acknowledged or given up. */
  @Override
  public void close() {
    try (journal) {
      publisher.close();
    }
  }

  private ScanSummary scan(
      SlideDiscovery.Discovery found,
      boolean replace,
      PixelChoice pixels,
      ProgressListener progress) {
    List<SlideSource> slides = found.slides();
    requireOneImage(slides, pixels);
    Map<String, KnownScan> known =
        KnownScan.read(
            clients, slides.stream().map(SlideSource::slideId).collect(Collectors.toSet()));
    List<ScanFailure> failures = new ArrayList<>(found.failures());
    long manifests = 0;
    long tiles = 0;
    long glass = 0;
    long bytes = 0;
    for (int i = 0; i < slides.size(); i++) {
      SlideSource slide = slides.get(i);
      SlideRun run = new SlideRun(slide, pixels, inside(progress, i, slides.size()));
      Optional<KnownScan> there = Optional.ofNullable(known.get(slide.slideId()));
      run.look();
      Optional<ScanIdentity> identity =
          ScanIdentity.of(slide, run.names, settings, run.identityOfPixels(), there, replace);
      if (identity.isPresent()) {
        run.goOnFrom(
            journal.begin(identity.get().scanId(), identity.get().tilePrefix(slide.slideId())));
        run.publishTiles(identity.get());
        manifests += run.publishManifest(identity.get()) ? 1 : 0;
        journal.completed(identity.get().scanId());
      } else {
        run.fail(slide.images().get(0), isThere(slide, there.orElseThrow()));
      }
      tiles += run.published;
      glass += run.manifest.glassCount();
      bytes += run.bytes;
      failures.addAll(run.failures);
    }
    if (slides.size() > 1) {
      progress.onProgress(PHASE, slides.size(), slides.size(), tiles + " tiles");
    }
    return new ScanSummary(manifests, tiles, glass, bytes, failures, found.notes());
  }

  private static void requireOneImage(List<SlideSource> slides, PixelChoice pixels) {
    boolean several = slides.size() > 1 || slides.stream().anyMatch(s -> s.images().size() > 1);
    if (pixels.tissuePicture().isPresent() && several) {
      throw new ScanException(
          "The picture of what is tissue is made of one slide at a time: name one only.");
    }
  }

  private String isThere(SlideSource slide, KnownScan known) {
    return ("slide '%s' is there already, scanned %s as %s with %s tiles, from other content, of"
            + " another organ or on another grid: give --replace to put this scan in its place, or"
            + " another id with --slide or --id-from")
        .formatted(
            ScanFailure.visible(slide.slideId()),
            known.scannedAt().truncatedTo(ChronoUnit.SECONDS),
            ScanFailure.visible(known.organ()),
            known.tiles());
  }

  private void tell(ScanFailure failure) {
    notices.accept("Not scanned: " + failure.sentence());
  }

  /** Hears the tiles of one slide and tells of slides, where there are several. */
  private static ProgressListener inside(ProgressListener progress, int slide, int slides) {
    return slides == 1
        ? progress
        : (phase, done, total, note) ->
            progress.onProgress(phase, slide, slides, note + ", tile " + done + " of " + total);
  }

  private void connect(ServiceConfig config, String brokers) {
    try {
      Contracts.ensureTopics(config);
    } catch (KafkaException e) {
      throw new ScanException(
          ("The Kafka brokers at %s cannot be used: %s Check bootstrap.servers and the"
                  + " security settings in the configuration.")
              .formatted(brokers, Sentences.of(e)),
          e);
    }
    Contracts.ensureSubjects(config);
  }

  /** One slide on its way to the topics. */
  private final class SlideRun {
    private final SlideSource slide;
    private final PixelChoice pixels;
    private final ProgressListener progress;
    private final Map<Path, Glass> glass = new HashMap<>();
    private final Map<Path, Double> downsamples = new HashMap<>();
    private final ImageNames names;
    private final SlideManifest manifest = new SlideManifest();
    private final List<ScanFailure> failures = new ArrayList<>();
    private final Pace pace = new Pace(clock);
    private Set<String> there = Set.of();
    private long resumed;
    private long published;
    private long bytes;

    SlideRun(SlideSource slide, PixelChoice pixels, ProgressListener progress) {
      this.slide = slide;
      this.pixels = pixels;
      this.names = new ImageNames(slide.images());
      this.progress = progress;
    }

    /** Looks at every image before its tiles. One that cannot be read is named with those. */
    void look() {
      for (Path file : slide.images()) {
        try (OpenImage image = OpenImage.of(file, settings, pixels)) {
          if (image.level() > 0) {
            downsamples.put(file, image.downsample());
          }
          if (pixels.levelMpp().isPresent() && image.micronsPerPixel().isEmpty()) {
            notices.accept(
                file + ": its resolution is not known, so that no level can be chosen: give --mpp");
          }
          lookForGlass(image, file);
        } catch (ImageRejectedException e) {
          // It is told when its tiles are to be read.
        }
      }
    }

    private void lookForGlass(OpenImage image, Path file) {
      boolean asked = settings.skipsGlass() && !pixels.allTiles();
      if (!asked && pixels.tissuePicture().isEmpty()) {
        return;
      }
      Glass found = image.glass();
      pixels.tissuePicture().ifPresent(target -> draw(target, found, image.grid()));
      if (found.foundNoTissue()) {
        notices.accept(file + ": no tissue was found on it, so that all its tiles are published");
      }
      if (asked && found.count() > 0) {
        glass.put(file, new Glass(found.tiles(), Optional.empty(), Optional.empty()));
      }
    }

    /** What the identity of the scan depends on besides content and grid. */
    String identityOfPixels() {
      StringBuilder text = new StringBuilder();
      pixels.mpp().ifPresent(mpp -> text.append("\nmpp ").append(mpp));
      for (Path file : slide.images()) {
        if (downsamples.containsKey(file)) {
          text.append("\nat ").append(downsamples.get(file));
        }
        if (glass.containsKey(file)) {
          text.append("\nwithout ")
              .append(Hashing.sha256().hashBytes(glass.get(file).tiles().toByteArray()));
        }
      }
      return text.toString();
    }

    private void draw(Path target, Glass found, TileGrid grid) {
      RgbImage picture =
          found
              .drawn(grid)
              .orElseThrow(
                  () ->
                      new ScanException(
                          "No picture of what is tissue can be made: the image is one tile, or too"
                              + " large without smaller levels."));
      try {
        Files.write(target, RgbPng.encode(picture));
      } catch (IOException e) {
        throw new ScanException("The picture cannot be written to " + target + " (" + e + ").", e);
      }
    }

    /** Takes note of the tiles that an earlier, interrupted run of this scan has published. */
    void goOnFrom(Optional<ScanJournal.Interrupted> before) {
      before
          .filter(run -> !run.tileIds().isEmpty())
          .ifPresent(
              run -> {
                there = run.tileIds();
                notices.accept(
                    "Slide '%s' goes on where its scan of %s was interrupted: %s tiles are there."
                        .formatted(
                            ScanFailure.visible(slide.slideId()),
                            run.begun().truncatedTo(ChronoUnit.SECONDS),
                            there.size()));
              });
    }

    void publishTiles(ScanIdentity identity) {
      boolean several = slide.images().size() > 1;
      for (Path file : slide.images()) {
        Optional<String> name = names.of(file);
        if (name.isEmpty()) {
          manifest.addUnreadable();
          fail(file, "another image of slide '" + slide.slideId() + "' has its name; rename one");
          continue;
        }
        String prefix = identity.tilePrefix(slide.slideId()) + (several ? name.get() + "/" : "");
        try (OpenImage image = OpenImage.of(file, settings, pixels)) {
          image.image().notice().ifPresent(notices);
          noteResolution(image, file);
          requirePublishable(image.grid(), prefix);
          publish(image, file, prefix, identity);
        } catch (ImageRejectedException e) {
          manifest.addUnreadable();
          fail(file, e.getMessage());
        }
      }
    }

    void fail(Path file, String reason) {
      ScanFailure failure = new ScanFailure(file, reason);
      failures.add(failure);
      tell(failure);
    }

    boolean publishManifest(ScanIdentity identity) {
      if (published + resumed == 0) {
        return false;
      }
      SlideScanned record =
          manifest.toRecord(slide, identity, scanner(manifest.scanner()), clock.instant());
      publisher.publish(record);
      log.atInfo()
          .addKeyValue("slideId", slide.slideId())
          .addKeyValue("organ", slide.organ())
          .addKeyValue("tiles", published + resumed)
          .addKeyValue("tilesGlass", manifest.glassCount())
          .log("Slide published");
      return true;
    }

    private void noteResolution(OpenImage image, Path file) {
      OptionalDouble said = image.image().micronsPerPixel();
      if (pixels.mpp().isPresent() && said.isPresent()) {
        notices.accept(
            "%s: it says %s micrometres per pixel itself, which are used and not %s"
                .formatted(file, said.getAsDouble(), pixels.mpp().getAsDouble()));
      }
    }

    private void requirePublishable(TileGrid grid, String prefix) throws ImageRejectedException {
      if (grid.count() + manifest.tileCount() > MOST_TILES) {
        throw new ImageRejectedException(
            "its %s x %s pixels are %s tiles, and a slide has at most %s: the file is damaged, or"
                    .formatted(grid.width(), grid.height(), grid.count(), MOST_TILES)
                + " tiles must be larger (histoflow.scan.tile.size)");
      }
      Optional<String> fault =
          TextRule.id("tileId").fault(prefix + grid.width() + "/" + grid.height());
      if (fault.isPresent()) {
        throw new ImageRejectedException(
            "its name cannot be part of its tiles' ids: " + fault.get() + " Rename it.");
      }
    }

    private void publish(OpenImage image, Path file, String prefix, ScanIdentity identity) {
      TileGrid grid = image.grid();
      Glass leftOut = glass.getOrDefault(file, Glass.NONE);
      manifest.add(image, leftOut);
      long unreadable = 0;
      String firstReason = "";
      Iterator<TileGrid.Tile> wanted = wanted(grid, leftOut, prefix);
      try (EncodedTiles tiles =
          new EncodedTiles(image, wanted, settings.threads(), MOST_BYTES_IN_WORK)) {
        while (tiles.hasNext()) {
          EncodedTiles.Encoded tile = tiles.next();
          if (tile.image().isPresent()) {
            publish(image, prefix, tile.at(), tile.image().get(), identity);
          } else {
            unreadable++;
            firstReason =
                unreadable == 1 ? reason(tile.at(), tile.fault().orElseThrow()) : firstReason;
          }
          heard(published + unreadable);
        }
      }
      if (unreadable > 0) {
        String more = unreadable == 1 ? "" : " (and " + (unreadable - 1) + " more tiles)";
        fail(file, firstReason + more);
      }
    }

    /** The tiles that are neither glass nor there. */
    private Iterator<TileGrid.Tile> wanted(TileGrid grid, Glass leftOut, String prefix) {
      return LongStream.range(0, grid.count())
          .filter(i -> !leftOut.tiles().get((int) i))
          .mapToObj(i -> grid.tile((int) (i % grid.columns()), (int) (i / grid.columns())))
          .filter(
              at -> {
                boolean isThere = there.contains(tileId(prefix, at));
                resumed += isThere ? 1 : 0;
                return !isThere;
              })
          .iterator();
    }

    private void heard(long done) {
      String speed = pace.after(done, manifest.tileCount() - resumed);
      progress.onProgress(
          PHASE,
          resumed + done,
          manifest.tileCount(),
          speed.isEmpty() ? slide.slideId() : slide.slideId() + ", " + speed);
    }

    private void publish(
        OpenImage image, String prefix, TileGrid.Tile at, byte[] encoded, ScanIdentity identity) {
      TileGrid.Tile there = image.onLevel(at);
      TileScanned.Builder tile =
          TileScanned.newBuilder()
              .setTileId(tileId(prefix, at))
              .setSlideId(slide.slideId())
              .setOrgan(slide.organ())
              .setX(at.x())
              .setY(at.y())
              .setWidth(there.width())
              .setHeight(there.height())
              .setDownsample(image.downsample())
              .setFormat(settings.encoding().format())
              .setImage(ByteBuffer.wrap(encoded))
              .setScanner(scanner(image.scanner()).orElse(null))
              .setScanId(identity.scanId())
              .setScannedAt(clock.instant());
      OptionalDouble microns = image.micronsOfTiles();
      tile.setMicronsPerPixel(microns.isPresent() ? microns.getAsDouble() : null);
      publisher.publish(tile.build());
      published++;
      bytes += encoded.length;
    }

    private static String tileId(String prefix, TileGrid.Tile at) {
      return prefix + at.x() + "/" + at.y();
    }

    private Optional<String> scanner(Optional<String> ofImage) {
      return settings.scanner().isBlank() ? ofImage : Optional.of(settings.scanner());
    }

    private static String reason(TileGrid.Tile at, ImageRejectedException e) {
      return "the tile at (" + at.x() + ", " + at.y() + ") is left out: " + e.getMessage();
    }
  }
}
