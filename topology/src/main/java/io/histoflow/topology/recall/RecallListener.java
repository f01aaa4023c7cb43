package io.histoflow.topology.recall;

import io.histoflow.schemas.RecallAlarm;

/** Hears what is measured, for metrics; as quick and safe as every listener of the topology. */
public interface RecallListener {
  /** More is missed than promised. */
  default void onRecallAlarm(RecallAlarm alarm) {}
}
