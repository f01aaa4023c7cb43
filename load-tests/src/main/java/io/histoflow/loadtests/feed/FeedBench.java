package io.histoflow.loadtests.feed;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.histoflow.datasets.ProgressListener;
import io.histoflow.loadtests.feed.FeedBenchResult.Turn;
import io.histoflow.loadtests.measuring.BenchException;
import io.histoflow.loadtests.measuring.BenchTiles;
import io.histoflow.loadtests.measuring.BenchTiles.BenchTile;
import io.histoflow.loadtests.measuring.TilePipe;
import io.histoflow.loadtests.measuring.Waiting;
import io.histoflow.platform.config.ServiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What browsers on live updates cost: tiles per second from topic to topic through a whole running
 * system, with none and with many browsers open on the dashboard, in turns. Whether each browser
 * was told of every alert is checked after each of its turns. A first turn with browsers, in which
 * both JVMs compile what runs often, does not count.
 */
public final class FeedBench {
  private static final String PHASE = "feed bench";
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final FeedBenchSettings settings;
  private final Subject subject;
  private final ProgressListener progress;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();

  /**
   * The system that is measured.
   *
   * @param config where broker and registry are
   * @param dashboard address of the review service
   * @param alive whether all of its services run
   */
  public record Subject(ServiceConfig config, URI dashboard, BooleanSupplier alive) {}

  /**
   * @param settings what to measure
   * @param subject what runs
   * @param progress told before each turn
   */
  public FeedBench(FeedBenchSettings settings, Subject subject, ProgressListener progress) {
    this.settings = requireNonNull(settings, "settings");
    this.subject = requireNonNull(subject, "subject");
    this.progress = requireNonNull(progress, "progress");
  }

  /**
   * Runs the benchmark.
   *
   * @param folder takes the browsers' log
   * @throws BenchException when tiles get lost or come twice, a service stops, or a browser was not
   *     told of an alert
   * @throws IOException when the browsers' process cannot be started
   */
  public FeedBenchResult run(Path folder) throws IOException {
    List<BenchTile> tiles = BenchTiles.draw(settings.tiles(), settings.tileSize(), settings.seed());
    List<Turn> without = new ArrayList<>();
    List<Turn> with = new ArrayList<>();
    try (TilePipe pipe = new TilePipe(subject.config(), subject.alive());
        BrowserProcess browsers =
            new BrowserProcess(
                subject.dashboard(), settings.clients(), folder.resolve("browsers.log"))) {
      SystemCpu cpu = new SystemCpu(browsers.handle());
      int steps = 2 * settings.rounds() + 1;
      progress.onProgress(PHASE, 0, steps, "warming up");
      browsers.open();
      pipe.flood(tiles);
      settle();
      browsers.closeBrowsers();
      for (int round = 0; round < settings.rounds(); round++) {
        progress.onProgress(PHASE, 2 * round + 1, steps, "no browser");
        without.add(turn(pipe, tiles, cpu));
        progress.onProgress(PHASE, 2 * round + 2, steps, settings.clients() + " browsers");
        int before = alerts();
        browsers.open();
        Turn turn = turn(pipe, tiles, cpu);
        with.add(turn.seenBy(checked(browsers, alerts() - before)));
        browsers.closeBrowsers();
      }
      progress.onProgress(PHASE, steps, steps, "done");
    }
    return new FeedBenchResult(settings, Runtime.getRuntime().availableProcessors(), without, with);
  }

  /** CPU time counts until the alerts are through, too. */
  private Turn turn(TilePipe pipe, List<BenchTile> tiles, SystemCpu cpu) {
    double began = cpu.seconds();
    double browsersBegan = cpu.browserSeconds();
    double seconds = pipe.flood(tiles).seconds();
    settle();
    return new Turn(
        tiles.size(),
        seconds,
        cpu.seconds() - began,
        cpu.browserSeconds() - browsersBegan,
        List.of());
  }

  /** Waits until routing and review have done what the tiles gave them to do. */
  private void settle() {
    int[] last = {alerts()};
    long[] since = {System.nanoTime()};
    Waiting.until(
        "the last alert",
        () -> {
          int now = alerts();
          if (now != last[0]) {
            last[0] = now;
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > QUIET.toNanos();
        });
  }

  private List<Browser.Seen> checked(BrowserProcess browsers, int raised) {
    List<Browser.Seen> seen = browsers.count();
    for (Browser.Seen browser : seen) {
      if (browser.resets() > 0 || browser.failed() > 0 || browser.raised() != raised) {
        throw new BenchException(
            "A browser was told of %d of %d alerts, was told to begin anew %d times and had %d requests fail."
                .formatted(browser.raised(), raised, browser.resets(), browser.failed()));
      }
    }
    return seen;
  }

  /** Returns the number of open alerts. */
  private int alerts() {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(subject.dashboard().resolve("/api/alerts?limit=1")).build();
      return json.readTree(http.send(request, BodyHandlers.ofByteArray()).body())
          .get("total")
          .asInt();
    } catch (IOException e) {
      throw new UncheckedIOException("The review service does not answer.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("The bench was interrupted.");
    }
  }
}
