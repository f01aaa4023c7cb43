package io.histoflow.topology.reports;

import io.histoflow.schemas.SlideReport;
import java.util.Optional;

/** What comes out of {@link SlideReporter}. */
sealed interface ReportOutput {
  /**
   * The report of a slide.
   *
   * @param report the report; empty where the slide was taken out
   */
  record Report(Optional<SlideReport> report) implements ReportOutput {}

  /** The alert of a tile that has left its slide is closed. */
  record AlertClosed() implements ReportOutput {}
}
