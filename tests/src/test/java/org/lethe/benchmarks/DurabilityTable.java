package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CSV file of {@link DurabilityStudy}, to which each run adds its lines.
 *
 * @param begin the first cells of each line: date, commit, machine, model
 */
record DurabilityTable(Path file, List<String> begin) {
  private static final String FIRST = "date,commit,machine,model,";

  static DurabilityTable of(Path file, String begin, String columns) throws IOException {
    if (!Files.exists(file)) {
      Files.writeString(file, FIRST + columns + "\n");
    }
    return new DurabilityTable(file, List.of(begin.split(",")));
  }

  void add(List<String> cells) throws IOException {
    String line = String.join(",", begin) + "," + String.join(",", cells) + "\n";
    System.out.print(file.getFileName() + ": " + line);
    Files.writeString(file, line, StandardOpenOption.APPEND);
  }

  /** The lines of this model and a method. */
  List<Map<String, String>> lines(String method) throws IOException {
    return ResultTables.read(file).stream()
        .filter(line -> line.get("model").equals(begin.get(begin.size() - 1)))
        .filter(line -> line.get("method").equals(method))
        .toList();
  }

  /** The line of this model and a method whose column has a value. */
  Optional<Map<String, String>> line(String method, String column, String value)
      throws IOException {
    return lines(method).stream().filter(line -> line.get(column).equals(value)).findFirst();
  }

  static double number(Map<String, String> line, String column) {
    return Double.parseDouble(line.get(column));
  }
}
