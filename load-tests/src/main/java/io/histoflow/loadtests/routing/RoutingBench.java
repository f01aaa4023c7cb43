package io.histoflow.loadtests.routing;

import static java.util.Objects.requireNonNull;

import io.histoflow.loadtests.measuring.SyntheticOrgan;
import io.histoflow.schemas.DriftAlarm;
import io.histoflow.schemas.DriftState;
import io.histoflow.schemas.ReviewReason;
import io.histoflow.schemas.TileSegmented;
import io.histoflow.topology.TopologyListener;
import io.histoflow.topology.TopologySettings;
import io.histoflow.topology.drift.DriftSettings;
import io.histoflow.topology.routing.RoutingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Feeds synthetic scores through the real routing topology: at the middle the stain of one scanner
 * shifts, at three quarters a new model comes. Shows whether budgets hold and whether the shift,
 * and nothing else, is alarmed.
 *
 * <p>Kafka Streams' test drivers stand for the brokers, one for each partition of the
 * segmentations: the tiles of an organ lie on all of them, slide by slide. What one router tells of
 * an organ, after a second at the latest, the others know two commits later. Of 50 tiles a second
 * six slides have their part, so an organ gets about eight a second of each of its slides.
 */
public final class RoutingBench {
  /** Tiles over which a share is taken, and which an organ has to come back. */
  static final int WINDOW = 500;

  private static final int SLIDES_AT_A_TIME = 6;
  private static final int LEAST_TILES_OF_A_SLIDE = 10;
  private static final int MOST_TILES_OF_A_SLIDE = 70;
  private static final Duration TILE_INTERVAL = Duration.ofMillis(20);
  private static final int TILES_PER_SECOND = 50;

  /** Tiles between two commits: 100 ms by default. */
  private static final int TILES_PER_COMMIT = 5;

  private static final int POINTS = 200;

  private final RoutingBenchSettings settings;
  private final IntConsumer progress;
  private final Random random;
  private final List<SyntheticOrgan> organs = new ArrayList<>();
  private final Map<String, OrganRecord> records = new LinkedHashMap<>();
  private boolean stainShifted;
  private boolean newModel;
  private int alarmed;

  /**
   * @param settings what to simulate
   * @param progress hears now and then how many tiles are done
   */
  public RoutingBench(RoutingBenchSettings settings, IntConsumer progress) {
    this.settings = requireNonNull(settings, "settings");
    this.progress = requireNonNull(progress, "progress");
    this.random = new Random(settings.seed());
    for (int i = 0; i < settings.organs(); i++) {
      SyntheticOrgan organ = new SyntheticOrgan(i, i % 5 != 4, random);
      organs.add(organ);
      records.put(organ.name(), new OrganRecord());
    }
  }

  /**
   * Runs the simulation, once for each bench.
   *
   * @param folder an empty folder for state
   */
  public RoutingBenchResult run(Path folder) {
    List<RoutingBenchResult.Point> curve = new ArrayList<>();
    long start = System.nanoTime();
    try (RoutingPartitions routing =
        new RoutingPartitions(
            topology(), settings.partitions(), folder, SyntheticOrgan.START, new Notes())) {
      Slide[] slides = new Slide[SLIDES_AT_A_TIME];
      int slideCount = 0;
      for (int tile = 0; tile < settings.tiles(); tile++) {
        changeAt(tile);
        int place = random.nextInt(slides.length);
        if (slides[place] == null || slides[place].left == 0) {
          slides[place] = new Slide("slide-" + slideCount++);
        }
        TileSegmented next = slides[place].next(tile);
        records.get(next.getOrgan()).comes(next.getRoutingScore());
        routing.segment(next, SyntheticOrgan.START.plus(TILE_INTERVAL.multipliedBy(tile)));
        if ((tile + 1) % TILES_PER_COMMIT == 0) {
          routing.exchange();
        }
        if ((tile + 1) % TILES_PER_SECOND == 0) {
          routing.pass(TILE_INTERVAL.multipliedBy(TILES_PER_SECOND));
          progress.accept(tile + 1);
        }
        if ((tile + 1) % Math.max(1, settings.tiles() / POINTS) == 0) {
          point(tile + 1).ifPresent(curve::add);
        }
      }
    }
    return new RoutingBenchResult(settings, results(), curve, (System.nanoTime() - start) / 1e9);
  }

  private TopologySettings topology() {
    return TopologySettings.defaults()
        .withRouting(RoutingSettings.defaults().withBudget(settings.budget()))
        .withDrift(
            new DriftSettings(
                settings.referenceTiles(),
                settings.driftWindowTiles(),
                DriftSettings.defaults().falseAlarmsPerThousandWindows(),
                DriftSettings.defaults().smallestDistance()));
  }

  private void changeAt(int tile) {
    if (tile == settings.tiles() / 2) {
      stainShifted = true;
      records.values().forEach(organ -> organ.change(0));
    }
    if (tile == settings.tiles() / 4 * 3) {
      newModel = true;
      records.values().forEach(organ -> organ.change(1));
    }
  }

  private Optional<RoutingBenchResult.Point> point(int tile) {
    double[] shares =
        records.values().stream()
            .filter(organ -> organ.tiles() >= WINDOW)
            .mapToDouble(organ -> organ.shareBefore(organ.tiles(), WINDOW))
            .sorted()
            .toArray();
    return shares.length == 0
        ? Optional.empty()
        : Optional.of(
            new RoutingBenchResult.Point(
                tile,
                shares[0],
                shares[shares.length / 2],
                Arrays.stream(shares).max().orElse(0),
                alarmed));
  }

  private List<RoutingBenchResult.Organ> results() {
    return organs.stream()
        .map(
            organ -> {
              OrganRecord record = records.get(organ.name());
              return new RoutingBenchResult.Organ(
                  organ.name(),
                  organ.stainChanges(),
                  record.tiles(),
                  record.routed(),
                  record.routedOfTop(settings.budget()),
                  record.largestError(settings.budget(), WINDOW),
                  record.alarmedAfter(),
                  record.falseAlarms());
            })
        .toList();
  }

  /** A slide whose tiles are being scanned. */
  private final class Slide {
    private final String id;
    private final SyntheticOrgan organ = organs.get(random.nextInt(organs.size()));
    private final double[] shared = SyntheticOrgan.slide(random);
    private int left =
        LEAST_TILES_OF_A_SLIDE + random.nextInt(MOST_TILES_OF_A_SLIDE - LEAST_TILES_OF_A_SLIDE + 1);

    Slide(String id) {
      this.id = id;
    }

    TileSegmented next(int number) {
      left--;
      SyntheticOrgan.Figures figures = organ.tile(shared, stainShifted, newModel, random);
      return organ
          .segmented("tile-" + number, id, number, figures)
          .setModelVersion(newModel ? 1 : 0)
          .build();
    }
  }

  /** Notes what the topology does; the test driver calls it on this thread. */
  private final class Notes implements TopologyListener {
    @Override
    public void onTile(String organ, Optional<ReviewReason> reason) {
      records.get(organ).add(reason.isPresent());
    }

    @Override
    public void onDrift(DriftAlarm alarm) {
      if (alarm.getState() != DriftState.DRIFTED) {
        return;
      }
      SyntheticOrgan organ =
          organs.stream()
              .filter(candidate -> candidate.name().equals(alarm.getOrgan()))
              .findFirst()
              .orElseThrow();
      boolean expected = stainShifted && organ.stainChanges() && alarm.getModelVersion() == 0;
      records.get(organ.name()).alarm(expected);
      alarmed += expected ? 1 : 0;
    }
  }
}
