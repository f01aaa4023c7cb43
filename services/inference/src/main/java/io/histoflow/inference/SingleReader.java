package io.histoflow.inference;

import io.histoflow.platform.kafka.KafkaClients;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads records one at a time, in no group, and unpacks none after the one that is asked for: a
 * small compressed batch may hold a record that no process can take. Belongs to one thread.
 */
final class SingleReader implements AutoCloseable {
  private static final long NOWHERE = -1;

  private final KafkaClients clients;
  private Consumer<byte[], byte[]> consumer;
  private TopicPartition partition;
  // Where a poll has passed over what no reader may see; going back would fetch that again for
  // ever.
  private long emptyAt = NOWHERE;

  /** Connects to nothing before the first record is asked for. */
  SingleReader(KafkaClients clients) {
    this.clients = clients;
  }

  /** Returns the first record at or after an offset; empty where none came in time. */
  Optional<ConsumerRecord<byte[], byte[]>> next(TopicPartition from, long offset, Duration wait) {
    if (consumer == null) {
      consumer = clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
    }
    if (!from.equals(partition)) {
      partition = from;
      consumer.assign(List.of(from));
      consumer.seek(from, offset);
    } else if (offset != emptyAt && consumer.position(from) != offset) {
      consumer.seek(from, offset);
    }
    Iterator<ConsumerRecord<byte[], byte[]>> records = consumer.poll(wait).iterator();
    emptyAt = records.hasNext() ? NOWHERE : offset;
    return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
  }

  /** Returns the offset up to which the partition was read. */
  long position() {
    return consumer.position(partition);
  }

  /** Lets go of what was fetched. */
  void rest() {
    close();
    consumer = null;
    partition = null;
    emptyAt = NOWHERE;
  }

  @Override
  public void close() {
    if (consumer != null) {
      consumer.close();
    }
  }
}
