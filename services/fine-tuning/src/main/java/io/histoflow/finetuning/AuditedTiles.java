package io.histoflow.finetuning;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.histoflow.platform.kafka.KafkaClients;
import io.histoflow.platform.kafka.Partitions;
import io.histoflow.platform.kafka.PresentRecords;
import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.schemas.MalformedRecordException;
import io.histoflow.schemas.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads where the latest verdicts lie, those on tiles that chance drew among them. What cannot be
 * used is passed over: fine-tuning and routing read the same records and send their dead letters.
 *
 * @param clients of the cluster
 * @param reader of verdicts
 * @param maxBytes most bytes that are kept about verdicts; the oldest beyond are left out
 */
record AuditedTiles(KafkaClients clients, CorrectionReader reader, long maxBytes) {

  /**
   * Reads all that is there by now.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException where the brokers do not answer
   */
  CorrectionStore read() {
    CorrectionStore store = new CorrectionStore(maxBytes);
    try (Consumer<byte[], byte[]> consumer =
        clients.bytesConsumer(null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 32))) {
      PresentRecords.read(
          consumer,
          Partitions.of(consumer, Topics.MASKS_CORRECTED.name()),
          record -> read(record, store));
    }
    return store;
  }

  private void read(ConsumerRecord<byte[], byte[]> record, CorrectionStore store) {
    if (record.key() == null) {
      return;
    }
    store.readUpTo(record.partition(), record.offset() + 1);
    String tileId = new String(record.key(), UTF_8);
    if (record.value() == null) {
      store.remove(tileId);
      return;
    }
    try {
      Optional<EncodedCorrection> correction = reader.read(record).correction();
      if (correction.isPresent()) {
        var unused = store.put(correction.get().correction());
      } else {
        store.remove(tileId);
      }
    } catch (MalformedRecordException | RejectedRecordException e) {
      // The verdict before it stands.
    }
  }
}
