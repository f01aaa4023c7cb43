package io.histoflow.reporting;

import io.histoflow.schemas.SlideReport;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What one record of the topic does to the database.
 *
 * @param partition where the record lies
 * @param offset its offset
 * @param slideId the slide that it is about; null where the record could not be read and only the
 *     position moves on
 * @param report the slide's report; empty deletes it
 */
record ReportChange(
    TopicPartition partition, long offset, String slideId, Optional<SlideReport> report) {

  static ReportChange report(TopicPartition partition, long offset, SlideReport report) {
    return new ReportChange(partition, offset, report.getSlideId(), Optional.of(report));
  }

  static ReportChange deletion(TopicPartition partition, long offset, String slideId) {
    return new ReportChange(partition, offset, slideId, Optional.empty());
  }

  static ReportChange unreadable(TopicPartition partition, long offset) {
    return new ReportChange(partition, offset, null, Optional.empty());
  }
}
