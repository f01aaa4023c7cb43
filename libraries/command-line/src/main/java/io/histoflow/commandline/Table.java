package io.histoflow.commandline;

import java.util.ArrayList;
import java.util.List;

/** A plain-text table: first column to the left, the others to the right. */
public final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final int columns;

  public Table(String... header) {
    columns = header.length;
    rows.add(header.clone());
  }

  public Table row(Object... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + columns + " columns");
    }
    String[] texts = new String[columns];
    for (int i = 0; i < columns; i++) {
      texts[i] = String.valueOf(cells[i]);
    }
    rows.add(texts);
    return this;
  }

  @Override
  public String toString() {
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(r)[i];
        String gap = " ".repeat(widths[i] - cell.length());
        text.append("  ").append(i == 0 ? cell + gap : gap + cell);
      }
      text.append('\n');
      if (r == 0) {
        for (int width : widths) {
          text.append("  ").append("-".repeat(width));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
