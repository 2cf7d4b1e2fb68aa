package org.lethe.jobs.stage;

import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.audit.RecordedFigures;
import org.lethe.error.EvidenceErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Evidence;
import org.lethe.run.Gate;
import org.lethe.run.RunDirectory;
import org.lethe.run.evidence.EvidenceFiles;

/** Collects what a run's record rests on. */
final class RunEvidence {
  private final JobContext job;
  private final RunArtifacts artifacts;

  RunEvidence(StageContext context) {
    this.job = context.job();
    this.artifacts = context.artifacts();
  }

  /** Returns the evidence of a decision. */
  Evidence collect(EvaluationFigures before, EvaluationFigures after) {
    RunDirectory directory = job.directory();
    SortedMap<String, String> folders = new TreeMap<>();
    folders.put("before", relative(artifacts.evaluation("before")));
    folders.put("after", relative(artifacts.evaluation("after")));
    if (artifacts.hasUnseen()) {
      for (String when : List.of(Gate.UNSEEN + "before", Gate.UNSEEN + "after")) {
        folders.put(when, relative(artifacts.evaluation(when)));
      }
    }
    for (String attacked : artifacts.attacked()) {
      folders.put(attacked, relative(artifacts.evaluation(attacked)));
    }
    folders.put("candidate", relative(artifacts.candidate()));
    folders.put("shards", relative(artifacts.shards()));
    URI input = artifacts.inputModel();
    if (input.toString().startsWith(directory.root() + "/")) {
      folders.put("input", relative(new Path(input)));
    }
    return new Evidence(
        job.started().truncatedTo(ChronoUnit.SECONDS).toString(),
        folders,
        artifacts.givenModelFiles(),
        RecordedFigures.intervals(before, after),
        EvidenceFiles.of(directory),
        List.of(),
        Optional.empty());
  }

  private String relative(Path path) {
    return job.directory().relative(path).replaceAll("/$", "");
  }

  /**
   * Fails if the model of the last decision was changed, since the next decision would replace it
   * without a word. Missing files may come from an interrupted release.
   */
  static void requireModelAsRecorded(RunDirectory directory) {
    if (!Documents.exists(directory.fileSystem(), directory.record())) {
      return;
    }
    ErasureRecord last =
        Documents.read(directory.fileSystem(), directory.record(), ErasureRecord.class);
    Path folder = directory.below(last.modelPath().replaceAll("/$", ""));
    last.outputModel()
        .forEach(
            (name, digest) -> {
              Path file = new Path(folder, name);
              if (Documents.exists(directory.fileSystem(), file)) {
                String found = Digests.ofFile(directory.fileSystem(), file);
                if (!found.equals(digest)) {
                  throw EvidenceErrors.differs(
                      directory.relative(file), "SHA-256 (named by record.json)", digest, found);
                }
              }
            });
  }
}
