package org.lethe.run;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.store.FolderSource;
import org.lethe.store.TimedFolder;

/**
 * Copies a candidate model to its final folder: {@code model/} (or {@code adapter/}) if its gates
 * passed, {@code model.refused/} if not. The candidate stays, so that earlier stages still match
 * their manifests.
 */
public final class Release {
  private final RunDirectory directory;

  public Release(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Copies the candidate and deletes the result of an earlier, different decision, so that a
   * refused model never exists beside a released one.
   *
   * @param candidate folder with the model's files
   * @param released target folder of a released model
   * @param decision decision of the gates
   * @return the model's folder
   */
  public Path place(Path candidate, Path released, ErasureRecord.Decision decision) {
    Path target =
        switch (decision) {
          case RELEASED -> released;
          case REFUSED -> directory.refusedModel();
        };
    FileSystem fileSystem = directory.fileSystem();
    Path other = target.equals(released) ? directory.refusedModel() : released;
    Documents.delete(fileSystem, other);
    PhaseHook.reached("release:before-copy");
    try {
      FolderSource files =
          FolderSource.of(
              fileSystem,
              candidate,
              name -> !name.startsWith(".") && !name.equals(StageManifest.FILE),
              ModelDirectory.READ_FIRST,
              () -> PhaseHook.reached("release:before-rename"));
      TimedFolder.publish(fileSystem, target, files);
    } catch (IOException | FSError e) {
      throw RunErrors.io("writing", target.toString(), Documents.asIo(e));
    }
    return target;
  }
}
