package org.lethe.jobs.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.corpus.shard.ShardReport;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * The shards that a run is evaluated on: its own, or, in a run on topic cards, those of rows that
 * it does not train on.
 */
final class EvaluationShards {
  private final JobContext job;
  private final RunDirectory measured;
  private final boolean revealed;

  /**
   * @param job of the run that is evaluated
   * @param measured the run with the shards of rows that are not trained on
   * @param revealed whether the run reveals its data
   */
  EvaluationShards(JobContext job, RunDirectory measured, boolean revealed) {
    this.job = job;
    this.measured = measured;
    this.revealed = revealed;
  }

  /** Run directory with the shards of held-out facts. */
  RunDirectory heldOut() {
    return measured.nested("held-out");
  }

  /** Run directory with the shards of known true corpora. */
  RunDirectory truth() {
    return measured.nested("truth");
  }

  /** Run directory with the shards of held-out facts about substitutes. */
  RunDirectory substituted() {
    return measured.nested("substituted");
  }

  /** Files by the name of their set. */
  Map<String, List<String>> files() {
    Map<String, List<String>> files = new TreeMap<>();
    directories().forEach((directory, prefix) -> files.putAll(files(directory, prefix)));
    return files;
  }

  /** The digest of all files. */
  String digest() {
    if (!revealed) {
      RunDirectory own = job.directory();
      return Digests.of(job.stages().required("shard", own.shards(), "shard").outputs());
    }
    SortedMap<String, String> digests = new TreeMap<>();
    directories()
        .forEach(
            (directory, prefix) ->
                digests.put(
                    prefix,
                    Digests.of(
                        job.stages()
                            .required(
                                "shard-" + directory.root().getName(), directory.shards(), "shard")
                            .outputs())));
    return Digests.of(digests);
  }

  /** Run directories with the prefix of the names of their sets. */
  private Map<RunDirectory, String> directories() {
    Map<RunDirectory, String> all = new LinkedHashMap<>();
    if (!revealed) {
      all.put(job.directory(), "");
      return all;
    }
    Map<RunDirectory, String> possible = new LinkedHashMap<>();
    possible.put(heldOut(), "");
    possible.put(truth(), "true-");
    possible.put(substituted(), "substituted-");
    possible.forEach(
        (directory, prefix) -> {
          Path manifest = RunDirectory.manifest(directory.shards());
          if (Documents.exists(job.directory().fileSystem(), manifest)) {
            all.put(directory, prefix);
          }
        });
    return all;
  }

  /** The shards in one run directory, by the name of their set behind a prefix. */
  static Map<String, List<String>> files(RunDirectory directory, String prefix) {
    ShardReport report = RunArtifacts.shardReport(directory);
    Map<String, List<String>> files = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      List<String> ofSet = new ArrayList<>();
      for (int worker = 0; worker < report.workers(); worker++) {
        ofSet.add(
            directory.below("shards/" + report.set(set).shards().get(worker).file()).toString());
      }
      files.put(prefix + set.label(), ofSet);
    }
    return files;
  }
}
