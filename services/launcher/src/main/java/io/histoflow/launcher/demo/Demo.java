package io.histoflow.launcher.demo;

import io.histoflow.commandline.CommandFailedException;
import io.histoflow.commandline.StopSignal;
import io.histoflow.commandline.Terminal;
import io.histoflow.commandline.Terminal.Task;
import io.histoflow.datasets.Dataset;
import io.histoflow.datasets.Sample;
import io.histoflow.evaluation.EvaluatedModel;
import io.histoflow.evaluation.Evaluator;
import io.histoflow.evaluation.MatchedComparison;
import io.histoflow.evaluation.Summary;
import io.histoflow.finetuning.SingleRound;
import io.histoflow.launcher.demo.DemoResult.Quality;
import io.histoflow.launcher.demo.DemoResult.WeightsOutcome;
import io.histoflow.launcher.stack.RoutingProgress;
import io.histoflow.launcher.stack.Stack;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.review.ReviewSettings;
import io.histoflow.routing.RoutingService;
import io.histoflow.scanning.ScanSummary;
import io.histoflow.schemas.DecoderDecision;
import io.histoflow.schemas.DecoderWeights;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.inference.Segmenter;
import io.histoflow.weights.WeightsRejectedException;
import io.histoflow.weights.WeightsVerifier;
import io.histoflow.weights.versions.WorkerVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;

/**
 * The whole loop, once: scan, segment, route, correct, fine-tune, swap, evaluate, report. It talks
 * to the services only as outsiders do, through topics and the review service's HTTP API.
 */
public final class Demo {
  /** Tiles drawn without a data set. */
  public static final int SYNTHETIC_TILES = 432;

  private static final long SEED = 20260101;
  private static final Duration ESTIMATES = Duration.ofSeconds(10);
  private static final Duration STALL = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** How long a round may take for one step. */
  private static final Duration FINE_TUNING_STEP = Duration.ofMinutes(5);

  private final Terminal terminal;
  private final StopSignal stop;
  private final Path dataDir;
  private final long began = System.nanoTime();

  /**
   * Prepares a demo.
   *
   * @param terminal where progress goes
   * @param stop ends the demo early
   * @param dataDir an empty folder for topics, synthetic tiles and logs
   */
  public Demo(Terminal terminal, StopSignal stop, Path dataDir) {
    this.terminal = terminal;
    this.stop = stop;
    this.dataDir = dataDir;
  }

  /**
   * Runs the loop.
   *
   * @param input a data set; null draws synthetic tiles
   * @param tiles about how many tiles; null for all of a data set
   */
  public DemoResult run(Path input, Integer tiles) throws InterruptedException {
    DemoData data = input == null ? synthetic(tiles) : DemoData.of(Dataset.open(input), tiles);
    terminal.say(
        "Data: %s, %d images of %d organs; %d of them held out."
            .formatted(
                input == null ? "synthetic tiles" : input,
                data.samples().size(),
                data.organs(),
                data.heldOut().size()));
    terminal.say("Starting broker, schema registry and services ...");
    try (Stack stack = Stack.start(dataDir.resolve("platform"), settings(), terminal::say);
        LoopWatch watch =
            new LoopWatch(
                new KafkaClients(stack.config(), "demo").bytesConsumer(null, Map.of()),
                stack.config().clientProperties())) {
      terminal.say("Dashboard while the demo runs: " + stack.dashboard());
      return run(data, input == null ? "synthetic tiles" : input.toString(), stack, watch);
    }
  }

  /**
   * A demo beside a running dashboard must not fight for its port, and with so few tiles of an
   * organ the usual cold start would not end.
   */
  private static ServiceConfig settings() {
    return ServiceConfig.of(Map.of())
        .with(ReviewSettings.PORT, 0)
        .with(RoutingService.COLD_START_TILES, 5)
        .with(RoutingService.RECALL_INTERVAL, Duration.ofSeconds(1));
  }

  private DemoData synthetic(Integer tiles) {
    Path root = dataDir.resolve("synthetic");
    new SyntheticDataset(SEED).write(root, tiles == null ? SYNTHETIC_TILES : tiles);
    return DemoData.of(Dataset.open(root), null);
  }

  private DemoResult run(DemoData data, String name, Stack stack, LoopWatch watch)
      throws InterruptedException {
    Checkpoint shipped = Checkpoint.shipped();

    ScanSummary scan = DemoScan.publish(data.samples(), stack.config(), terminal);
    wait(
        stack,
        watch,
        "segment",
        scan.tiles(),
        () -> watch.segmented() + watch.deadLetters().size());
    wait(stack, watch, "report slides", scan.slides(), watch::reports);
    awaitRouting(stack, watch);

    Summary before = evaluate("evaluate before", shipped, data.heldOut());
    List<String> corrected = correct(data, watch.routed(), stack);
    awaitEstimates(watch, corrected.size());
    Optional<DecoderDecision> decision =
        corrected.isEmpty() ? Optional.empty() : Optional.of(fineTune(corrected, stack, watch));
    boolean accepted = decision.map(DecoderDecision::getAccepted).orElse(false);
    Checkpoint current = shipped;
    Summary after = before;
    if (accepted) {
      current = swap(shipped, decision.get().getCandidateVersion(), stack, watch);
      after = evaluate("evaluate after", current, data.heldOut());
    }

    MatchedComparison matched =
        MatchedComparison.of(before.curve(), shipped.maskThreshold(), after.curve());
    return new DemoResult(
        name,
        scan.tiles(),
        watch.segmented(),
        watch.duplicates(),
        watch.deadLetters().size(),
        Math.toIntExact(scan.slides()),
        watch.reports(),
        watch.reports() - watch.completeReports(),
        watch.organs(),
        corrected.size(),
        new WeightsOutcome(
            shipped.version(),
            current.version(),
            accepted,
            decision
                .map(DecoderDecision::getReason)
                .orElse("No tile of a slide that may be corrected was routed to review.")),
        quality(before, shipped, matched.matchedPrecision(), matched.recallBefore()),
        quality(after, current, matched.matchedPrecision(), matched.recallAfter()),
        data.heldOut().size(),
        stack.inferenceRestarts(),
        (System.nanoTime() - began) / 1e9,
        DemoRecall.of(data.samples(), watch.firstSegmentations(), watch.estimates()));
  }

  private Summary evaluate(String phase, Checkpoint checkpoint, Set<Sample> samples)
      throws InterruptedException {
    stopIfAsked();
    try (Task task = terminal.start(phase, samples.size());
        Segmenter segmenter = Segmenter.open(checkpoint, Compute.auto(), Precision.FP32)) {
      return new Evaluator(segmenter, EvaluatedModel.of(checkpoint))
          .evaluateSamples(
              samples,
              checkpoint.thresholds(),
              (p, done, total, note) -> {
                if (stop.isRequested()) {
                  throw new CancellationException("stopped");
                }
                task.update(done, total, "");
              })
          .overall();
    } catch (CancellationException e) {
      throw new InterruptedException(e.getMessage());
    }
  }

  /** Waits until routing has seen every segmented tile, so that no alert is missing. */
  private void awaitRouting(Stack stack, LoopWatch watch) throws InterruptedException {
    try (Admin admin = new KafkaClients(stack.config(), "demo").admin()) {
      RoutingProgress routing = new RoutingProgress(admin);
      await(
          stack,
          watch,
          "route",
          STALL,
          () -> routing.hasReached(watch.segmentedEnds()),
          Optional::empty);
    }
  }

  /** What is not estimated by then is shown as it is. */
  private static void awaitEstimates(LoopWatch watch, int corrections) {
    boolean unused =
        watch.readUntil(
            () ->
                watch.estimates().stream().mapToLong(RecallEstimate::getTilesRead).sum()
                    >= corrections,
            ESTIMATES,
            Optional::empty,
            () -> {});
  }

  private List<String> correct(DemoData data, int alerts, Stack stack) throws InterruptedException {
    Expert expert = new Expert(stack.dashboard(), data.reviewable());
    long deadline = System.nanoTime() + STALL.toNanos();
    while (expert.openAlerts() < alerts) {
      if (System.nanoTime() > deadline) {
        throw new CommandFailedException(
            "The review service shows %d of %d alerts; see the logs in %s (--keep keeps them)."
                .formatted(expert.openAlerts(), alerts, stack.dataDir().resolve("logs")));
      }
      if (stop.await(LOOK)) {
        throw new InterruptedException("stopped");
      }
    }
    try (Task task = terminal.start("correct", 0)) {
      return expert.correctOpenAlerts(task);
    }
  }

  private DecoderDecision fineTune(List<String> corrected, Stack stack, LoopWatch watch)
      throws InterruptedException {
    stack.startFineTuning(SingleRound.over(corrected));
    await(
        stack,
        watch,
        "fine-tune",
        FINE_TUNING_STEP,
        () -> watch.decision().isPresent(),
        stack::fineTuningSteps);
    return watch.decision().orElseThrow();
  }

  private Checkpoint swap(Checkpoint shipped, long version, Stack stack, LoopWatch watch)
      throws InterruptedException {
    try (WorkerVersions workers =
        new WorkerVersions(
            new KafkaClients(stack.config(), "demo"), shipped.modelId(), InstantSource.system())) {
      workers.start();
      await(
          stack,
          watch,
          "swap weights",
          STALL,
          () ->
              watch.weights().isPresent()
                  && workers.all().stream().anyMatch(worker -> worker.getVersion() >= version),
          Optional::empty);
    }
    DecoderWeights weights = watch.weights().orElseThrow();
    try {
      return new WeightsVerifier(shipped).verify(weights);
    } catch (WeightsRejectedException e) {
      throw new CommandFailedException(
          "The weights on the topic do not fit the shipped model: " + e.getMessage(), e);
    }
  }

  private void wait(Stack stack, LoopWatch watch, String phase, long total, LongSupplier progress)
      throws InterruptedException {
    try (Task task = terminal.start(phase, total)) {
      waitFor(
          stack,
          watch,
          phase,
          STALL,
          () -> progress.getAsLong() >= total,
          Optional::empty,
          () -> task.update(progress.getAsLong(), total, ""));
    }
  }

  private void await(
      Stack stack,
      LoopWatch watch,
      String phase,
      Duration stall,
      BooleanSupplier condition,
      Supplier<Optional<String>> pulse)
      throws InterruptedException {
    long start = System.nanoTime();
    try (Task task = terminal.start(phase, 0)) {
      waitFor(
          stack,
          watch,
          phase,
          stall,
          condition,
          pulse,
          () -> task.update((System.nanoTime() - start) / 1_000_000_000L, 0, "s"));
    }
  }

  private void waitFor(
      Stack stack,
      LoopWatch watch,
      String phase,
      Duration stall,
      BooleanSupplier condition,
      Supplier<Optional<String>> pulse,
      Runnable each)
      throws InterruptedException {
    BooleanSupplier endOrTrouble =
        () -> condition.getAsBoolean() || stop.isRequested() || stack.failure().isPresent();
    boolean moved = watch.readUntil(endOrTrouble, stall, pulse, each);
    stopIfAsked();
    stack
        .failure()
        .ifPresent(
            sentence -> {
              throw new CommandFailedException(sentence);
            });
    if (!moved) {
      throw new CommandFailedException(
          "Nothing moved for %d s while the demo waited to %s; see the logs in %s (--keep keeps them)."
              .formatted(stall.toSeconds(), phase, stack.dataDir().resolve("logs")));
    }
  }

  private void stopIfAsked() throws InterruptedException {
    if (stop.isRequested()) {
      throw new InterruptedException("stopped");
    }
  }

  private static Quality quality(
      Summary summary, Checkpoint checkpoint, double matchedPrecision, double recallAtMatched) {
    var micro = summary.micro();
    return new Quality(
        defined(micro.recall()),
        defined(micro.precision()),
        defined(micro.dice()),
        defined(micro.iou()),
        defined(matchedPrecision),
        defined(recallAtMatched),
        defined(summary.curve().averagePrecision()),
        checkpoint.maskThreshold());
  }

  private static Double defined(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
