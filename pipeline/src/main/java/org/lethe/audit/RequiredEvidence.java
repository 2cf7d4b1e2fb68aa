package org.lethe.audit;

import java.util.ArrayList;
import java.util.List;
import org.lethe.error.EvidenceErrors;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.run.ChosenWeight;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageManifest;
import org.lethe.run.evidence.ProgramDocument;

/**
 * Metrics that every run of its kind writes. Without them a part of the record would have nothing
 * to be compared with, so a record that does not name one was changed.
 */
final class RequiredEvidence {
  private static final String RECORD = "record.json";
  private static final String CANDIDATE = "candidate";

  private final RunDirectory directory;
  private final ErasureRecord record;

  RequiredEvidence(RunDirectory directory, ErasureRecord record) {
    this.directory = directory;
    this.record = record;
  }

  /** Fails at the first file that the record leaves out. */
  void check() {
    for (String file : files()) {
      if (!record.evidence().files().containsKey(file)) {
        throw EvidenceErrors.unnamed(file, RECORD);
      }
    }
  }

  private List<String> files() {
    List<String> files = new ArrayList<>();
    files.add(directory.relative(ProgramDocument.file(directory)));
    for (String attacks : List.of("attacks-before", "attacks-after")) {
      String folder = record.evidence().folders().getOrDefault(attacks, "");
      if (folder.equals("evaluation/" + attacks)) {
        files.add("metrics/" + attacks + ".json");
      }
    }
    String candidate = record.evidence().folders().getOrDefault(CANDIDATE, CANDIDATE);
    RunDirectory unlearned =
        RunDirectory.at(directory.below(candidate).getParent(), directory.fileSystem());
    StageManifest manifest =
        Documents.read(
            directory.fileSystem(),
            RunDirectory.manifest(directory.below(candidate)),
            StageManifest.class);
    if (!manifest.outputs().containsKey(ChosenWeight.FILE)) {
      files.add(directory.relative(unlearned.roundsLog()));
    }
    if (manifest.outputs().containsKey(StopOutcome.FILE)) {
      files.add(directory.relative(unlearned.monitorLog()));
    }
    return files;
  }
}
