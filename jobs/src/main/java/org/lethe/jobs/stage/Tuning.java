package org.lethe.jobs.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.cluster.ResidentModel;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.cluster.training.LocalTraining;
import org.lethe.cluster.training.TrainingPlan;
import org.lethe.cluster.training.TrainingSettings;
import org.lethe.cluster.training.WorkerShards;
import org.lethe.cluster.tuning.CandidateStage;
import org.lethe.cluster.tuning.CandidateWork;
import org.lethe.cluster.tuning.CandidateWork.Judged;
import org.lethe.cluster.tuning.TuningPlan;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.tuning.Candidate;
import org.lethe.evaluation.tuning.CandidateOrder;
import org.lethe.evaluation.tuning.CandidateResult;
import org.lethe.evaluation.tuning.Halving;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.UnlearnPlan;
import org.lethe.jobs.config.tune.TuneBinding;
import org.lethe.jobs.config.tune.TunePlan;
import org.lethe.jobs.console.Progress;
import org.lethe.report.TuningReport;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;
import org.lethe.run.StageInputs;
import org.lethe.run.Stages;
import org.lethe.run.Stages.Partial;

/**
 * Chooses the settings of the unlearn stage: trains candidates in short runs, rung by rung, and
 * writes the folder tune with all results, a table, a plot and the chosen keys.
 */
public final class Tuning {
  private static final String NAME = TuningResult.FOLDER;
  private static final String CANDIDATES = "candidates";
  private static final String PACE = "pace.json";

  private static final Sections SECTIONS =
      Sections.of(
          "lethe.tune",
          "lethe.unlearn",
          "lethe.evaluate.max-new-tokens",
          "lethe.model.adapter",
          "lethe.model.train",
          "lethe.model.lora");

  private final StageContext context;
  private final TunePlan plan;
  private final RunDirectory directory;

  public Tuning(StageContext context) {
    this.context = context;
    this.plan = TuneBinding.read(context.job().configuration(), context.plan().workers());
    this.directory = context.job().directory().nested(NAME);
  }

  /**
   * What a stage works with once the settings are chosen. Tunes before the unlearn stage; later
   * stages find the choice.
   */
  static StageContext before(Stage stage, StageContext context) {
    if (!TuneBinding.isAutomatic(context.job().configuration().reader())) {
      return context;
    }
    return switch (stage) {
      case UNLEARN -> new Tuning(context).run();
      case EVALUATE, ATTACK, RELEASE -> new Tuning(context).chosen().orElse(context);
      default -> context;
    };
  }

  /** Speed of a candidate, measured once, so that a resumed tuning has the same rungs. */
  record Pace(int format, double examplesPerSecond) {}

  /** Tunes, unless the result exists, and returns the context with the chosen settings. */
  StageContext run() {
    tune();
    return chosen().orElseThrow();
  }

  /** Tunes, unless the result exists. */
  public TuningResult tune() {
    Progress progress = context.job().progress(NAME);
    PretrainedDecoder source = context.artifacts().inputSource(plan.first().adapter());
    try {
      Stages.Outcome outcome =
          context
              .job()
              .stages()
              .run(inputs(source), directory.root(), Partial.RESUME, () -> tune(source, progress));
      TuningResult result = result();
      progress.finish("chose " + result.chosen() + ": " + result.reason(), outcome);
      return result;
    } catch (RuntimeException e) {
      progress.abandon();
      throw e;
    }
  }

  /** The context with the chosen settings, if the tuning has ended. */
  private Optional<StageContext> chosen() {
    if (context.job().stages().existing(directory.root()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(with(result().configuration()));
  }

  private StageContext with(List<String> overrides) {
    Configuration configuration = context.job().configuration().with(List.of(), overrides);
    return new StageContext(
        context.job().with(configuration),
        context.plan().withUnlearning(configuration),
        context.artifacts(),
        context.earlier());
  }

  private TuningResult result() {
    return Documents.read(
        directory.fileSystem(), new Path(directory.root(), TuningResult.FILE), TuningResult.class);
  }

  private StageInputs inputs(PretrainedDecoder source) {
    RunArtifacts artifacts = context.artifacts();
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", source.digest());
    digests.put("shards", artifacts.shardsDigest());
    digests.put("unseen", Digests.of(artifacts.unseenManifest().outputs()));
    artifacts
        .neutralManifest()
        .ifPresent(neutral -> digests.put("neutral", Digests.of(neutral.outputs())));
    return context.inputs(NAME, digests, SECTIONS);
  }

  private void tune(PretrainedDecoder source, Progress progress) {
    CandidateStage stage = stage(source);
    TrainingSettings whole = plan.first().settings();
    int atOnce = candidatesAtOnce();
    Halving halving =
        Halving.within(
            plan.candidates().size(), plan.factor(), whole.rounds(), budget(stage, whole, atOnce));
    CandidateOrder order = new CandidateOrder(whole.rounds(), plan.formTolerance());
    List<Candidate> left = plan.candidates();
    SortedMap<String, CandidateResult> results = new TreeMap<>();
    int finished = 0;
    for (Halving.Rung rung : halving.rungs()) {
      progress.update(
          finished,
          halving.rungs().size(),
          "rungs",
          rung.candidates() + " candidates, " + rung.rounds() + " rounds each");
      finished++;
      Judged judged = judged(finished, halving);
      List<CandidateResult> found =
          stage.run(
              left.subList(0, Math.min(left.size(), rung.candidates())).stream()
                  .map(candidate -> work(candidate, rung.rounds(), judged))
                  .toList(),
              atOnce);
      found.forEach(one -> results.put(one.candidate().name(), one));
      left = found.stream().sorted(order).map(CandidateResult::candidate).toList();
    }
    // The last rung decides between its candidates; the others follow.
    List<CandidateResult> last = left.stream().map(c -> results.get(c.name())).toList();
    List<CandidateResult> all = new ArrayList<>(last);
    results.values().stream().filter(one -> !last.contains(one)).sorted(order).forEach(all::add);
    write(all, order);
    ResidentModel.closeIdle();
  }

  private CandidateStage stage(PretrainedDecoder source) {
    RunArtifacts artifacts = context.artifacts();
    Optional<Candidate> other = plan.withAlternatives();
    List<WorkerShards> shards =
        other
            .map(candidate -> withAlternatives(candidate, source))
            .orElseGet(artifacts::workerShards);
    // The losses of other answers lie beside those of the rows.
    UnlearnPlan.Rounds all =
        other.map(candidate -> plan.unlearning().get(candidate.name())).orElse(plan.first());
    List<String> references =
        LocalTraining.references(
            context.job().spark(), new TrainingPlan(source, shards, all.settings(), directory));
    TuningPlan tuning =
        new TuningPlan(
            source,
            shards,
            references,
            new MonitorPlan(
                plan.stop(),
                artifacts.unseenFiles().values().stream().flatMap(List::stream).toList(),
                artifacts.neutralFiles()),
            artifacts.tokenizer(artifacts.inputModel()),
            plan.form(),
            new Path(directory.root(), CANDIDATES).toString());
    return new CandidateStage(context.job().spark(), directory.fileSystem(), tuning);
  }

  /** The shards with the answers that the unlearn stage will find if this candidate is chosen. */
  private List<WorkerShards> withAlternatives(Candidate candidate, PretrainedDecoder source) {
    SortedMap<String, String> digests = new TreeMap<>();
    digests.put("model", source.digest());
    digests.put("shards", context.artifacts().shardsDigest());
    return RoundsUnlearning.withAlternatives(
        with(plan.overrides().get(candidate.name())),
        plan.unlearning().get(candidate.name()).alternatives().orElseThrow(),
        source,
        digests);
  }

  /** Answers take about as long as a round. A short first rung breaks no form. */
  private Judged judged(int rung, Halving halving) {
    return plan.form().rows() > 0 && (rung > 1 || rung == halving.rungs().size())
        ? Judged.FIGURES_AND_FORM
        : Judged.FIGURES;
  }

  private CandidateWork work(Candidate candidate, int rounds, Judged judged) {
    UnlearnPlan.Rounds own = plan.unlearning().get(candidate.name());
    return new CandidateWork(candidate, own.settings().withRounds(rounds), judged);
  }

  /** As many as Spark runs and the memory of this process holds; at least one. */
  private int candidatesAtOnce() {
    if (!context.job().spark().isLocal()) {
      // Executors hold one candidate each, as they hold one worker.
      return Integer.MAX_VALUE;
    }
    MemoryBudget.Model model = MemoryBudget.Model.of(context.artifacts().givenModel());
    return MemoryBudget.candidatesAtOnce(
        context.plan(), plan.first().adapter(), plan.first().settings(), model);
  }

  /** Rounds of all candidates together. */
  private long budget(CandidateStage stage, TrainingSettings whole, int atOnce) {
    long round = LocalTraining.examples(whole, 1, context.plan().workers());
    if (plan.examples().isPresent()) {
      return plan.examples().getAsLong() / round;
    }
    int slots = Math.min(atOnce, context.job().spark().defaultParallelism());
    double seconds = 60 * plan.minutes().orElseThrow() * slots;
    long affordable = (long) (seconds * pace(stage).examplesPerSecond() / round);
    return Math.max(
        affordable, Halving.leastRounds(plan.candidates().size(), plan.factor(), whole.rounds()));
  }

  private Pace pace(CandidateStage stage) {
    Path file = new Path(directory.root(), PACE);
    if (!Documents.exists(directory.fileSystem(), file)) {
      long start = System.nanoTime();
      CandidateResult first =
          stage.run(List.of(work(plan.candidates().get(0), 1, Judged.FIGURES)), 1).get(0);
      double seconds = (System.nanoTime() - start) * 1e-9;
      Documents.write(
          directory.fileSystem(), file, new Pace(1, Math.max(1, first.examples()) / seconds));
    }
    return Documents.read(directory.fileSystem(), file, Pace.class);
  }

  private void write(List<CandidateResult> all, CandidateOrder order) {
    CandidateResult best = all.get(0);
    MonitorReading initial =
        all.stream().flatMap(one -> one.initial().stream()).findFirst().orElseThrow(this::failed);
    String metric = plan.stop().target().metrics().get(0).key();
    List<String> chosen = plan.overrides().get(best.candidate().name());
    TuningResult result =
        new TuningResult(
            TuningResult.FORMAT,
            best.candidate().name(),
            reason(best, order),
            chosen,
            order.rounds(),
            metric,
            initial.forget().figure(plan.stop().target().metrics().get(0)),
            initial.unseen().figure(plan.stop().target().metrics().get(0)),
            plan.stop().target().margin(),
            plan.formTolerance(),
            all);
    new TuningReport(directory.fileSystem(), directory.root()).write(result);
    Documents.write(directory.fileSystem(), new Path(directory.root(), TuningResult.FILE), result);
  }

  private RuntimeException failed() {
    return RunErrors.noCandidate(plan.candidates().size());
  }

  private static String reason(CandidateResult best, CandidateOrder order) {
    CandidateOrder.Standing standing = order.standing(best);
    return best.retainRise()
            .map(
                rise ->
                    String.format(
                        Locale.ROOT,
                        "%s after %d rounds, retain loss %+.4f nats",
                        standing.words(),
                        best.trained(),
                        rise))
            .orElse(standing.words())
        + best.form().map(form -> ", " + form.words()).orElse("");
  }
}
