package io.histoflow.studies.report;

import java.util.ArrayList;
import java.util.List;

/** A table of the report, whose first column names the row. */
final class ReportTable {
  private final String caption;
  private final List<String> columns;
  private final List<Row> rows = new ArrayList<>();

  ReportTable(String caption, List<String> columns) {
    this.caption = caption;
    this.columns = columns;
  }

  /**
   * One row.
   *
   * @param prose a sentence in the last column; empty without one
   */
  record Row(String name, List<String> cells, String prose) {}

  ReportTable row(String name, List<String> cells) {
    return row(name, cells, "");
  }

  ReportTable row(String name, List<String> cells, String prose) {
    rows.add(
        new Row(name, cells.stream().map(cell -> cell.equals("-") ? "–" : cell).toList(), prose));
    return this;
  }

  String caption() {
    return caption;
  }

  List<String> columns() {
    return columns;
  }

  List<Row> rows() {
    return rows;
  }
}
