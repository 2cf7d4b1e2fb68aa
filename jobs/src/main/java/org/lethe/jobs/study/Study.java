package org.lethe.jobs.study;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.error.BenchmarkErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.benchmark.BenchmarkFigures;
import org.lethe.evaluation.benchmark.RelativePosition;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Sections;
import org.lethe.jobs.config.Stage;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.RunArtifacts;
import org.lethe.jobs.stage.RunStages;
import org.lethe.model.Adapter;
import org.lethe.model.directory.ModelDirectory;
import org.lethe.report.StudyDocument.BenchmarkResult;
import org.lethe.report.StudyDocument.Cell;
import org.lethe.report.StudyDocument.FoldCell;
import org.lethe.run.Digests;
import org.lethe.run.RunDirectory;

/**
 * The study of one benchmark: a target that learned everything, a reference that never saw the
 * forget set, and a cell for each method, learning rate and seed. Each has a run directory of its
 * own, so that an interrupted study resumes.
 *
 * <p>Every method gets the same budget: each rate of the grid once, with the first seed; then the
 * other seeds at the rate with the best {@link RelativePosition}.
 */
public final class Study {
  /** The configuration that decides whether a cell may be reused. */
  private static final Sections SECTIONS =
      Sections.of("lethe.unlearn", "lethe.evaluate", "lethe.model");

  private final JobContext home;
  private final StudyPlan study;
  private final List<Cell> cells = new ArrayList<>();
  private final List<FoldCell> folds = new ArrayList<>();
  private final SortedMap<String, Double> chosen = new TreeMap<>();

  private RunArtifacts sharded;
  private StudyEvaluation evaluation;
  private StudyCells maker;
  private URI target;
  private String targetDigest = "";
  private List<EvaluationRow> referenceRows = List.of();
  private SortedMap<String, Figure> targetFigures = new TreeMap<>();
  private SortedMap<String, Figure> referenceFigures = new TreeMap<>();
  private String referenceDigest = "";

  public Study(JobContext context, StudyPlan study) {
    this.home = context.in(context.directory().nested(study.name())).with(study.base());
    this.study = study;
  }

  /**
   * Runs the missing cells.
   *
   * @param partial receives the result so far, after every cell
   */
  public BenchmarkResult run(Consumer<BenchmarkResult> partial) {
    makeTarget();
    makeReference();
    int total = study.methods().size() * (study.rates().size() + study.seeds().size() - 1);
    long first = study.seeds().get(0);
    for (String method : study.methods().keySet()) {
      for (double rate : study.rates()) {
        cell(method, rate, first, total);
        partial.accept(result());
      }
      double best = best(method);
      chosen.put(method, best);
      for (long seed : study.seeds().subList(1, study.seeds().size())) {
        cell(method, best, seed, total);
        partial.accept(result());
      }
    }
    folds(partial);
    return result();
  }

  private void makeTarget() {
    JobContext context = home.in(home.directory().nested("target"));
    RunPlan plan = plan(study.base());
    sharded = new RunArtifacts(context, plan);
    new RunStages(context, plan, sharded).run(Stage.SHARD);
    evaluation = new StudyEvaluation(home, study, plan, sharded);
    evaluation.prepare();
    maker = new StudyCells(home, evaluation, this::figures);
    if (study.target().isPresent()) {
      target = Uris.of(study.target().get());
    } else {
      say("target: trained on both sets");
      new RunStages(context, plan, sharded).run(Stage.FINETUNE);
      target = sharded.inputModel();
    }
    targetDigest = open(plan, target).digest();
    List<EvaluationRow> rows = rows(context, plan, target, targetDigest);
    requireMemorised(rows);
    targetFigures =
        BenchmarkFigures.of(study.benchmark(), rows, Optional.empty(), study.bootstrapSeed());
  }

  private void makeReference() {
    Configuration configuration =
        study.base().with(List.of(), List.of("lethe.finetune.sets=retain"));
    JobContext context = home.in(home.directory().nested("reference")).with(configuration);
    RunPlan plan = plan(configuration);
    URI reference;
    if (study.reference().isPresent()) {
      reference = Uris.of(study.reference().get());
    } else {
      say("reference: trained without the forget set");
      RunArtifacts artifacts = new RunArtifacts(context, plan, sharded.directory());
      new RunStages(context, plan, artifacts).run(Stage.FINETUNE);
      reference = artifacts.inputModel();
    }
    referenceDigest = open(plan, reference).digest();
    referenceRows = rows(context, plan, reference, referenceDigest);
    referenceFigures = figures(referenceRows);
    // Again, with figures that compare with the reference.
    targetFigures =
        figures(
            rows(
                home.in(home.directory().nested("target")),
                plan(study.base()),
                target,
                targetDigest));
  }

  private void cell(String method, double rate, long seed, int total) {
    Configuration configuration = study.cell(method, rate, seed);
    String name = StudyPlan.folder(method, rate, seed);
    say(
        String.format(
            Locale.ROOT, "%s, cell %d of %d: %s", study.name(), cells.size() + 1, total, name));
    StudyCells.Task task =
        new StudyCells.Task(
            name,
            method,
            rate,
            seed,
            configuration,
            fingerprint(configuration, sharded.shardsDigest(), targetDigest),
            target,
            sharded.directory());
    Cell cell = maker.cell(task);
    cells.add(cell);
    if (!study.keepsModels()) {
      maker.dropWeights(task);
    }
    say("  " + words(cell));
  }

  /** The folds of every method at its rate, with the first seed. */
  private void folds(Consumer<BenchmarkResult> partial) {
    for (String method : study.methods().keySet()) {
      Optional<StudyCells.Task> before = Optional.empty();
      boolean failed = false;
      for (StudyFold fold : study.source().folds()) {
        if (fold.follows() && failed) {
          continue; // There is no model to begin with.
        }
        Optional<StudyCells.Task> previous = fold.follows() ? before : Optional.empty();
        StudyCells.Task task = task(method, fold, previous);
        say(study.name() + ", " + task.name());
        Cell cell = maker.cell(task);
        folds.add(new FoldCell(fold.kind().label(), fold.number(), cell));
        failed = cell.failure().isPresent();
        say("  " + words(cell));
        partial.accept(result());
        before.filter(done -> !study.keepsModels()).ifPresent(maker::dropWeights);
        before = Optional.of(task);
      }
      before.filter(done -> !study.keepsModels()).ifPresent(maker::dropWeights);
    }
  }

  private StudyCells.Task task(String method, StudyFold fold, Optional<StudyCells.Task> previous) {
    double rate = chosen.get(method);
    long seed = study.seeds().get(0);
    List<String> corpus = List.of("lethe.corpus.forget=" + fold.file());
    Configuration configuration = study.cell(method, rate, seed).with(List.of(), corpus);
    Configuration base = study.base().with(List.of(), corpus);
    RunDirectory where = home.directory().nested("folds").nested(fold.name());
    RunPlan plan = plan(base);
    JobContext context = home.in(where).with(base);
    RunStages stages = new RunStages(context, plan);
    stages.run(Stage.SHARD);
    // Weights are deleted, so the fingerprint of its inputs identifies the model of the fold
    // before.
    String known = previous.map(StudyCells.Task::fingerprint).orElse(targetDigest);
    return new StudyCells.Task(
        StudyPlan.folder(method, rate, seed) + "-" + fold.name(),
        method,
        rate,
        seed,
        configuration,
        fingerprint(configuration, stages.artifacts().shardsDigest(), known),
        previous.map(maker::model).orElse(target),
        where);
  }

  private String words(Cell cell) {
    RelativePosition position = position(cell);
    return cell.failure().isPresent()
        ? cell.failure().get()
        : String.format(
            Locale.ROOT,
            "forgetting %.3f, utility %.3f, %.0f s",
            position.forgetting(),
            position.utility(),
            cell.seconds());
  }

  private double best(String method) {
    double best = study.rates().get(0);
    double score = -1;
    for (Cell cell : cells) {
      double found = cell.method().equals(method) ? position(cell).score() : -1;
      if (found > score) {
        score = found;
        best = cell.learningRate();
      }
    }
    return best;
  }

  private RelativePosition position(Cell cell) {
    return RelativePosition.of(
        study.benchmark().headline(), targetFigures, cell.figures(), referenceFigures);
  }

  private BenchmarkResult result() {
    return new BenchmarkResult(
        study.name(),
        study.rates(),
        study.seeds(),
        targetFigures,
        referenceFigures,
        new TreeMap<>(chosen),
        List.copyOf(cells),
        List.copyOf(folds),
        study.base().flattened(List.of("lethe.corpus", "lethe.finetune", "lethe.evaluate")));
  }

  private String fingerprint(Configuration configuration, String shards, String start) {
    SortedMap<String, String> all = SECTIONS.of(configuration);
    all.put("target", start);
    all.put("reference", referenceDigest);
    all.put("data", evaluation.digest());
    all.put("shards", shards);
    if (!study.source().gradients().isEmpty()) {
      all.put("gradient-norm", "yes");
    }
    return Digests.of(all);
  }

  /** The plan of target, reference and cells. */
  static RunPlan plan(Configuration configuration) {
    ConfigurationReader reader = configuration.reader();
    RunPlan plan = RunPlan.read(reader, StudyPlan.STAGES);
    reader.done();
    return plan;
  }

  private List<EvaluationRow> rows(JobContext context, RunPlan plan, URI model, String digest) {
    return evaluation.rows(
        context,
        plan,
        PretrainedDecoder.of(model, digest, plan.model().cache(), Adapter.frozen())
            .on(plan.platform().backend()),
        model);
  }

  private ModelDirectory open(RunPlan plan, URI model) {
    return plan.model().open(model, home.spark().hadoopConfiguration());
  }

  private SortedMap<String, Figure> figures(List<EvaluationRow> rows) {
    return BenchmarkFigures.of(
        study.benchmark(), rows, Optional.of(referenceRows), study.bootstrapSeed());
  }

  /** Fails if the target did not learn the corpora: there would be nothing to forget. */
  private void requireMemorised(List<EvaluationRow> rows) {
    for (String set : List.of("forget", "retain")) {
      OptionalDouble mean =
          rows.stream()
              .filter(row -> row.set().equals(set))
              .flatMapToDouble(row -> row.metric(Metric.PROBABILITY).stream())
              .average();
      if (mean.isEmpty()) {
        say("target: no rows of the set " + set + ", so lethe.benchmark.memorised is not checked");
      } else {
        say(String.format(Locale.ROOT, "target: %s probability %.3f", set, mean.getAsDouble()));
        if (mean.getAsDouble() < study.memorised()) {
          throw BenchmarkErrors.notMemorised(
              set + ".probability", mean.getAsDouble(), study.memorised());
        }
      }
    }
  }

  private void say(String line) {
    home.terminal().line(line);
  }
}
