package org.lethe.jobs.stage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.corpus.CorpusSet;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.ShardReport;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Metric;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.console.Progress;
import org.lethe.report.Report;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.ErasureRecord.ExampleRow;
import org.lethe.run.GateReport;
import org.lethe.run.PhaseHook;
import org.lethe.run.Release;
import org.lethe.run.RunDirectory;
import org.lethe.run.Soundness;
import org.lethe.run.StageManifest;

/**
 * Decides on the candidate: writes record.json and report.html, puts the model where it belongs and
 * fails with the class of what was found.
 */
final class ReleaseWork {
  private final JobContext context;
  private final RunPlan plan;
  private final RunArtifacts contents;
  private final RunDirectory directory;

  ReleaseWork(JobContext context, RunPlan plan, RunArtifacts contents) {
    this.context = context;
    this.plan = plan;
    this.contents = contents;
    this.directory = context.directory();
  }

  void run() {
    StageManifest shards = contents.requireShards();
    StageManifest candidate = context.stages().required("unlearn", contents.candidate(), "unlearn");
    for (String when : List.of("before", "after")) {
      context.stages().required("evaluate-" + when, contents.evaluation(when), "evaluate");
    }
    Configuration hadoop = context.spark().hadoopConfiguration();
    SortedMap<String, Double> before = contents.figures("before");
    SortedMap<String, Double> after = contents.figures("after");
    SortedMap<String, String> given =
        contents.openModel(contents.inputModel().toString()).fileDigests();
    requireEffect(given, candidate);
    GateReport gates = GateReport.of(plan.gates(), before, after);
    Optional<LetheException> collapse = plan.soundness().collapse(before, after);
    Decision decision = gates.passed() && collapse.isEmpty() ? Decision.RELEASED : Decision.REFUSED;

    Progress progress = context.progress("release");
    boolean adapterOnly = !Documents.exists(directory.fileSystem(), contents.candidateModel());
    Path from = adapterOnly ? contents.candidateAdapter() : contents.candidateModel();
    Path to = adapterOnly ? directory.adapter() : directory.model();
    Path placed = new Release(directory, hadoop).place(from, to, decision);
    boolean both =
        !adapterOnly && Documents.exists(directory.fileSystem(), contents.candidateAdapter());
    if (both && decision == Decision.RELEASED) {
      new Release(directory, hadoop)
          .place(contents.candidateAdapter(), directory.adapter(), decision);
    }
    Documents.write(
        directory.fileSystem(),
        directory.record(),
        record(shards, given, placed, decision, before, after, gates));
    Report.write(directory, searches());
    PhaseHook.reached("release:before-deletion");
    if (isDeleted(decision)) {
      RevealedText.delete(directory);
    }
    progress.finish(
        decision == Decision.RELEASED
            ? "released as " + directory.relative(placed)
            : "refused, kept in " + directory.relative(placed));
    if (collapse.isPresent()) {
      throw collapse.get();
    }
    if (!gates.passed()) {
      throw RunErrors.gateRefused(gates.refusals(), placed.toString());
    }
  }

  /** Same bytes in all weight files mean that nothing was trained. */
  private static void requireEffect(SortedMap<String, String> given, StageManifest candidate) {
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> after = new TreeMap<>();
    given.forEach(
        (name, digest) -> {
          String made = candidate.outputs().get("model/" + name);
          if (name.endsWith(".safetensors") && made != null) {
            before.put(name, digest);
            after.put(name, made);
          }
        });
    if (!before.isEmpty()) {
      Soundness.requireEffect(Digests.of(before), Digests.of(after), OptionalDouble.empty());
    }
  }

  private ErasureRecord record(
      StageManifest shards,
      SortedMap<String, String> given,
      Path placed,
      Decision decision,
      SortedMap<String, Double> before,
      SortedMap<String, Double> after,
      GateReport gates) {
    SortedMap<String, String> data = new TreeMap<>(shards.inputs());
    shards.outputs().forEach((name, digest) -> data.put("shards/" + name, digest));
    SortedMap<String, String> configuration = context.configuration().flattened();
    SortedMap<String, String> code = new TreeMap<>(Versions.all());
    code.put("binary", context.backend().binary());
    code.put("program", Versions.codeDigest());
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        context.runId(),
        context.requestId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        decision,
        directory.relative(placed),
        given,
        Digests.ofTree(directory.fileSystem(), placed),
        data,
        counts(decision),
        code,
        Digests.of(configuration),
        configuration,
        before,
        after,
        gates.outcomes(),
        examples(),
        ErasureRecord.LIMITS,
        List.of());
  }

  private List<RevealReport> searches() {
    return plan.reveal().map(new RevealWork(context, plan, contents)::compared).orElse(List.of());
  }

  private boolean isDeleted(Decision decision) {
    return decision == Decision.RELEASED && RevealedText.isDeletedOnRelease(plan);
  }

  private SortedMap<String, Long> counts(Decision decision) {
    ShardReport report = contents.shardReport();
    SortedMap<String, Long> counts = new TreeMap<>();
    for (CorpusSet set : CorpusSet.values()) {
      ShardReport.SetReport found = report.set(set);
      counts.put(set.label() + ": read", found.read());
      counts.put(set.label() + ": used", found.rows());
      counts.put(set.label() + ": filtered out", found.filtered());
      counts.put(set.label() + ": set aside as malformed", found.quarantined());
      counts.put(set.label() + ": duplicates", found.duplicates());
      counts.put(set.label() + ": cut to the maximum length", found.truncated());
    }
    if (isDeleted(decision)) {
      counts.put(
          RevealedText.COUNT,
          RevealedText.files(directory).stream()
              .filter(file -> file.getName().endsWith(".parquet"))
              .count());
    }
    return counts;
  }

  /** The first rows of the forget set by id, and one of the retain set to compare with. */
  private List<ExampleRow> examples() {
    Map<String, EvaluationRow> before = new HashMap<>();
    rows("before").forEach(row -> before.put(row.set() + "/" + row.id(), row));
    List<ExampleRow> examples = new ArrayList<>();
    int ofRetain = plan.exampleRows() > 1 ? 1 : 0;
    int ofForget = plan.exampleRows() - ofRetain;
    for (EvaluationRow row : rows("after")) {
      boolean forget = row.set().equals(CorpusSet.FORGET.label());
      EvaluationRow was = before.get(row.set() + "/" + row.id());
      if (was == null || (forget ? ofForget-- <= 0 : ofRetain-- <= 0)) {
        continue;
      }
      examples.add(new ExampleRow(row.id(), row.set(), figures(was), figures(row)));
    }
    return examples;
  }

  private List<EvaluationRow> rows(String when) {
    return EvaluationRows.read(
        new Path(contents.evaluation(when), EvaluationStage.ROWS),
        context.spark().hadoopConfiguration());
  }

  private static SortedMap<String, Double> figures(EvaluationRow row) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (Metric metric : Metric.values()) {
      row.metric(metric).ifPresent(value -> figures.put(metric.key(), value));
    }
    return figures;
  }
}
