package io.histoflow.finetuning;

import io.histoflow.platform.kafka.RejectedRecordException;
import io.histoflow.platform.logging.LogKeys;
import io.histoflow.schemas.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the corrections' topic says: the latest verdict on each tile, and whether they agree. */
record CorrectionLog(
    CorrectionReader reader,
    CorrectionStore store,
    ReviewerAgreement agreement,
    CorrectionDeadLetters deadLetters) {
  private static final Logger log = LoggerFactory.getLogger(CorrectionLog.class);

  /**
   * Takes the next record in.
   *
   * @throws io.histoflow.schemas.RegistryUnavailableException when nothing can be known about it
   */
  void apply(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() != null) {
        apply(read(record));
      } else if (record.key() != null) {
        forget(new String(record.key(), StandardCharsets.UTF_8));
      }
    } catch (MalformedRecordException e) {
      LogKeys.at(log.atDebug(), record).log(
          "A correction is left out, and routing refuses it: {}", e.getMessage());
    } catch (RejectedRecordException e) {
      deadLetters.add(record, e);
    }
    deadLetters.checked(record);
    store.readUpTo(record.partition(), record.offset() + 1);
  }

  /** Images are decoded once and not again at each start, however many are kept. */
  private TileVerdict read(ConsumerRecord<byte[], byte[]> record) throws RejectedRecordException {
    TileVerdict verdict = reader.read(record);
    if (verdict.correction().isPresent() && !deadLetters.isChecked(record)) {
      CorrectionReader.requireSound(verdict.correction().get());
    }
    return verdict;
  }

  private void apply(TileVerdict verdict) {
    agreement.apply(verdict);
    verdict
        .correction()
        .ifPresentOrElse(it -> keep(it.correction()), () -> store.remove(verdict.tileId()));
  }

  private void forget(String tileId) {
    store.remove(tileId);
    agreement.forget(tileId);
  }

  private void keep(Correction correction) {
    var forgotten = store.put(correction);
    forgotten.forEach(old -> agreement.forget(old.tileId()));
    if (!forgotten.isEmpty()) {
      log.atInfo()
          .addKeyValue("forgotten", forgotten.size())
          .addKeyValue("kept", store.size())
          .log("Memory for corrections is full; the oldest are not learned from any more");
    }
  }
}
