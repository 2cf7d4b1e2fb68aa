package org.lethe.corpus.input;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * The columns that the names of folders give to all rows of a file, as Hive and Spark write them:
 * {@code task=Task1/part-0.parquet}. A record's own field takes precedence.
 */
final class PartitionColumns {
  private static final String ABSENT = "__HIVE_DEFAULT_PARTITION__";

  private PartitionColumns() {}

  /** Returns the columns of a file, by name. The innermost folder of a name counts. */
  static SortedMap<String, String> of(Path file) {
    SortedMap<String, String> columns = new TreeMap<>();
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      String name = folder.getName();
      int equals = name.indexOf('=');
      if (equals > 0) {
        columns.putIfAbsent(
            unescaped(name.substring(0, equals)), unescaped(name.substring(equals + 1)));
      }
    }
    columns.values().removeIf(ABSENT::equals);
    return columns;
  }

  /** Hive writes characters that a name cannot hold as %XX, and leaves a plus as it is. */
  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** A record with the columns of its folder. */
  record WithColumns(Fields record, SortedMap<String, String> columns) implements Fields {
    @Override
    public Field field(String name) {
      Field own = record.field(name);
      return own.type() == Type.ABSENT && columns.containsKey(name)
          ? new Field(Type.STRING, columns.get(name))
          : own;
    }

    @Override
    public List<String> names() {
      List<String> names = new ArrayList<>(record.names());
      names.addAll(columns.keySet());
      return names;
    }
  }
}
