package org.lethe.run;

import java.util.Collections;
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
 * Runs each stage of a run once. A stage whose manifest stands and matches is skipped; one that was
 * cut off begins again or resumes; one whose inputs are others than before is refused.
 */
public final class Stages {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);
  private static final String STARTED = "started.json";

  /** What to do with a folder that an earlier attempt left without a manifest. */
  public enum Partial {
    /** Delete it; the stage makes all its outputs again. */
    DISCARD,
    /**
     * Keep it if its inputs are the same, since the stage knows how to resume; refuse otherwise.
     */
    RESUME
  }

  /** The work of a stage: writes below its folder. */
  @FunctionalInterface
  public interface Work {
    void run();
  }

  /**
   * How a stage ended.
   *
   * @param manifest the manifest that now stands
   * @param skipped whether it stood before
   */
  public record Outcome(StageManifest manifest, boolean skipped) {}

  private final RunDirectory directory;
  private final String runId;
  private final SortedMap<String, String> versions;

  public Stages(RunDirectory directory, String runId, SortedMap<String, String> versions) {
    this.directory = directory;
    this.runId = Names.checked("run id", runId);
    this.versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
  }

  /**
   * Does the work, unless its manifest stands.
   *
   * @throws org.lethe.error.LetheException CONFLICT if the inputs, or the outputs that the manifest
   *     names, are not what they were
   */
  public Outcome run(StageInputs asked, Path folder, Partial partial, Work work) {
    FileSystem fileSystem = directory.fileSystem();
    Optional<StageManifest> standing = standing(folder);
    if (standing.isPresent()) {
      return new Outcome(checked(standing.get(), asked, folder), true);
    }
    prepare(asked, folder, partial);
    PhaseHook.reached(asked.stage() + ":started");
    work.run();
    PhaseHook.reached(asked.stage() + ":before-manifest");
    SortedMap<String, String> outputs = Digests.ofTree(fileSystem, folder);
    outputs.remove(STARTED);
    StageManifest manifest = manifest(asked, outputs);
    Documents.write(fileSystem, RunDirectory.manifest(folder), manifest);
    Documents.delete(fileSystem, new Path(folder, STARTED));
    PhaseHook.reached(asked.stage() + ":after-manifest");
    return new Outcome(manifest, false);
  }

  /** The manifest of a stage folder, if the stage has ended. */
  public Optional<StageManifest> standing(Path folder) {
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
   * The manifest of a stage that must have ended before.
   *
   * @param command what makes it, for the message
   * @throws org.lethe.error.LetheException INPUT if it has not ended, CONFLICT if its outputs are
   *     not those that it wrote
   */
  public StageManifest required(String stage, Path folder, String command) {
    StageManifest manifest =
        standing(folder)
            .orElseThrow(() -> RunErrors.missingStage(stage, folder.toString(), command));
    checkOutputs(manifest, folder);
    return manifest;
  }

  private StageManifest checked(StageManifest standing, StageInputs asked, Path folder) {
    List<String> changes = standing.changesAgainst(asked);
    if (!changes.isEmpty()) {
      throw RunErrors.inputsChanged(asked.stage(), folder.toString(), changes);
    }
    checkOutputs(standing, folder);
    LOG.info("Stage {} stands, not run again: {}", asked.stage(), folder);
    return standing;
  }

  private void checkOutputs(StageManifest manifest, Path folder) {
    List<String> changes = manifest.changedOutputs(Digests.ofTree(directory.fileSystem(), folder));
    if (!changes.isEmpty()) {
      throw RunErrors.outputsChanged(manifest.stage(), folder.toString(), changes);
    }
  }

  private void prepare(StageInputs asked, Path folder, Partial partial) {
    FileSystem fileSystem = directory.fileSystem();
    Path started = new Path(folder, STARTED);
    if (partial == Partial.DISCARD) {
      Documents.delete(fileSystem, folder);
    } else if (Documents.exists(fileSystem, started)) {
      StageManifest before = Documents.read(fileSystem, started, StageManifest.class);
      List<String> changes = before.changesAgainst(asked);
      if (!changes.isEmpty()) {
        throw RunErrors.inputsChanged(asked.stage(), folder.toString(), changes);
      }
      LOG.info("Stage {} was cut off, resuming: {}", asked.stage(), folder);
      return;
    }
    Documents.write(fileSystem, started, manifest(asked, new TreeMap<>()));
  }

  private StageManifest manifest(StageInputs asked, SortedMap<String, String> outputs) {
    return new StageManifest(
        StageManifest.FORMAT,
        asked.stage(),
        runId,
        Digests.of(asked.configuration()),
        asked.configuration(),
        asked.inputs(),
        outputs,
        versions);
  }
}
