package org.lethe.jobs.table;

import java.util.Optional;
import org.lethe.corpus.table.TableName;
import org.lethe.error.LetheException;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RequestBinding;

/**
 * The keys of lethe.tables.
 *
 * @param requests table of erasure requests
 * @param rows table for the figures of rows
 */
public record TableKeys(Optional<TableName> requests, Optional<TableName> rows) {
  private static final String ROWS = "lethe.tables.rows";

  /** Reads the keys; problems go to the reader. */
  public static TableKeys read(ConfigurationReader reader) {
    return new TableKeys(table(reader, RequestBinding.TABLE), table(reader, ROWS));
  }

  private static Optional<TableName> table(ConfigurationReader reader, String key) {
    Optional<String> text = reader.text(key);
    Optional<TableName> found = Optional.empty();
    try {
      found = text.flatMap(TableName::find);
    } catch (LetheException e) {
      reader.problem(key, "the identifier of a table: " + e.getMessage());
      return found;
    }
    if (text.isPresent() && found.isEmpty()) {
      reader.problem(key, "a table: delta:URI or iceberg:catalog.namespace.table");
    }
    return found;
  }
}
