package org.lethe.corpus.table;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.store.FileSystems;

/**
 * The document of a folder with the copy of a table, beside that folder and with its name.
 *
 * @param format version of this document
 * @param table name of the table with the version that was read
 * @param rows number of rows
 * @param files SHA-256 of the files, by name
 */
public record ImportedTable(int format, String table, long rows, SortedMap<String, String> files) {
  static final int FORMAT = 1;

  private static final Pattern FOLDER = Pattern.compile(".*/tables/(delta|iceberg)-[0-9a-f]{16}");

  /** Returns the name of the folder for a table, relative to the run directory. */
  public static String folder(TableName table) {
    return "tables/" + table.format().word() + "-" + Digests.of(table.toString()).substring(0, 16);
  }

  /** Returns the document of a folder; empty if the copy does not exist or is not complete. */
  public static Optional<ImportedTable> find(FileSystem files, Path folder) {
    Path document = document(folder);
    return Documents.exists(files, document)
        ? Optional.of(Documents.read(files, document, ImportedTable.class))
        : Optional.empty();
  }

  /** Returns the name of the table that was copied to a folder; empty for any other folder. */
  public static Optional<TableName> of(URI folder, Configuration hadoop) {
    Path path = new Path(folder);
    if (!FOLDER.matcher(path.toString()).matches()) {
      return Optional.empty();
    }
    try {
      return find(FileSystems.of(path, hadoop), path)
          .flatMap(imported -> TableName.find(imported.table()));
    } catch (IOException e) {
      throw RunErrors.io("opening", folder.toString(), e);
    }
  }

  private static Path document(Path folder) {
    return folder.suffix(".json");
  }

  void write(FileSystem files, Path folder) {
    Documents.write(files, document(folder), this);
  }
}
