package io.histoflow.studies.report;

import java.util.List;

/** A table whose first column names the row. */
final class HtmlTable {

  private final Html html;

  private HtmlTable(Html html) {
    this.html = html;
  }

  /** Opens a table; {@link #end} closes it. */
  static HtmlTable start(Html html, String caption, List<String> columns) {
    html.open("div", "class", "wide").open("table").element("caption", caption);
    html.open("thead").open("tr");
    columns.forEach(column -> html.element("th", column, "scope", "col"));
    html.close().close().open("tbody");
    return new HtmlTable(html);
  }

  void row(String name, List<String> cells) {
    row(name, cells, null);
  }

  /** As {@link #row(String, List)}, with a sentence in the last column. */
  void row(String name, List<String> cells, String sentence) {
    html.open("tr").element("th", name, "scope", "row");
    cells.forEach(cell -> html.element("td", cell));
    if (sentence != null) {
      html.element("td", sentence, "class", "prose");
    }
    html.close();
  }

  void end() {
    html.close().close().close();
  }
}
