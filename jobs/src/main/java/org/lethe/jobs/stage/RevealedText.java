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

/** The files of a run that hold text, and their deletion once the run is released. */
public final class RevealedText {
  private RevealedText() {}

  /** Whether revealed text is deleted when the run is released. */
  public static boolean isDeletedOnRelease(RunPlan plan) {
    return plan.revealed()
        .filter(data -> data.retention() == Retention.DELETE_ON_RELEASE)
        .isPresent();
  }

  /** Whether a run was released before, so that only the deletion is left. */
  public static boolean isReleased(RunDirectory directory) {
    return Documents.exists(directory.fileSystem(), directory.record())
        && Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class)
                .decision()
            == ErasureRecord.Decision.RELEASED;
  }

  /** Every Parquet file of a run; no other files hold text. */
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
