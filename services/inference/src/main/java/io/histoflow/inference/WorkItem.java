package io.histoflow.inference;

import io.histoflow.platform.kafka.RejectedRecordException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One input record on its way through the worker.
 *
 * @param source the record as it was polled
 * @param lease the stay of its partition under which it was polled
 * @param scanned the tile as it was read; empty where the record was refused
 * @param bytes what it counts against the limit of work at hand
 * @param polledAtNanos when it was polled, by {@link System#nanoTime}
 * @param tile the decoded tile, or a {@link RejectedRecordException}
 * @param answer completed with what is to be published
 */
record WorkItem(
    ConsumerRecord<byte[], byte[]> source,
    PartitionLease lease,
    Optional<ScannedTile> scanned,
    long bytes,
    long polledAtNanos,
    CompletableFuture<DecodedTile> tile,
    CompletableFuture<Answer> answer) {

  /** A record on which work begins now. */
  WorkItem(
      ConsumerRecord<byte[], byte[]> source,
      PartitionLease lease,
      Optional<ScannedTile> scanned,
      long bytes) {
    this(
        source,
        lease,
        scanned,
        bytes,
        System.nanoTime(),
        new CompletableFuture<>(),
        new CompletableFuture<>());
  }
}
