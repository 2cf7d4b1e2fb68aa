package org.lethe.corpus.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.lethe.error.BenchmarkErrors;

/**
 * Reads the files that the script of SemEval-2025 Task 4 writes: SET_PROCESS.csv with the columns
 * id, task, input, expected_output, model_output and nll, and for membership member_PROCESS.csv and
 * nonmember_PROCESS.csv with id and nll. The script reads an empty model_output back as the word
 * "nan". Here it stays empty, which scores the same unless an answer is "nan".
 */
final class SemEvalTable {
  private static final String NLL = "nll";

  private SemEvalTable() {}

  /**
   * One row as an object.
   *
   * @param number number of the line in which the row begins
   * @param fields its cells by column
   */
  record Line(long number, ObjectNode fields) {}

  /** Whether a file is such a table. */
  static boolean isTable(URI file) {
    return file.getPath() != null && file.getPath().endsWith(".csv");
  }

  /** Returns the rows of a table. */
  static List<Line> read(String text, URI file) {
    List<CsvRows.Row> rows = CsvRows.read(text);
    List<Line> lines = new ArrayList<>();
    if (rows.isEmpty()) {
      return lines;
    }
    List<String> columns = rows.get(0).cells();
    for (CsvRows.Row row : rows.subList(1, rows.size())) {
      if (row.cells().size() != columns.size()) {
        throw BenchmarkErrors.unreadableRows(
            file.toString(),
            row.number(),
            row.cells().size() + " cells, expected " + columns.size() + " as in the first line");
      }
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < columns.size(); i++) {
        String cell = row.cells().get(i);
        if (columns.get(i).equals(NLL)) {
          fields.put("loss", number(cell, file, row.number()));
        } else {
          fields.put(columns.get(i), cell);
        }
      }
      lines.add(new Line(row.number(), fields));
    }
    return lines;
  }

  private static double number(String cell, URI file, long line) {
    try {
      double value = Double.parseDouble(cell);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, like NaN, which would count as a figure.
    }
    throw BenchmarkErrors.unreadableRows(file.toString(), line, "column nll has no finite number");
  }
}
