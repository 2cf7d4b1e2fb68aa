package org.lethe.jobs.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.lethe.error.RunErrors;
import org.lethe.jobs.config.RevealedData.Retention;
import org.lethe.jobs.config.RunPlan;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;

/** All files of a run that hold text, and their end once the run is released. */
public final class RevealedText {
  /** What the record says of it, with the number of files. */
  static final String COUNT = "Parquet files with text, deleted on release";

  private RevealedText() {}

  /** Whether what a run revealed ends with its release. */
  public static boolean isDeletedOnRelease(RunPlan plan) {
    return plan.revealed()
        .filter(data -> data.retention() == Retention.DELETE_ON_RELEASE)
        .isPresent();
  }

  /** Whether a run was released before, so that nothing but deleting is left to do. */
  public static boolean isReleased(RunDirectory directory) {
    return Documents.exists(directory.fileSystem(), directory.record())
        && Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class)
                .decision()
            == ErasureRecord.Decision.RELEASED;
  }

  /** Every Parquet file of a run: text stands in no others. */
  static List<Path> files(RunDirectory directory) {
    List<Path> found = new ArrayList<>();
    try {
      FileSystem files = directory.fileSystem();
      RemoteIterator<LocatedFileStatus> all = files.listFiles(directory.root(), true);
      while (all.hasNext()) {
        Path file = all.next().getPath();
        if (file.getName().matches(".*\\.parquet(\\.crc)?")) {
          found.add(file);
        }
      }
    } catch (IOException e) {
      throw RunErrors.io("listing", directory.toString(), e);
    }
    return found;
  }

  public static void delete(RunDirectory directory) {
    files(directory).forEach(file -> Documents.delete(directory.fileSystem(), file));
  }
}
