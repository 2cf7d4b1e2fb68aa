package org.lethe.corpus.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.lethe.corpus.rows.Row;

/** Reads comma-separated values with quotes (RFC 4180). A quoted cell may contain line ends. */
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
   * @param number number of the line in which the row begins, from 1
   */
  record Row(long number, List<String> cells) {}

  /** Returns all rows except empty lines. An unclosed quote extends to the end of the text. */
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
