package org.lethe.run;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.error.RunErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each stage of a run once. Skips a stage whose manifest matches, restarts or resumes an
 * interrupted one, and rejects one whose inputs changed.
 */
public final class Stages {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);
  private static final String STARTED = "started.json";

  /** Treatment of a folder that an earlier attempt left without a manifest. */
  public enum Partial {
    /** Deletes the folder; the stage writes all its outputs again. */
    DISCARD,
    /**
     * Keeps the folder if its inputs are unchanged, because the stage can resume. Rejects changed
     * inputs.
     */
    RESUME
  }

  /** The work of a stage. It writes below the stage's folder. */
  @FunctionalInterface
  public interface Work {
    void run();
  }

  /**
   * Result of a stage.
   *
   * @param manifest the stage's manifest
   * @param skipped whether the manifest existed before
   */
  public record Outcome(StageManifest manifest, boolean skipped) {}

  private final RunDirectory directory;
  private final String runId;
  private final SortedMap<String, String> versions;

  public Stages(RunDirectory directory, String runId, SortedMap<String, String> versions) {
    this.directory = directory;
    this.runId = Names.checked("run id", runId);
    this.versions = SortedCopy.of(versions);
  }

  /**
   * Runs the work, unless the stage already has a manifest.
   *
   * @throws org.lethe.error.LetheException CONFLICT if the inputs or the outputs do not match the
   *     manifest
   */
  public Outcome run(StageInputs inputs, Path folder, Partial partial, Work work) {
    FileSystem fileSystem = directory.fileSystem();
    Optional<StageManifest> existing = existing(folder);
    if (existing.isPresent()) {
      return new Outcome(checked(existing.get(), inputs, folder), true);
    }
    prepare(inputs, folder, partial);
    PhaseHook.reached(inputs.stage() + ":started");
    work.run();
    PhaseHook.reached(inputs.stage() + ":before-manifest");
    SortedMap<String, String> outputs = Digests.ofTree(fileSystem, folder);
    outputs.remove(STARTED);
    StageManifest manifest = manifest(inputs, outputs);
    Documents.write(fileSystem, RunDirectory.manifest(folder), manifest);
    Documents.delete(fileSystem, new Path(folder, STARTED));
    PhaseHook.reached(inputs.stage() + ":after-manifest");
    return new Outcome(manifest, false);
  }

  /** Returns the manifest of a stage folder, if the stage has finished. */
  public Optional<StageManifest> existing(Path folder) {
    Path file = RunDirectory.manifest(folder);
    if (!Documents.exists(directory.fileSystem(), file)) {
      return Optional.empty();
    }
    StageManifest manifest = Documents.read(directory.fileSystem(), file, StageManifest.class);
    if (manifest.stage() == null || manifest.format() != StageManifest.FORMAT) {
      throw RunErrors.unreadableDocument(
          file.toString(),
          "format " + manifest.format() + " found, " + StageManifest.FORMAT + " expected");
    }
    for (String output : manifest.outputs().keySet()) {
      Names.checkedRelative(output, folder.toString());
    }
    return Optional.of(manifest);
  }

  /**
   * Returns the manifest of a stage that must have finished before.
   *
   * @param command command that runs the stage, for the message
   * @throws org.lethe.error.LetheException INPUT if the stage has not finished, CONFLICT if its
   *     outputs do not match its manifest
   */
  public StageManifest required(String stage, Path folder, String command) {
    StageManifest manifest =
        existing(folder)
            .orElseThrow(() -> RunErrors.missingStage(stage, folder.toString(), command));
    checkOutputs(manifest, folder);
    return manifest;
  }

  private StageManifest checked(StageManifest existing, StageInputs inputs, Path folder) {
    List<String> changes = existing.changesAgainst(inputs);
    if (!changes.isEmpty()) {
      throw RunErrors.inputsChanged(inputs.stage(), folder.toString(), changes);
    }
    checkOutputs(existing, folder);
    LOG.info("Skipping stage {}, which has finished: {}", inputs.stage(), folder);
    return existing;
  }

  private void checkOutputs(StageManifest manifest, Path folder) {
    List<String> changes = manifest.changedOutputs(Digests.ofTree(directory.fileSystem(), folder));
    if (!changes.isEmpty()) {
      throw RunErrors.outputsChanged(manifest.stage(), folder.toString(), changes);
    }
  }

  private void prepare(StageInputs inputs, Path folder, Partial partial) {
    FileSystem fileSystem = directory.fileSystem();
    Path started = new Path(folder, STARTED);
    if (partial == Partial.DISCARD) {
      Documents.delete(fileSystem, folder);
    } else if (Documents.exists(fileSystem, started)) {
      StageManifest before = Documents.read(fileSystem, started, StageManifest.class);
      List<String> changes = before.changesAgainst(inputs);
      if (!changes.isEmpty()) {
        throw RunErrors.inputsChanged(inputs.stage(), folder.toString(), changes);
      }
      LOG.info("Resuming stage {}, which was interrupted: {}", inputs.stage(), folder);
      return;
    }
    Documents.write(fileSystem, started, manifest(inputs, new TreeMap<>()));
  }

  private StageManifest manifest(StageInputs inputs, SortedMap<String, String> outputs) {
    return new StageManifest(
        StageManifest.FORMAT,
        inputs.stage(),
        runId,
        Digests.of(inputs.configuration()),
        inputs.configuration(),
        inputs.inputs(),
        outputs,
        versions);
  }
}
