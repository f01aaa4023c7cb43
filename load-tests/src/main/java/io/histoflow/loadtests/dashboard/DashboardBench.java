package io.histoflow.loadtests.dashboard;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.dashboard.DashboardBenchResult.Frames;
import io.histoflow.loadtests.dashboard.DashboardBenchResult.Live;
import io.histoflow.loadtests.dashboard.DashboardBenchResult.Memory;
import io.histoflow.loadtests.dashboard.DashboardBenchResult.Stroke;
import io.histoflow.loadtests.dashboard.DashboardBenchResult.Verdicts;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.embedded.EmbeddedPlatform;
import io.histoflow.review.ReviewService;
import io.histoflow.review.ReviewSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Uses the dashboard as a reader does: the review service as it is, a broker and a registry, and a
 * headless Chromium, all on this machine's cores. Pixels are drawn by the CPU, for the browser has
 * no display.
 */
public final class DashboardBench {
  private static final String PHASE = "dashboard";
  private static final int STEPS = 8;

  /** Verdicts of each kind before those that count, on each line. */
  static final int WARM_UP = 5;

  private static final int STROKE_STEPS = 60;
  private static final int SCROLLED_PIXELS = 15_000;
  private static final int LIVE_PER_SECOND = 30;
  private static final int LIVE_SECONDS = 10;
  private static final int LOOKED_AT_PIXELS = 2_410;
  private static final int SETTLED_AFTER_TILES = 20;
  private static final int SMALL_TILE = 64;
  private static final List<Integer> STROKED = List.of(1024, 2048);

  /** Scores: alerts that come while the reader looks sort above those that are there. */
  private static final double LIVE_SCORE = 0.7;

  private static final double LARGE_SCORE = 0.6;
  private static final double HIGHEST_SCORE = 0.5;
  private static final double LOWEST_SCORE = 0.25;

  private final DashboardBenchSettings settings;
  private final ProgressListener progress;

  /**
   * @param settings what to measure
   * @param progress told before each part
   */
  public DashboardBench(DashboardBenchSettings settings, ProgressListener progress) {
    this.settings = requireNonNull(settings, "settings");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * Runs the benchmark.
   *
   * @param folder takes the platform's data and the browser's profile
   * @throws io.histoflow.loadtests.measuring.BenchException where there is no browser, or it does
   *     not show what it should
   * @throws IOException where the browser cannot be started
   */
  public DashboardBenchResult run(Path folder) throws IOException {
    var unused = Chromium.program();
    progress.onProgress(PHASE, 0, STEPS, "starting the platform");
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder.resolve("platform"))) {
      // Nothing is segmented here, and the page is not to say so.
      ServiceConfig config =
          platform
              .config()
              .with(ReviewSettings.PORT, 0)
              .with(ReviewSettings.FLOW_PATIENCE, Duration.ofHours(2));
      try (ReviewService service = new ReviewService(config);
          BenchAlerts alerts = new BenchAlerts(config, settings.seed())) {
        service.start();
        alerts.raise(
            settings.alerts(), DashboardBenchSettings.TILE_SIZE, HIGHEST_SCORE, LOWEST_SCORE);
        try (Chromium browser = Chromium.start(folder)) {
          ReaderPage page = new ReaderPage(browser, "http://127.0.0.1:" + service.port());
          return measure(page, alerts);
        }
      }
    }
  }

  private DashboardBenchResult measure(ReaderPage page, BenchAlerts alerts) {
    page.open("/queue");
    awaitOpen(page, settings.alerts());
    progress.onProgress(PHASE, 1, STEPS, "verdicts on a fast line");
    decide(page, WARM_UP, new ArrayList<>(), new ArrayList<>());
    Verdicts fast = verdicts(page);
    progress.onProgress(PHASE, 2, STEPS, "verdicts on a slow line");
    page.line(true);
    // The reader has looked at a tile before, and what is ahead has come.
    decide(page, WARM_UP, new ArrayList<>(), new ArrayList<>());
    Verdicts slow = verdicts(page);
    page.line(false);
    int left = settings.alerts() - 2 * 2 * (WARM_UP + settings.verdicts());
    awaitOpen(page, left);
    progress.onProgress(PHASE, 3, STEPS, "30 alerts a second");
    Live live = live(page, alerts);
    progress.onProgress(PHASE, 4, STEPS, "memory");
    Memory memory = memory(page);
    progress.onProgress(PHASE, 5, STEPS, "strokes");
    Map<Integer, Stroke> strokes = strokes(page, alerts);
    progress.onProgress(PHASE, 6, STEPS, "a list of " + settings.listed() + " alerts");
    int open = left + live.raised() + strokes.size();
    int listed = Math.max(open, settings.listed());
    alerts.raise(listed - open, SMALL_TILE, LOWEST_SCORE, 0);
    page.open("/queue");
    awaitOpen(page, listed);
    int rows = page.readAll();
    progress.onProgress(PHASE, 7, STEPS, "scrolling");
    Frames scrolling = scrolling(page);
    progress.onProgress(PHASE, STEPS, STEPS, "done");
    return new DashboardBenchResult(settings, fast, slow, live, rows, scrolling, strokes, memory);
  }

  private static void awaitOpen(ReaderPage page, int alerts) {
    Waiting.until(alerts + " open alerts on the page", () -> page.open() == alerts);
  }

  private Verdicts verdicts(ReaderPage page) {
    List<Double> confirmed = new ArrayList<>();
    List<Double> corrected = new ArrayList<>();
    decide(page, settings.verdicts(), confirmed, corrected);
    return new Verdicts(confirmed, corrected);
  }

  /** Confirms a tile and corrects the next, over and over. */
  private void decide(
      ReaderPage page, int verdicts, List<Double> confirmed, List<Double> corrected) {
    page.press('b');
    for (int i = 0; i < verdicts; i++) {
      look(settings.lookMillis());
      confirmed.add(page.pressUntilPainted('C'));
      page.draw(STROKE_STEPS / 10);
      look(settings.lookMillis());
      corrected.add(page.pressUntilPainted('S'));
    }
  }

  private static Live live(ReaderPage page, BenchAlerts alerts) {
    int number = LIVE_PER_SECOND * LIVE_SECONDS;
    int before = page.open();
    page.scrollTo(LOOKED_AT_PIXELS);
    double worked = page.workedMillis();
    page.watch();
    alerts.trickle(number, DashboardBenchSettings.TILE_SIZE, LIVE_PER_SECOND, LIVE_SCORE);
    awaitOpen(page, before + number);
    JsonNode watched = page.watched();
    return new Live(
        number,
        page.newAbove(),
        watched.get("moves").asInt(),
        watched.get("farthest").asDouble(),
        watched.get("longTasks").asInt(),
        Frames.of(watched, page.workedMillis() - worked));
  }

  private Memory memory(ReaderPage page) {
    page.scrollTo(0);
    ReaderPage.Memory settled = null;
    for (int i = 1; i <= settings.tiles(); i++) {
      var unused = page.pressUntilPainted('j');
      if (i == SETTLED_AFTER_TILES) {
        settled = page.memory();
      }
    }
    return new Memory(settled, page.memory());
  }

  private static Map<Integer, Stroke> strokes(ReaderPage page, BenchAlerts alerts) {
    Map<Integer, Stroke> strokes = new TreeMap<>();
    for (int edge : STROKED) {
      String tileId = alerts.raise(1, edge, LARGE_SCORE, LARGE_SCORE).get(0);
      page.open("/tile/" + tileId.replace("/", "%2F"));
      page.awaitTile(tileId);
      page.press('b');
      // The first stroke draws the whole overlay, and is compiled.
      page.draw(STROKE_STEPS);
      double worked = page.workedMillis();
      page.watch();
      page.draw(STROKE_STEPS);
      JsonNode watched = page.watched();
      strokes.put(edge, Stroke.of(watched, page.workedMillis() - worked));
    }
    return strokes;
  }

  private static Frames scrolling(ReaderPage page) {
    page.scrollTo(LOOKED_AT_PIXELS);
    page.scroll(SCROLLED_PIXELS / 5);
    double worked = page.workedMillis();
    page.watch();
    page.scroll(SCROLLED_PIXELS);
    JsonNode watched = page.watched();
    return Frames.of(watched, page.workedMillis() - worked);
  }

  private static void look(int millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }
}
