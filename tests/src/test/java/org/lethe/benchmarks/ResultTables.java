package org.lethe.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Builds the tables of Markdown pages from CSV files. Needs only the JDK, so it runs without a
 * build, in the repository's root:
 *
 * <pre>java tests/src/test/java/org/lethe/benchmarks/ResultTables.java</pre>
 *
 * <p>A page describes a table in a comment, and the table follows it:
 *
 * <pre>{@code
 * <!-- table results.csv; rate=3e-4,1e-3; by method,rate
 * Method = {method} | Forgetting = {forgetting} | Kept, seed 1 = {kept[seed=1]:%}
 * -->
 * (the table)
 * <!-- end -->
 * }</pre>
 *
 * <p>The first line names the CSV file, the rows to include, and the columns whose values define a
 * line of the table. Each column of the table has a title and a template. A placeholder is replaced
 * by the values of the line's rows: one value unchanged; several runs as "mean (least to most)";
 * rows whose statistic is mean (or median), min and max in the same way. After a colon: {@code
 * each} lists the values, {@code mean} leaves out the range, {@code .1} sets the decimals, {@code
 * %} adds a percent sign.
 */
public final class ResultTables {
  private static final Pattern TABLE =
      Pattern.compile("(<!-- table ([^\n]*)\n(.*?)-->\n)(.*?)(<!-- end -->)", Pattern.DOTALL);
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{(\\w+)(?:\\[([^]]*)])?(?::([^}]*))?}");
  private static final String STATISTIC = "statistic";
  private static final List<String> MIDDLES = List.of("mean", "median");

  private ResultTables() {}

  /** Rewrites the tables of all pages of the repository. Argument: its root (default: here). */
  public static void main(String[] arguments) throws IOException {
    for (Path page : pages(Path.of(arguments.length > 0 ? arguments[0] : "."))) {
      String text = Files.readString(page);
      String updated = updated(page, text);
      if (!updated.equals(text)) {
        Files.writeString(page, updated);
        System.out.println("Updated " + page);
      }
    }
  }

  /** Returns the Markdown pages below the folders that hold any. */
  private static List<Path> pages(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }

  /** Returns the page's text with its tables rebuilt from the CSV files in its folder. */
  static String updated(Path page, String text) throws IOException {
    StringBuilder result = new StringBuilder();
    int from = 0;
    Matcher matcher = TABLE.matcher(text);
    while (matcher.find()) {
      String table = table(page.resolveSibling(Path.of("")), matcher.group(2), matcher.group(3));
      result.append(text, from, matcher.end(1)).append(table).append(matcher.group(5));
      from = matcher.end();
    }
    return result.append(text.substring(from)).toString();
  }

  private static String table(Path folder, String head, String columns) throws IOException {
    String[] parts = head.trim().split(";\\s*");
    Predicate<Map<String, String>> filter = row -> true;
    List<String> by = List.of();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      if (part.startsWith("by ")) {
        by = List.of(part.substring("by ".length()).split(",\\s*"));
      } else {
        filter = filter.and(filter(part));
      }
    }
    Map<List<String>, List<Map<String, String>>> groups = new LinkedHashMap<>();
    for (Map<String, String> row : read(folder.resolve(parts[0]))) {
      if (filter.test(row)) {
        List<String> key = by.stream().map(name -> value(row, name)).toList();
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
      }
    }
    List<String> titles = new ArrayList<>();
    List<String> templates = new ArrayList<>();
    for (String column : columns.replaceAll("\\s+", " ").trim().split(" \\| ")) {
      int equals = column.indexOf(" = ");
      titles.add(column.substring(0, equals));
      templates.add(column.substring(equals + " = ".length()));
    }
    StringBuilder table = new StringBuilder(line(titles)).append("|---".repeat(titles.size()));
    table.append("|\n");
    for (List<Map<String, String>> rows : groups.values()) {
      List<String> keys = by;
      table.append(line(templates.stream().map(t -> filled(t, rows, keys)).toList()));
    }
    return table.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(cell -> cell + " |").collect(Collectors.joining(" ", "| ", "\n"));
  }

  /** Accepts rows whose column has one of the values: {@code name=a,b}. */
  private static Predicate<Map<String, String>> filter(String condition) {
    int equals = condition.indexOf('=');
    String name = condition.substring(0, equals).trim();
    List<String> values = List.of(condition.substring(equals + 1).trim().split(",\\s*", -1));
    return row -> values.contains(value(row, name));
  }

  /** Returns the template with its placeholders filled, or nothing if none has a value. */
  private static String filled(String template, List<Map<String, String>> rows, List<String> keys) {
    List<String> found = new ArrayList<>();
    String text =
        PLACEHOLDER
            .matcher(template)
            .replaceAll(
                match -> {
                  String value =
                      keys.contains(match.group(1))
                          ? value(rows.get(0), match.group(1))
                          : figure(match, rows);
                  found.add(value);
                  return Matcher.quoteReplacement(value);
                });
    return !found.isEmpty() && found.stream().allMatch(String::isEmpty)
        ? ""
        : text.replace(" ()", "").trim();
  }

  private static String figure(MatchResult placeholder, List<Map<String, String>> rows) {
    String name = placeholder.group(1);
    List<Map<String, String>> chosen = rows;
    if (placeholder.group(2) != null) {
      for (String condition : placeholder.group(2).split(";\\s*")) {
        chosen = chosen.stream().filter(filter(condition)).toList();
      }
    }
    chosen = chosen.stream().filter(row -> !value(row, name).isEmpty()).toList();
    if (chosen.isEmpty()) {
      return "";
    }
    String how = Optional.ofNullable(placeholder.group(3)).orElse("");
    if (how.startsWith("each")) {
      return chosen.stream().map(row -> value(row, name)).collect(Collectors.joining("; "));
    }
    List<String> distinct = chosen.stream().map(row -> value(row, name)).distinct().toList();
    boolean aggregated = chosen.stream().anyMatch(row -> MIDDLES.contains(value(row, STATISTIC)));
    if (distinct.size() == 1 && (chosen.size() == 1 || !distinct.get(0).matches("[-\\d.]+"))) {
      return distinct.get(0) + (how.contains("%") ? " %" : "");
    }
    return aggregated ? ofStatistics(name, chosen, how) : ofRuns(name, chosen, how);
  }

  private static String ofStatistics(String name, List<Map<String, String>> rows, String how) {
    Map<String, String> values = new LinkedHashMap<>();
    rows.forEach(row -> values.put(value(row, STATISTIC), value(row, name)));
    String middle = values.getOrDefault("mean", values.get("median"));
    return ranged(middle, values.get("min"), values.get("max"), how);
  }

  private static String ofRuns(String name, List<Map<String, String>> rows, String how) {
    List<String> texts = rows.stream().map(row -> value(row, name)).toList();
    double[] values = texts.stream().mapToDouble(Double::parseDouble).toArray();
    int most = texts.stream().mapToInt(ResultTables::decimals).max().orElse(0);
    Matcher given = Pattern.compile("\\.(\\d)").matcher(how);
    String mean =
        String.format(
            Locale.ROOT,
            "%." + (given.find() ? Integer.parseInt(given.group(1)) : most) + "f",
            DoubleStream.of(values).average().orElseThrow());
    String format = "%." + most + "f";
    return ranged(
        mean,
        String.format(Locale.ROOT, format, DoubleStream.of(values).min().orElseThrow()),
        String.format(Locale.ROOT, format, DoubleStream.of(values).max().orElseThrow()),
        how);
  }

  private static String ranged(String mean, String least, String most, String how) {
    String middle = mean + (how.contains("%") ? " %" : "");
    return how.contains("mean") ? middle : middle + " (" + least + " to " + most + ")";
  }

  private static int decimals(String number) {
    int point = number.indexOf('.');
    return point < 0 ? 0 : number.length() - point - 1;
  }

  private static String value(Map<String, String> row, String name) {
    String value = row.get(name);
    if (value == null && !name.equals(STATISTIC)) {
      throw new IllegalArgumentException("No column " + name + " in " + row.keySet());
    }
    return value == null ? "" : value;
  }

  /** Reads a CSV file whose first line names the columns. */
  static List<Map<String, String>> read(Path file) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    List<String> head = List.of();
    for (String line : Files.readAllLines(file)) {
      List<String> cells = cells(line);
      if (head.isEmpty()) {
        head = cells;
        continue;
      }
      if (cells.size() != head.size()) {
        throw new IllegalArgumentException(
            "%s: %d cells instead of %d: %s".formatted(file, cells.size(), head.size(), line));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        row.put(head.get(i), cells.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Splits at commas outside quotation marks; a quotation mark inside is written twice. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
