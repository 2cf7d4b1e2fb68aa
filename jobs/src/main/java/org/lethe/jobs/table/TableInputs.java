package org.lethe.jobs.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.lethe.corpus.table.ImportedTable;
import org.lethe.corpus.table.TableImport;
import org.lethe.corpus.table.TableName;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.CorpusBinding;
import org.lethe.jobs.config.RequestBinding;
import org.lethe.jobs.console.Terminal;
import org.lethe.run.RunDirectory;

/**
 * Copies the tables that a configuration names into the run directory, and puts the copies in their
 * place. A table is read once in a run: a second start takes the copy, so the version stays the
 * same when rows are added to the table in between.
 */
public final class TableInputs {
  /** Keys that are lists of files or tables with rows of a corpus. */
  private static final List<String> KEYS =
      List.of(
          "lethe.corpus.forget",
          "lethe.corpus.retain",
          "lethe.corpus.unseen",
          "lethe.corpus.neutral",
          "lethe.find.corpus",
          "lethe.find.rows",
          "lethe.reveal.truth.forget",
          "lethe.reveal.truth.retain");

  private final SparkSession session;
  private final RunDirectory directory;
  private final Terminal terminal;

  public TableInputs(SparkSession session, RunDirectory directory, Terminal terminal) {
    this.session = session;
    this.directory = directory;
    this.terminal = terminal;
  }

  /** Returns the configuration with files in place of tables; the same one if it has no tables. */
  public Configuration resolve(Configuration given) {
    Configuration configuration = withRequests(given);
    ConfigurationReader reader = configuration.reader();
    TableImport importing =
        new TableImport(session, CorpusBinding.fields(reader), reader.names("lethe.corpus.where"));
    List<String> overrides = new ArrayList<>();
    for (String key : KEYS) {
      List<String> texts = reader.texts(key);
      List<String> files = texts.stream().map(text -> file(text, importing)).toList();
      if (!files.equals(texts)) {
        overrides.add(key + "=" + ConfigurationReader.rendered(files));
      }
    }
    RequestBinding.withFiles(reader, text -> file(text, importing)).ifPresent(overrides::add);
    reader.done();
    return overrides.isEmpty() ? configuration : configuration.withCopies(overrides);
  }

  private Configuration withRequests(Configuration given) {
    ConfigurationReader reader = given.reader();
    Optional<TableName> table = TableKeys.read(reader).requests();
    reader.done();
    return table
        .map(
            name ->
                given.withCopies(
                    List.of(
                        new RequestTable(session, directory).requests(name),
                        RequestBinding.TABLE + "=null")))
        .orElse(given);
  }

  private String file(String text, TableImport importing) {
    return TableName.find(text).map(table -> copy(table, importing).toString()).orElse(text);
  }

  private Path copy(TableName table, TableImport importing) {
    Path folder = directory.below(ImportedTable.folder(table));
    if (ImportedTable.find(directory.fileSystem(), folder).isEmpty()) {
      ImportedTable imported = importing.run(table, directory.fileSystem(), folder);
      terminal.line("Table " + imported.table() + ": " + imported.rows() + " rows copied");
    }
    return folder;
  }
}
