package io.histoflow.studies.report;

/** One part of a report under a heading of its own. */
public interface Section {

  /** The heading, as plain text. */
  String title();

  /** Writes what comes below the heading. */
  void write(Html html);
}
