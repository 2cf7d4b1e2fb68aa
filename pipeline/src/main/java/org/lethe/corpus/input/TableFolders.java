package org.lethe.corpus.input;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.CorpusErrors;

/**
 * Refuses files of Delta, Iceberg and Hudi tables. Such a folder also holds files of deleted rows
 * and of earlier versions, and only the table's log says which rows exist.
 */
final class TableFolders {
  /** Levels of partitions that are searched for the folder of their table. */
  private static final int LEVELS = 6;

  private final FileSystem files;
  private final Set<Path> checked = new HashSet<>();

  TableFolders(FileSystem files) {
    this.files = files;
  }

  /** Refuses a folder that is a table, or that lies in one. */
  void check(Path folder) throws IOException {
    Path level = folder;
    for (int i = 0; i < LEVELS && level != null && checked.add(level); i++) {
      if (files.exists(new Path(level, "_delta_log"))) {
        throw CorpusErrors.table(level.toString(), "Delta", "delta");
      }
      if (files.exists(new Path(level, ".hoodie"))) {
        throw CorpusErrors.table(level.toString(), "Hudi", "hudi");
      }
      if (isIceberg(level)) {
        throw CorpusErrors.table(level.toString(), "Iceberg", "iceberg");
      }
      level = level.getParent();
    }
  }

  private boolean isIceberg(Path folder) throws IOException {
    try {
      for (FileStatus status : files.listStatus(new Path(folder, "metadata"))) {
        String name = status.getPath().getName();
        if (name.endsWith(".metadata.json") || name.equals("version-hint.text")) {
          return true;
        }
      }
    } catch (FileNotFoundException e) {
      return false;
    }
    return false;
  }
}
