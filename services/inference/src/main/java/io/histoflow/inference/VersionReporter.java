package io.histoflow.inference;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.lifecycle.Sentences;
import io.histoflow.schemas.RecordCopy;
import io.histoflow.schemas.Topics;
import io.histoflow.schemas.WorkerVersion;
import io.histoflow.segmentation.checkpoint.Checkpoint;
import io.histoflow.segmentation.checkpoint.Safetensors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports which weights this worker runs: at once when they change, and at every interval, so that
 * its silence can be told. A report that cannot be sent is no reason to stop segmenting; the next
 * one says the same. Safe for use by several threads.
 */
final class VersionReporter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VersionReporter.class);

  /** Longer than this a report does not hold up the worker's loop. */
  private static final int LONGEST_BLOCK_MS = 1_000;

  private final String workerId;
  private final Duration interval;
  private final InstantSource clock;
  private final Producer<String, WorkerVersion> producer;
  private WorkerVersion present;

  VersionReporter(KafkaClients clients, String workerId, Duration interval, InstantSource clock) {
    this.workerId = workerId;
    this.interval = interval;
    this.clock = clock;
    this.producer =
        clients.producer(
            Topics.WORKERS_VERSIONS, Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK_MS));
  }

  /** Reports weights that have just come into force. */
  synchronized void runs(Checkpoint checkpoint) {
    Instant now = clock.instant();
    present =
        WorkerVersion.newBuilder()
            .setWorkerId(workerId)
            .setModelId(checkpoint.modelId())
            .setVersion(checkpoint.version())
            .setSha256(Safetensors.sha256(checkpoint.decoderSafetensors()))
            .setSince(now)
            .setReportIntervalMillis(interval.toMillis())
            .setReportedAt(now)
            .build();
    send(present);
  }

  /** Reports again where an interval has passed. */
  synchronized void reportWhenDue() {
    Instant now = clock.instant();
    if (present == null || now.isBefore(present.getReportedAt().plus(interval))) {
      return;
    }
    present = RecordCopy.with(present, Map.of("reportedAt", now));
    send(present);
  }

  /** Reports that this worker stops in an orderly way. */
  synchronized void leaves() {
    present = null;
    send(null);
  }

  /** Sends what is under way, for a few seconds at most. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  private void send(WorkerVersion report) {
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.WORKERS_VERSIONS.name(), workerId, report),
              (metadata, failure) -> {
                if (failure != null) {
                  warn(failure);
                }
              });
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      warn(e);
    }
  }

  private static void warn(Exception failure) {
    log.atWarn().log("The version in force could not be reported: {}", Sentences.of(failure));
  }
}
