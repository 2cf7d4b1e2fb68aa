package org.lethe.run;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;

/**
 * Copies a candidate model to its final folder: {@code model/} (or {@code adapter/}) if its gates
 * passed, {@code model.refused/} if not. The candidate stays, so that earlier stages still match
 * their manifests.
 */
public final class Release {
  private final RunDirectory directory;
  private final Configuration hadoop;

  public Release(RunDirectory directory, Configuration hadoop) {
    this.directory = directory;
    this.hadoop = hadoop;
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
    Path temporary = new Path(target.getParent(), "." + target.getName() + ".aside");
    Documents.delete(fileSystem, temporary);
    PhaseHook.reached("release:before-copy");
    try {
      copy(fileSystem, candidate, temporary);
      PhaseHook.reached("release:before-rename");
      // Delete the old model only now, so that a repeated run is without a model for a short time
      // only.
      Documents.delete(fileSystem, target);
      if (!fileSystem.rename(temporary, target)) {
        throw new IOException("rename of " + temporary + " was refused");
      }
    } catch (IOException | FSError e) {
      throw RunErrors.io("writing", target.toString(), Documents.asIo(e));
    }
    return target;
  }

  private void copy(FileSystem fileSystem, Path from, Path to) throws IOException {
    fileSystem.mkdirs(to);
    for (FileStatus file : fileSystem.listStatus(from)) {
      String name = file.getPath().getName();
      if (name.startsWith(".") || name.equals(StageManifest.FILE)) {
        continue;
      }
      Path target = new Path(to, name);
      if (file.isDirectory()) {
        copy(fileSystem, file.getPath(), target);
      } else if (!FileUtil.copy(fileSystem, file, fileSystem, target, false, true, hadoop)) {
        throw new IOException("copy of " + name + " was refused");
      }
    }
  }
}
