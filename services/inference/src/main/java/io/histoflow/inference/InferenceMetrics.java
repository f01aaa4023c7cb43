package io.histoflow.inference;

import io.histoflow.imaging.RgbImage;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What an inference worker counts and times. Prometheus adds units and {@code _total}. */
final class InferenceMetrics {
  /** Tiles answered, with the tag {@code outcome}: segmented, background or rejected. */
  static final String TILES = "histoflow_inference_tiles";

  /** From poll to commit, per tile. */
  static final String LATENCY = "histoflow_inference_latency";

  /** Decoding one image. */
  static final String DECODE = "histoflow_inference_decode";

  /** The network's time for one batch. */
  static final String BATCH = "histoflow_inference_batch";

  /** Tiles in one batch. */
  static final String BATCH_TILES = "histoflow_inference_batch_tiles";

  /** Transactions that failed and whose tiles were segmented again. */
  static final String TRANSACTIONS_FAILED = "histoflow_inference_transactions_failed";

  /** Times that the worker waited because the registry or the brokers did not answer. */
  static final String WAITS = "histoflow_inference_waits";

  /** Version of the weights in force; 0 as shipped. */
  static final String MODEL_VERSION = "histoflow_inference_model_version";

  /** Weights put in force while running. */
  static final String WEIGHTS_SWAPPED = "histoflow_inference_weights_swapped";

  /** Weights refused because they did not verify. */
  static final String WEIGHTS_REFUSED = "histoflow_inference_weights_refused";

  private final Map<Answer.Outcome, Counter> answers = new EnumMap<>(Answer.Outcome.class);
  private final Timer latency;
  private final Timer decode;
  private final Timer batch;
  private final DistributionSummary batchTiles;
  private final Counter transactionsFailed;
  private final Counter waits;
  private final AtomicLong modelVersion = new AtomicLong();
  private final Counter weightsSwapped;
  private final Counter weightsRefused;

  InferenceMetrics(MeterRegistry registry) {
    for (Answer.Outcome outcome : Answer.Outcome.values()) {
      answers.put(
          outcome, registry.counter(TILES, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    this.latency = Timer.builder(LATENCY).publishPercentileHistogram().register(registry);
    this.decode = registry.timer(DECODE);
    this.batch = registry.timer(BATCH);
    this.batchTiles = registry.summary(BATCH_TILES);
    this.transactionsFailed = registry.counter(TRANSACTIONS_FAILED);
    this.waits = registry.counter(WAITS);
    this.weightsSwapped = registry.counter(WEIGHTS_SWAPPED);
    this.weightsRefused = registry.counter(WEIGHTS_REFUSED);
    registry.gauge(MODEL_VERSION, modelVersion);
  }

  /** Work that may be refused. */
  interface Decoding {
    RgbImage run() throws RejectedRecordException;
  }

  RgbImage timeDecode(Decoding work) throws RejectedRecordException {
    long start = System.nanoTime();
    try {
      return work.run();
    } finally {
      decode.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  LiveModel.Batch timeBatch(int tiles, Supplier<LiveModel.Batch> work) {
    batchTiles.record(tiles);
    return batch.record(work);
  }

  void answered(Answer.Outcome outcome, long polledAtNanos) {
    answers.get(outcome).increment();
    latency.record(Duration.ofNanos(System.nanoTime() - polledAtNanos));
  }

  void transactionFailed() {
    transactionsFailed.increment();
  }

  void waited() {
    waits.increment();
  }

  void startsWith(long version) {
    modelVersion.set(version);
  }

  void swappedTo(long version) {
    modelVersion.set(version);
    weightsSwapped.increment();
  }

  void weightsRefused() {
    weightsRefused.increment();
  }
}
