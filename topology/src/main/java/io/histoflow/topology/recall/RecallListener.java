package io.histoflow.topology.recall;

import io.histoflow.schemas.RecallAlarm;
import io.histoflow.schemas.RecallEstimate;

/** Hears what is measured, for metrics; as quick and safe as every listener of the topology. */
public interface RecallListener {
  /** An estimate is published. */
  default void onRecall(RecallEstimate estimate) {}

  /** More is missed than promised. */
  default void onRecallAlarm(RecallAlarm alarm) {}
}
