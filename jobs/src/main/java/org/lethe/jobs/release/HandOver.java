package org.lethe.jobs.release;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.HandOverErrors;
import org.lethe.error.RunErrors;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.Attestations;
import org.lethe.store.FileSystems;
import org.lethe.store.FolderSource;
import org.lethe.store.TimedFolder;

/**
 * Copies a released model to a folder outside of the run: the model's files with their card, and
 * last record.json with its signature. A folder that a hand-over of the same record wrote is left
 * as it is.
 */
public final class HandOver {
  private static final String RECORD = "record.json";

  private final RunDirectory directory;

  public HandOver(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Copies the model of the last decision.
   *
   * @throws org.lethe.error.LetheException GATE if the model was refused; CONFLICT if the folder
   *     has other files; EVIDENCE if the model is not as recorded
   */
  public void to(URI target, Configuration hadoop) {
    ErasureRecord record =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    if (record.decision() != Decision.RELEASED) {
      throw HandOverErrors.refused(directory.toString());
    }
    Path folder = new Path(target);
    try {
      FileSystem files = FileSystems.of(folder, hadoop);
      if (isDone(files, folder)) {
        return;
      }
      copy(record, files, folder);
    } catch (IOException | FSError e) {
      throw RunErrors.io("writing", target.toString(), Documents.asIo(e));
    }
  }

  private boolean isDone(FileSystem files, Path folder) throws IOException {
    if (!files.exists(folder)) {
      return false;
    }
    Path record = new Path(folder, RECORD);
    if (files.exists(record)
        && Digests.ofFile(files, record)
            .equals(Digests.ofFile(directory.fileSystem(), directory.record()))) {
      return true;
    }
    if (files.listStatus(folder).length > 0) {
      throw HandOverErrors.notEmpty(folder.toString());
    }
    return false;
  }

  private void copy(ErasureRecord record, FileSystem files, Path folder) throws IOException {
    Path model = directory.below(record.modelPath().replaceAll("/$", ""));
    TimedFolder.publish(
        files,
        folder,
        FolderSource.of(
            directory.fileSystem(),
            model,
            name -> !name.startsWith("."),
            ModelDirectory.READ_FIRST,
            () -> {}));
    SortedMap<String, String> copied = Digests.ofTree(files, folder);
    if (!copied.equals(record.outputModel())) {
      throw HandOverErrors.changed(model.toString());
    }
    for (String name : List.of(Attestations.FILE, RECORD)) {
      Path document = directory.below(name);
      if (Documents.exists(directory.fileSystem(), document)) {
        try (InputStream in = directory.fileSystem().open(document)) {
          Documents.writeText(
              files, new Path(folder, name), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
  }
}
