package org.lethe.corpus;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values with quotes (RFC 4180); what is quoted may hold line ends. */
final class CsvRows {
  private final String text;
  private final List<Row> rows = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private List<String> cells = new ArrayList<>();
  private long line = 1;

  private CsvRows(String text) {
    this.text = text;
  }

  /**
   * One row.
   *
   * @param number of the line that it begins in, from 1
   */
  record Row(long number, List<String> cells) {}

  /** All rows but empty lines. A quote that is not closed takes the rest of the text. */
  static List<Row> read(String text) {
    CsvRows rows = new CsvRows(text);
    rows.read();
    return rows.rows;
  }

  private void read() {
    long began = line;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line += c == '\n' ? 1 : 0;
      if (quoted) {
        boolean doubled = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (c != '"' || doubled) {
          cell.append(c);
          i += doubled ? 1 : 0;
        } else {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == ',') {
        endCell();
      } else if (c == '\n') {
        endRow(began);
        began = line;
      } else if (c != '\r') {
        cell.append(c);
      }
    }
    endRow(began);
  }

  private void endCell() {
    cells.add(cell.toString());
    cell.setLength(0);
  }

  private void endRow(long began) {
    endCell();
    if (cells.size() > 1 || !cells.get(0).isEmpty()) {
      rows.add(new Row(began, List.copyOf(cells)));
    }
    cells = new ArrayList<>();
  }
}
