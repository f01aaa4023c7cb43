package io.histoflow.topology.recall;

import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;
import io.histoflow.topology.streams.StateSerde;
import org.apache.kafka.common.serialization.Serde;

/** What comes out of a keeper; its key is organ, scanner and version. */
sealed interface RecallOutput {
  /** An estimate. */
  record Estimate(RecallEstimate estimate) implements RecallOutput {}

  /** An alarm. */
  record Alarm(RecallAlarm alarm) implements RecallOutput {}

  /**
   * A slide has become evidence.
   *
   * @param modelVersion weights that segmented it
   * @param missedShare mean share missed of its drawn tiles, 0..1
   */
  record Settled(long modelVersion, double missedShare) implements RecallOutput {
    /** Names the topic that carries them to one place, within the application. */
    static final String OF_ALL_ORGANS = "recall-of-all-organs";

    static Serde<Settled> serde() {
      return new StateSerde<>(
          "slides that are evidence",
          1,
          (slide, out) -> {
            out.writeLong(slide.modelVersion);
            out.writeDouble(slide.missedShare);
          },
          in -> new Settled(in.readLong(), in.readDouble()));
    }
  }
}
