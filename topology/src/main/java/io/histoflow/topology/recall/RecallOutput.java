package io.histoflow.topology.recall;

import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;

/** What comes out of the keeper; its key is organ, scanner and version. */
sealed interface RecallOutput {
  /** An estimate. */
  record Estimate(RecallEstimate estimate) implements RecallOutput {}

  /** An alarm. */
  record Alarm(RecallAlarm alarm) implements RecallOutput {}
}
