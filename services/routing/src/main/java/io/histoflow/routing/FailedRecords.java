package io.histoflow.routing;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which records were in work when something failed that no check foresaw. The first time such a
 * record is read again, by a thread whose state knows nothing of it; the second time it is set
 * aside. Safe for use by several threads.
 */
final class FailedRecords {
  /** Key under which the handlers of Kafka Streams find it in their configuration. */
  static final String CONFIG = "histoflow.failed.records";

  private static final int MOST = 1_000;

  private final Map<Place, Boolean> places =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Boolean> eldest) {
          return size() > MOST;
        }
      };

  /** Takes note of a failure and says whether it is not the first at this record. */
  synchronized boolean failedBefore(String topic, int partition, long offset) {
    return places.put(new Place(topic, partition, offset), true) != null;
  }

  private record Place(String topic, int partition, long offset) {}
}
