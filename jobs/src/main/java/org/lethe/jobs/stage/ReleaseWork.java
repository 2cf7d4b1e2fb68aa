package org.lethe.jobs.stage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.lethe.audit.RecordedCopies;
import org.lethe.audit.RecordedCounts;
import org.lethe.audit.RecordedEnd;
import org.lethe.audit.RecordedExamples;
import org.lethe.audit.RecordedExtraction;
import org.lethe.audit.RecordedFigures;
import org.lethe.audit.RecordedLimits;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.console.Progress;
import org.lethe.report.ModelCard;
import org.lethe.report.Report;
import org.lethe.run.Accountability;
import org.lethe.run.Baseline;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.JsonLines;
import org.lethe.run.Release;
import org.lethe.run.RunDirectory;
import org.lethe.run.Soundness;
import org.lethe.run.StageManifest;
import org.lethe.run.UnlearningEnd;
import org.lethe.run.evidence.Attestations;
import org.lethe.run.evidence.ProgramDocument;
import org.lethe.run.evidence.RecordStore;
import org.lethe.run.evidence.Signing;

/**
 * Decides on the candidate: writes record.json and report.html, puts the model where it belongs and
 * fails with the class of what was found.
 */
final class ReleaseWork implements StageWork {
  private static final List<String> TIMES = List.of("before", "after");

  @Override
  public Stage stage() {
    return Stage.RELEASE;
  }

  /** None: a release is decided again each time. */
  @Override
  public Sections sections(RunPlan plan) {
    return Sections.of();
  }

  @Override
  public void check(StageContext context) {
    // Before the work, since a missing key would leave a finished run unsigned.
    context.plan().release().map(RunPlan.Release::signing).ifPresent(Signing::tryOut);
    ComparedSearches.read(context);
  }

  @Override
  public void run(StageContext context) {
    JobContext job = context.job();
    RunArtifacts artifacts = context.artifacts();
    RunPlan.Release plan = context.plan().release().orElseThrow();
    StageManifest shards = artifacts.requireShards();
    StageManifest candidate = job.stages().required("unlearn", artifacts.candidate(), "unlearn");
    for (String when : TIMES) {
      job.stages().required("evaluate-" + when, artifacts.evaluation(when), "evaluate");
    }
    if (context.plan().unseen().isPresent()) {
      for (String when : TIMES) {
        String unseen = Gate.UNSEEN + when;
        job.stages().required("evaluate-" + unseen, artifacts.evaluation(unseen), "evaluate");
      }
    }
    for (String when : artifacts.attacked()) {
      job.stages().required(when, artifacts.evaluation(when), "evaluate");
    }
    EvaluationFigures before = artifacts.allFigures("before");
    EvaluationFigures after = artifacts.allFigures("after");
    SortedMap<String, String> given =
        artifacts.openModel(artifacts.inputModel().toString()).fileDigests();
    context
        .plan()
        .model()
        .continued()
        .ifPresent(adapter -> given.putAll(artifacts.digests("adapter", adapter)));
    requireEffect(given, candidate);
    GateReport gates = GateReport.of(plan.gates(), before, after);
    Optional<LetheException> collapse = plan.soundness().collapse(before, after);
    Optional<Baseline> unknown = Baseline.of(before).filter(found -> !found.isKnown());
    Decision decision =
        gates.passed() && collapse.isEmpty() && unknown.isEmpty()
            ? Decision.RELEASED
            : Decision.REFUSED;

    RunDirectory directory = job.directory();
    RecordStore records = new RecordStore(directory);
    records.requireUnchanged();
    RunEvidence.requireModelAsRecorded(directory);
    Progress progress = job.progress("release");
    Path placed = place(context, decision);
    ErasureRecord record =
        withCard(directory, record(context, shards, given, placed, decision, before, after, gates));
    boolean written = records.write(record);
    sign(context, written);
    Report.write(directory, ComparedSearches.read(context));
    progress.finish(
        (decision == Decision.RELEASED ? "released as " : "refused, kept in ")
            + directory.relative(placed)
            + record
                .unlearning()
                .form()
                .filter(UnlearningEnd.Form::broken)
                .map(form -> "; " + form.words())
                .orElse(""));
    if (unknown.isPresent()) {
      throw unknown.get().failure(placed.toString());
    }
    if (collapse.isPresent()) {
      throw collapse.get();
    }
    if (!gates.passed()) {
      throw RunErrors.gateRefused(gates.refusals(), placed.toString());
    }
  }

  /** Writes the model card of a released model, and names it among the model's files. */
  private static ErasureRecord withCard(RunDirectory directory, ErasureRecord record) {
    if (record.decision() == Decision.REFUSED) {
      return record;
    }
    String card = ModelCard.of(record);
    Path folder = directory.below(record.modelPath().replaceAll("/$", ""));
    Documents.writeText(directory.fileSystem(), new Path(folder, ModelCard.FILE), card);
    SortedMap<String, String> files = new TreeMap<>(record.outputModel());
    files.put(ModelCard.FILE, Digests.of(card));
    return record.withOutputModel(files);
  }

  private static void sign(StageContext context, boolean written) {
    RunPlan.Release plan = context.plan().release().orElseThrow();
    Attestations attestations = new Attestations(context.job().directory());
    if (written || !attestations.exist()) {
      plan.signing().signer().ifPresent(attestations::sign);
    }
  }

  /** Moves the candidate to where the decision puts it. */
  private static Path place(StageContext context, Decision decision) {
    RunArtifacts artifacts = context.artifacts();
    RunDirectory directory = context.job().directory();
    Release release = new Release(directory);
    if (!Documents.exists(directory.fileSystem(), artifacts.candidateModel())) {
      return release.place(artifacts.candidateAdapter(), directory.adapter(), decision);
    }
    Path placed = release.place(artifacts.candidateModel(), directory.model(), decision);
    if (decision == Decision.RELEASED
        && Documents.exists(directory.fileSystem(), artifacts.candidateAdapter())) {
      release.place(artifacts.candidateAdapter(), directory.adapter(), decision);
    }
    return placed;
  }

  /** Same bytes in all weight files mean that nothing was trained. */
  private static void requireEffect(SortedMap<String, String> given, StageManifest candidate) {
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> after = new TreeMap<>();
    given.forEach(
        (name, digest) -> {
          String written = candidate.outputs().get("model/" + name);
          if (name.endsWith(".safetensors") && written != null) {
            before.put(name, digest);
            after.put(name, written);
          }
        });
    if (!before.isEmpty()) {
      Soundness.requireEffect(Digests.of(before), Digests.of(after), OptionalDouble.empty());
    }
  }

  /** Kernels of the driver and of the workers of all rounds. */
  private static String kernels(JobContext job) {
    Set<String> kernels = new TreeSet<>();
    kernels.add(job.backend().arithmetic());
    for (JsonNode round :
        JsonLines.read(job.directory().fileSystem(), job.directory().roundsLog())) {
      round.path("kernels").forEach(kernel -> kernels.add(kernel.asText()));
    }
    return String.join("; ", kernels);
  }

  private static ErasureRecord record(
      StageContext context,
      StageManifest shards,
      SortedMap<String, String> given,
      Path placed,
      Decision decision,
      EvaluationFigures before,
      EvaluationFigures after,
      GateReport gates) {
    JobContext job = context.job();
    SortedMap<String, String> data = new TreeMap<>(shards.inputs());
    shards.outputs().forEach((name, digest) -> data.put("shards/" + name, digest));
    SortedMap<String, String> configuration = job.configuration().flattened();
    SortedMap<String, String> code = new TreeMap<>(Versions.all());
    code.put("binary", job.backend().binary());
    code.put("kernel", kernels(job));
    code.putAll(Versions.code());
    ProgramDocument.write(job.directory(), code);
    ErasureRecord.Evidence evidence = new RunEvidence(context).collect(before, after);
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        job.runId(),
        job.requestId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        decision,
        job.directory().relative(placed),
        given,
        Digests.ofTree(job.directory().fileSystem(), placed),
        data,
        RecordedCounts.of(context.artifacts().shardReport()),
        code,
        Digests.of(configuration),
        configuration,
        before.means(),
        after.means(),
        RecordedFigures.notMeasured(before, after),
        gates.outcomes(),
        RecordedExamples.of(
            rows(context, TIMES.get(0)),
            rows(context, TIMES.get(1)),
            context.plan().release().orElseThrow().exampleRows()),
        RecordedLimits.of(job.directory(), configuration, after),
        accountability(context, shards, before, after),
        RecordedEnd.of(
            job.directory(), evidence.folders().get("candidate"), before.means(), after.means()),
        evidence,
        List.of());
  }

  private static Accountability accountability(
      StageContext context,
      StageManifest shards,
      EvaluationFigures before,
      EvaluationFigures after) {
    RunPlan.Release plan = context.plan().release().orElseThrow();
    return new Accountability(
        plan.legalBasis(),
        plan.requestReference(),
        Accountability.LIKELIHOOD,
        RecordedExtraction.of(before, after),
        RecordedCopies.of(
            context.job().directory(),
            context.plan().model().uri(),
            context.job().configuration().flattened(),
            shards.inputs()));
  }

  private static List<EvaluationRow> rows(StageContext context, String when) {
    return EvaluationRows.read(
        new Path(context.artifacts().evaluation(when), EvaluationStage.ROWS),
        context.job().spark().hadoopConfiguration());
  }
}
