package io.histoflow.loadtests.slides;

import io.histoflow.datasets.ProgressListener;
import io.histoflow.imaging.ImageRejectedException;
import io.histoflow.imaging.TileGrid;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.CpuClock;
import io.histoflow.loadtests.slides.SlidesBenchResult.Measured;
import io.histoflow.loadtests.slides.SlidesBenchResult.Peer;
import io.histoflow.loadtests.slides.SlidesBenchResult.Row;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tiles per second from slide to decoded tile, and from slide to topic as {@code scan} publishes
 * them, beside the same tiles through OpenSlide's own Python (pydicom and Pillow for DICOM), read,
 * and read and encoded as PNG. All take turns, one thread each, and then the scan with a thread for
 * each core; every tile of level 0 counts, glass too.
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
  private static final int CORES = Runtime.getRuntime().availableProcessors();

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
    return new SlidesBenchResult(settings, CORES, peer.map(OpenSlidePeer::version), rows);
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

  private Measured turns(TileWalk walk, Path slide, Topic topic, boolean beside)
      throws ImageRejectedException {
    Turns.Gatherer decoded = new Turns.Gatherer();
    Turns.Gatherer published = new Turns.Gatherer();
    Turns.Gatherer byAllCores = new Turns.Gatherer();
    Turns.Gatherer reads = new Turns.Gatherer();
    Turns.Gatherer encodes = new Turns.Gatherer();
    for (int round = 0; round <= settings.rounds(); round++) {
      progress.onProgress(PHASE, round, settings.rounds() + 1, String.valueOf(slide.getFileName()));
      decoded.add(walk.turn(settings.seconds()));
      if (beside) {
        reads.add(peer.orElseThrow().reads(settings.seconds()));
      }
      published.add(topic.turn(slide, settings, 1));
      if (beside) {
        encodes.add(peer.orElseThrow().encodes(settings.seconds()));
      }
      byAllCores.add(topic.turn(slide, settings, CORES));
    }
    return new Measured(
        decoded.turns(),
        published.turns(),
        byAllCores.turns(),
        beside
            ? Optional.of(new Peer(peer.orElseThrow().reader(), reads.turns(), encodes.turns()))
            : Optional.empty());
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
    private final Map<Integer, SlideScanner> scanners = new HashMap<>();
    private int scans;

    Topic(Path folder) {
      this.folder = folder;
    }

    /**
     * Publishes whole scans for at least so long. The time until the first tile, in which the file
     * is opened, does not count; the manifest does.
     *
     * @param threads that read
     */
    Turns.Turn turn(Path slide, SlidesBenchSettings settings, int threads) {
      SlideScanner scanner =
          scanners.computeIfAbsent(threads, n -> scanner(settings.tileSize(), n));
      long nanos = 0;
      double cpu = 0;
      long tiles = 0;
      while (nanos < settings.seconds() * 1e9) {
        AtomicLong first = new AtomicLong();
        AtomicReference<Double> before = new AtomicReference<>();
        ScanSummary summary =
            scanner.scan(
                request(slide),
                (phase, done, total, note) -> {
                  if (before.get() == null) {
                    first.set(System.nanoTime());
                    before.set(CpuClock.secondsWithChildren());
                  }
                });
        if (!summary.complete() || summary.tiles() < LEAST_TILES) {
          throw new BenchException(
              summary.complete()
                  ? "%s has %s tiles: too few to time.".formatted(slide, summary.tiles())
                  : "A slide was not published whole: " + summary.failures().get(0).sentence());
        }
        nanos += System.nanoTime() - first.get();
        cpu += CpuClock.secondsWithChildren() - before.get();
        tiles += summary.tiles() - 1;
      }
      return new Turns.Turn(tiles, nanos / 1e9, cpu);
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

    private SlideScanner scanner(int tileSize, int threads) {
      if (platform == null) {
        platform = EmbeddedPlatform.start(folder.resolve("platform"));
      }
      return new SlideScanner(
          platform
              .config()
              .with("histoflow.scan.tile.size", Integer.toString(tileSize))
              .with("histoflow.scan.threads", Integer.toString(threads))
              // Level 0, whatever smaller ones there are.
              .with("histoflow.scan.mpp", "0.05")
              .with("histoflow.scan.journal", folder.resolve("scans").toString()),
          notice -> {});
    }

    @Override
    public void close() {
      scanners.values().forEach(SlideScanner::close);
      if (platform != null) {
        platform.close();
      }
    }
  }
}
