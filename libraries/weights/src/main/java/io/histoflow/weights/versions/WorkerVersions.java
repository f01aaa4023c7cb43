package io.histoflow.weights.versions;

import io.histoflow.platform.kafka.CompactedTopicReader;
import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WorkerVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which weights the inference workers of one model run, by what they report. Follows the reports
 * from {@link #start} to {@link #close}. Safe for use by several threads.
 */
public final class WorkerVersions implements AutoCloseable {
  /** A worker that has not reported for so many of its intervals is silent. */
  public static final int MISSED_REPORTS = 3;

  private static final long LONGEST_WAIT_MILLIS = 500;
  private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  private final String modelId;
  private final InstantSource clock;
  private final CompactedTopicReader<WorkerVersion> reader;
  private final SortedMap<String, WorkerVersion> workers = new TreeMap<>();

  /**
   * Makes it without starting it.
   *
   * @param clients makes the consumer
   * @param modelId the model; workers of others are passed over
   * @param clock tells which workers are silent; as right as theirs
   */
  public WorkerVersions(KafkaClients clients, String modelId, InstantSource clock) {
    this.modelId = modelId;
    this.clock = clock;
    this.reader = new CompactedTopicReader<>(clients, Topics.WORKERS_VERSIONS, this::update);
  }

  /**
   * Tells whether a worker has ended without a word, or cannot reach the brokers. One whose report
   * comes from a day that is yet to come says nothing of the present either.
   */
  public static boolean isSilent(WorkerVersion worker, Instant now) {
    long interval =
        Math.max(0, Math.min(LONGEST_INTERVAL.toMillis(), worker.getReportIntervalMillis()));
    Instant reported = worker.getReportedAt();
    return reported.plusMillis(interval * MISSED_REPORTS).isBefore(now)
        || reported.isAfter(now.plus(CLOCKS_DIFFER));
  }

  /** Reads all reports so far and follows the next. */
  public void start() {
    reader.start();
  }

  /** Returns the last report of each worker, in the order of their names. */
  public synchronized List<WorkerVersion> all() {
    return List.copyOf(workers.values());
  }

  /**
   * Waits until every worker that is not silent runs a version.
   *
   * @return false where the time ran out first
   */
  public synchronized boolean await(long version, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!behind(version).isEmpty()) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        return false;
      }
      // Not longer, because a worker may fall silent meanwhile.
      wait(Math.min(left, LONGEST_WAIT_MILLIS));
    }
    return true;
  }

  /** Returns the workers that report another version and are not silent. */
  public synchronized List<WorkerVersion> behind(long version) {
    Instant now = clock.instant();
    return workers.values().stream()
        .filter(worker -> worker.getVersion() != version && !isSilent(worker, now))
        .toList();
  }

  /** Returns the workers that have not reported for too long. */
  public synchronized List<WorkerVersion> silent() {
    Instant now = clock.instant();
    return workers.values().stream().filter(worker -> isSilent(worker, now)).toList();
  }

  @Override
  public void close() {
    reader.close();
  }

  private synchronized void update(ConsumerRecord<String, WorkerVersion> record) {
    if (record.key() == null) {
      return;
    }
    if (record.value() == null || !record.value().getModelId().equals(modelId)) {
      workers.remove(record.key());
    } else {
      workers.put(record.key(), record.value());
    }
    notifyAll();
  }
}
