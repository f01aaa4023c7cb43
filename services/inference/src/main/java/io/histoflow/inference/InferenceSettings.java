package io.histoflow.inference;

import io.histoflow.platform.config.ConfigException;
import io.histoflow.platform.config.ServiceConfig;
import io.histoflow.platform.config.Setting;
import io.histoflow.platform.config.Settings;
import io.histoflow.segmentation.inference.Compute;
import io.histoflow.segmentation.inference.Precision;
import io.histoflow.segmentation.uncertainty.RoutingScore;
import io.histoflow.weights.ModelSettings;
import io.histoflow.weights.WeightsKeys;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * What an inference worker is told: each of these is what its setting says.
 *
 * @param precision in what it computes; the device has it
 * @param batchSize {@link BatchSizing#MEASURED} = to be measured
 * @param reportInterval 1 ms or more
 */
record InferenceSettings(
    ModelSettings model,
    Precision precision,
    int batchSize,
    Duration batchDelay,
    Duration publishDelay,
    long memoryBytes,
    int codecThreads,
    RoutingScore routingScore,
    boolean entropyMap,
    boolean probabilities,
    boolean skipsBackground,
    Duration reportInterval,
    Duration stallAfter,
    WeightsKeys keys) {

  /** Publish delays that a result waits at most while there is no room for more tiles. */
  static final int BUSY_DELAYS = 25;

  /** A budget below the size of one small tile with its record would be a typing error. */
  private static final long LEAST_MEMORY = 1L << 20;

  private static final Setting<Precision> PRECISION =
      Setting.ofEnum(
          "histoflow.inference.precision",
          Precision.class,
          Precision.AUTO,
          "In what the network computes: auto is 16 bits - bf16 on a CPU that has it, fp16 on a GPU -"
              + " where that agrees with fp32 on fixed tiles and is faster; else fp32");

  static final Setting<Integer> BATCH_SIZE =
      Setting.ofInt(
          "histoflow.inference.batch.size",
          BatchSizing.MEASURED,
          0,
          1024,
          "Most tiles in one batch; 0 = the smallest number at which the network is as fast as it"
              + " gets, measured at the start");

  private static final Setting<Duration> BATCH_DELAY =
      Setting.ofDuration(
          "histoflow.inference.batch.delay",
          "0ms",
          "How long the first tile of a batch waits for others; those that come while the network is"
              + " busy make up the next batch in any case");

  private static final Setting<Duration> PUBLISH_DELAY =
      Setting.ofDuration(
          "histoflow.inference.publish.delay",
          "20ms",
          "How long a result waits for others that are in work, to be published in one transaction"
              + " with them; "
              + BUSY_DELAYS
              + " times as long while there is no room for more tiles");

  private static final Setting<Long> MEMORY_BYTES =
      Setting.ofLong(
          "histoflow.inference.memory.bytes",
          Math.max(LEAST_MEMORY, Runtime.getRuntime().maxMemory() / 5 * 2),
          LEAST_MEMORY,
          1L << 40,
          "Most bytes of heap for tiles in work: "
              + ScannedTile.BYTES_PER_ENCODED_BYTE
              + " for each encoded byte and "
              + ScannedTile.BYTES_PER_PIXEL
              + " for each pixel, as many as the tile has at the model's resolution, and "
              + ScannedTile.BYTES_PER_OWN_PIXEL
              + " for each of its own where that is another; a tile that needs more goes through alone; by default two fifths"
              + " of the heap");

  private static final Setting<Integer> CODEC_THREADS =
      Setting.ofInt(
          "histoflow.inference.codec.threads",
          Math.max(1, Math.min(64, Runtime.getRuntime().availableProcessors() - 1)),
          1,
          64,
          "Threads that decode images and encode masks; by default one less than there are cores");

  private static final Setting<RoutingScore> ROUTING_SCORE =
      Setting.ofEnum(
          "histoflow.inference.routing.score",
          RoutingScore.class,
          RoutingScore.DEFAULT,
          "Score by which tiles are routed to review; histoflow.routing.cold.start.threshold is on"
              + " its scale");

  private static final Setting<Boolean> ENTROPY_MAP =
      Setting.ofBoolean(
          "histoflow.inference.entropy.map",
          true,
          "Whether results carry the entropy map that the dashboard shows");

  private static final Setting<Boolean> PROBABILITIES =
      Setting.ofBoolean(
          "histoflow.inference.probabilities",
          false,
          "Whether results carry the network's probabilities, in 4 bits a pixel, from which readers"
              + " regrow a mask at another threshold");

  static final Setting<Boolean> BACKGROUND_SKIP =
      Setting.ofBoolean(
          "histoflow.inference.background.skip",
          true,
          "Whether tiles of empty glass are answered as background, without the network");

  private static final Setting<Duration> REPORT_INTERVAL =
      Setting.ofDuration(
          "histoflow.inference.report.interval",
          "10s",
          "How often a worker reports the version of the weights that it runs, above 0; one that"
              + " has not done so for three intervals is shown as silent");

  private static final Setting<Duration> STALL_AFTER =
      Setting.ofDuration(
          "histoflow.inference.stall.after",
          "2m",
          "How long a record may be in work before the worker calls itself not ready and names the"
              + " record");

  /** Every setting of the service, for help texts and for finding typing errors. */
  static final Settings ALL =
      Settings.of(
          "inference",
          ModelSettings.FILE,
          ModelSettings.DEVICE,
          PRECISION,
          BATCH_SIZE,
          BATCH_DELAY,
          PUBLISH_DELAY,
          MEMORY_BYTES,
          CODEC_THREADS,
          ROUTING_SCORE,
          ENTROPY_MAP,
          PROBABILITIES,
          BACKGROUND_SKIP,
          REPORT_INTERVAL,
          STALL_AFTER,
          WeightsKeys.PUBLIC_KEY);

  /**
   * Reads the settings.
   *
   * @throws ConfigException when one of them is not allowed
   */
  static InferenceSettings from(ServiceConfig config) {
    ModelSettings model = ModelSettings.from(config);
    return new InferenceSettings(
        model,
        precision(config.get(PRECISION), model.compute()),
        config.get(BATCH_SIZE),
        config.get(BATCH_DELAY),
        config.get(PUBLISH_DELAY),
        config.get(MEMORY_BYTES),
        config.get(CODEC_THREADS),
        config.get(ROUTING_SCORE),
        config.get(ENTROPY_MAP),
        config.get(PROBABILITIES),
        config.get(BACKGROUND_SKIP),
        reportInterval(config.get(REPORT_INTERVAL)),
        config.get(STALL_AFTER),
        WeightsKeys.from(config));
  }

  /**
   * Returns the most tiles in one batch.
   *
   * @param measurement finds it, where it is to be measured
   */
  int batchSize(IntSupplier measurement) {
    return batchSize == BatchSizing.MEASURED ? measurement.getAsInt() : batchSize;
  }

  private static Duration reportInterval(Duration interval) {
    if (interval.isZero()) {
      throw new ConfigException(REPORT_INTERVAL.name() + " is 0 but must be above 0, such as 10s.");
    }
    return interval;
  }

  private static Precision precision(Precision precision, Compute compute) {
    try {
      precision.requireOn(compute);
      return precision;
    } catch (IllegalStateException e) {
      throw new ConfigException(PRECISION.name() + " cannot be used: " + e.getMessage() + ".", e);
    }
  }
}
