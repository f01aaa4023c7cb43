package io.histoflow.loadtests.slides;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.TileGrid;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.Rates;
import io.histoflow.loadtests.slides.SlidesBenchResult.Measured;
import io.histoflow.loadtests.slides.SlidesBenchResult.Peer;
import io.histoflow.loadtests.slides.SlidesBenchResult.Row;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.scanning.IdSource;
import io.histoflow.scanning.PixelChoice;
import io.histoflow.scanning.ScanRequest;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.scanning.SlideScanner;
import io.histoflow.scanning.image.SlideImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tiles per second from slide to decoded tile, and from slide to topic as {@code scan} publishes
 * them, beside the same tiles through OpenSlide's own Python, read, and read and encoded as PNG.
 * All take turns, one thread each; every tile of level 0 counts, glass too.
 *
 * @param settings what to measure
 * @param peer what to compare with; empty = nothing
 * @param progress told before each turn
 */
record SlidesBench(
    SlidesBenchSettings settings, Optional<OpenSlidePeer> peer, ProgressListener progress) {
  private static final String PHASE = "slides bench";

  /** Decoders of JPEG round in different ways: on average less than this, of 255. */
  private static final double PEER_MAY_DIFFER = 3;

  private static final int LEAST_TILES = 2;

  static final String NO_PEER =
      "nothing to compare with: no Python here has OpenSlide (Debian: apt-get install"
          + " python3-openslide; load-tests/peers/README.md)";

  /**
   * Measures one slide after the other. The broker starts with the first that can be read.
   *
   * @param folder an empty folder
   * @throws BenchException where the peer reads other pixels
   */
  SlidesBenchResult run(Path folder) throws IOException {
    List<Row> rows = new ArrayList<>();
    Set<SlideImage.Reader> missing = EnumSet.complementOf(EnumSet.of(SlideImage.Reader.WHOLE));
    try (Topic topic = new Topic(folder)) {
      for (Path slide : settings.slides()) {
        Row row = measure(slide, topic, folder);
        rows.add(row);
        row.reader().ifPresent(missing::remove);
      }
    }
    for (SlideImage.Reader reader : missing) {
      rows.add(
          new Row(
              Optional.empty(),
              Optional.of(reader),
              Optional.empty(),
              Optional.of("no slide of this kind was named")));
    }
    return new SlidesBenchResult(
        settings,
        Runtime.getRuntime().availableProcessors(),
        peer.map(OpenSlidePeer::version),
        rows);
  }

  private Row measure(Path slide, Topic topic, Path scratch) throws IOException {
    Optional<String> name = Optional.of(String.valueOf(slide.getFileName()));
    try (TileWalk walk = new TileWalk(slide, settings.tileSize())) {
      Optional<String> alone =
          peer.isEmpty()
              ? Optional.of(NO_PEER)
              : peer.get().open(slide, settings.tileSize()).map(this::refusal);
      if (alone.isEmpty()) {
        requireSame(walk, slide, scratch);
      }
      Measured measured = turns(walk, slide, topic, alone.isEmpty());
      return new Row(name, Optional.of(walk.reader()), Optional.of(measured), alone);
    } catch (ImageRejectedException e) {
      return new Row(name, Optional.empty(), Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  private String refusal(String why) {
    return "OpenSlide %s cannot read it (%s)".formatted(peer.orElseThrow().version(), why);
  }

  /** A first round warms up and is left out. */
  private Measured turns(TileWalk walk, Path slide, Topic topic, boolean beside)
      throws ImageRejectedException {
    List<Double> decoded = new ArrayList<>();
    List<Double> published = new ArrayList<>();
    List<Double> reads = new ArrayList<>();
    List<Double> encodes = new ArrayList<>();
    for (int round = 0; round <= settings.rounds(); round++) {
      progress.onProgress(PHASE, round, settings.rounds() + 1, String.valueOf(slide.getFileName()));
      decoded.add(walk.perSecond(settings.seconds()));
      if (beside) {
        reads.add(peer.orElseThrow().reads(settings.seconds()));
      }
      published.add(topic.perSecond(slide, settings));
      if (beside) {
        encodes.add(peer.orElseThrow().encodes(settings.seconds()));
      }
    }
    return new Measured(
        rates(decoded),
        rates(published),
        beside ? Optional.of(new Peer(rates(reads), rates(encodes))) : Optional.empty());
  }

  private static Rates rates(List<Double> rounds) {
    return new Rates(rounds.subList(1, rounds.size()));
  }

  private void requireSame(TileWalk walk, Path slide, Path scratch)
      throws IOException, ImageRejectedException {
    TileGrid.Tile middle = walk.tiles().get(walk.tiles().size() / 2);
    byte[] ours = walk.read(middle).rgb();
    byte[] theirs = peer.orElseThrow().tile(middle, scratch);
    long difference = 0;
    for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
      difference += Math.abs((ours[i] & 0xff) - (theirs[i] & 0xff));
    }
    double mean = (double) difference / ours.length;
    if (ours.length != theirs.length || mean > PEER_MAY_DIFFER) {
      throw new BenchException(
          String.format(
              Locale.ROOT,
              "OpenSlide reads other pixels of %s: they differ by %.1f of 255 on average at (%d,"
                  + " %d).",
              slide,
              mean,
              middle.x(),
              middle.y()));
    }
  }

  /** Scans onto an embedded broker, which starts when it is first needed. */
  private static final class Topic implements AutoCloseable {
    private final Path folder;
    private EmbeddedPlatform platform;
    private SlideScanner scanner;
    private int scans;

    Topic(Path folder) {
      this.folder = folder;
    }

    /**
     * Returns how many tiles a second are published, over whole scans, for at least so long. The
     * time until the first tile, in which the file is opened, does not count; the manifest does.
     */
    double perSecond(Path slide, SlidesBenchSettings settings) {
      start(settings.tileSize());
      long nanos = 0;
      long tiles = 0;
      while (nanos < settings.seconds() * 1e9) {
        AtomicLong first = new AtomicLong();
        ScanSummary summary =
            scanner.scan(
                request(slide),
                (phase, done, total, note) -> first.compareAndSet(0, System.nanoTime()));
        nanos += System.nanoTime() - first.get();
        if (!summary.complete() || summary.tiles() < LEAST_TILES) {
          throw new BenchException(
              summary.complete()
                  ? "%s has %s tiles: too few to time.".formatted(slide, summary.tiles())
                  : "A slide was not published whole: " + summary.failures().get(0).sentence());
        }
        tiles += summary.tiles() - 1;
      }
      return tiles * 1e9 / nanos;
    }

    private ScanRequest request(Path slide) {
      return new ScanRequest(
          List.of(slide),
          Optional.of("unknown"),
          Optional.of("bench-" + scans++),
          IdSource.NAME,
          false,
          false,
          new PixelChoice(OptionalDouble.empty(), OptionalDouble.empty(), true, Optional.empty()));
    }

    private void start(int tileSize) {
      if (platform == null) {
        platform = EmbeddedPlatform.start(folder.resolve("platform"));
        ServiceConfig config =
            platform
                .config()
                .with("histoflow.scan.tile.size", Integer.toString(tileSize))
                // Level 0, whatever smaller ones there are.
                .with("histoflow.scan.mpp", "0.05")
                .with("histoflow.scan.journal", folder.resolve("scans").toString());
        scanner = new SlideScanner(config, notice -> {});
      }
    }

    @Override
    public void close() {
      if (scanner != null) {
        scanner.close();
      }
      if (platform != null) {
        platform.close();
      }
    }
  }
}
