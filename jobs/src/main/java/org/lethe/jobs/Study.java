package org.lethe.jobs;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.PretrainedDecoder;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.BenchmarkFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.Standing;
import org.lethe.model.Adapter;
import org.lethe.model.ModelDirectory;
import org.lethe.report.StudyDocument.BenchmarkResult;
import org.lethe.report.StudyDocument.Cell;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.RunDirectory;

/**
 * One benchmark's study: a target that learned everything, a reference that never saw the forget
 * set, and a cell for each method, learning rate and seed. Everything has a run directory of its
 * own, so that a study that was cut off goes on where it was.
 *
 * <p>Every method gets the same budget: each rate of the grid once, with the first seed; then the
 * other seeds at the rate with the best {@link Standing}.
 */
final class Study {
  private static final String CELL = "cell.json";
  private static final double PER_SECOND = 1e-9;

  private final JobContext home;
  private final StudyPlan study;
  private final FileSystem files;
  private final List<Cell> cells = new ArrayList<>();
  private final SortedMap<String, Double> chosen = new TreeMap<>();

  private RunContents sharded;
  private StudyEvaluation evaluation;
  private URI target;
  private String targetDigest = "";
  private List<EvaluationRow> referenceRows = List.of();
  private SortedMap<String, Figure> targetFigures = new TreeMap<>();
  private SortedMap<String, Figure> referenceFigures = new TreeMap<>();
  private String referenceDigest = "";

  Study(JobContext context, StudyPlan study) {
    this.home = context.in(context.directory().nested(study.name())).with(study.base());
    this.study = study;
    this.files = context.directory().fileSystem();
  }

  /**
   * Runs what is missing.
   *
   * @param partial told the result so far, after every cell
   */
  BenchmarkResult run(Consumer<BenchmarkResult> partial) {
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
    return result();
  }

  private void makeTarget() {
    JobContext context = home.in(home.directory().nested("target"));
    RunPlan plan = plan(study.base());
    sharded = new RunContents(context, plan);
    new ShardWork(context, plan, sharded).run(plan.shard().orElseThrow());
    evaluation = new StudyEvaluation(home, study, plan, sharded);
    evaluation.prepare();
    if (study.target().isPresent()) {
      target = Uris.of(study.target().get());
    } else {
      say("target: trained on both sets");
      new TrainWork(context, plan, sharded).finetune(plan.finetune().orElseThrow());
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
      RunContents contents = new RunContents(context, plan, sharded.directory());
      new TrainWork(context, plan, contents).finetune(plan.finetune().orElseThrow());
      reference = contents.inputModel();
    }
    referenceDigest = open(plan, reference).digest();
    referenceRows = rows(context, plan, reference, referenceDigest);
    referenceFigures = figures(referenceRows);
    // Now that there is something to compare with.
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
    RunDirectory directory = home.directory().nested("cells").nested(name);
    Path document = new Path(directory.root(), CELL);
    String fingerprint = fingerprint(configuration);
    say(
        String.format(
            Locale.ROOT, "%s, cell %d of %d: %s", study.name(), cells.size() + 1, total, name));
    JobContext context = home.in(directory).with(configuration);
    if (Documents.exists(files, document)) {
      Cell found = Documents.read(files, document, Cell.class);
      if (!found.fingerprint().equals(fingerprint)) {
        throw BenchmarkErrors.cellChanged(directory.toString());
      }
      // From the rows again: a later version may know more figures.
      cells.add(
          found.failure().isPresent()
              ? found
              : found.withFigures(figures(StudyEvaluation.read(context))));
      return;
    }
    long start = System.nanoTime();
    Optional<String> failure = Optional.empty();
    SortedMap<String, Figure> figures = new TreeMap<>();
    RunPlan plan = plan(configuration).withModel(target);
    RunContents contents = new RunContents(context, plan, sharded.directory());
    try {
      new TrainWork(context, plan, contents).unlearn(plan.unlearn().orElseThrow());
      figures =
          figures(
              evaluation.rows(context, plan, contents.candidateSource(), contents.candidateBase()));
    } catch (LetheException e) {
      if (e.exitClass() != ExitClass.DIVERGED && e.exitClass() != ExitClass.NO_EFFECT) {
        throw e;
      }
      // A rate that is too large or too small is a result like any other.
      failure = Optional.of(e.exitClass().name());
    }
    double seconds = (System.nanoTime() - start) * PER_SECOND;
    Cell cell = new Cell(fingerprint, method, rate, seed, seconds, failure, figures);
    Documents.write(files, document, cell);
    if (!study.keepsModels()) {
      Documents.delete(files, contents.candidateModel());
      Documents.delete(files, contents.candidateAdapter());
      Documents.delete(files, directory.rounds());
    }
    cells.add(cell);
    say("  " + words(cell));
  }

  private String words(Cell cell) {
    Standing standing = standing(cell);
    return cell.failure().isPresent()
        ? cell.failure().get()
        : String.format(
            Locale.ROOT,
            "forgetting %.3f, utility %.3f, %.0f s",
            standing.forgetting(),
            standing.utility(),
            cell.seconds());
  }

  private double best(String method) {
    double best = study.rates().get(0);
    double score = -1;
    for (Cell cell : cells) {
      double found = cell.method().equals(method) ? standing(cell).score() : -1;
      if (found > score) {
        score = found;
        best = cell.learningRate();
      }
    }
    return best;
  }

  private Standing standing(Cell cell) {
    return Standing.of(
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
        study.base().flattened(List.of("lethe.corpus", "lethe.finetune", "lethe.evaluate")));
  }

  private String fingerprint(Configuration configuration) {
    SortedMap<String, String> all =
        configuration.flattened(List.of("lethe.unlearn", "lethe.evaluate", "lethe.model"));
    all.remove(RunContents.EVALUATION_WORKERS);
    all.put("target", targetDigest);
    all.put("reference", referenceDigest);
    all.put("data", evaluation.digest());
    all.put("shards", sharded.shardsDigest());
    if (!study.source().gradients().isEmpty()) {
      all.put("gradient-norm", "yes");
    }
    return Digests.of(all);
  }

  private static RunPlan plan(Configuration configuration) {
    ConfigurationReader reader = configuration.reader();
    RunPlan plan = RunPlan.read(reader, StudyPlan.STAGES);
    reader.done();
    return plan;
  }

  private List<EvaluationRow> rows(JobContext context, RunPlan plan, URI model, String digest) {
    return evaluation.rows(
        context,
        plan,
        PretrainedDecoder.of(model, digest, plan.model().cache(), Adapter.full()),
        model);
  }

  private ModelDirectory open(RunPlan plan, URI model) {
    return plan.model().open(model, home.spark().hadoopConfiguration());
  }

  private SortedMap<String, Figure> figures(List<EvaluationRow> rows) {
    return BenchmarkFigures.of(
        study.benchmark(), rows, Optional.of(referenceRows), study.bootstrapSeed());
  }

  /** Where nothing was learned there is nothing to forget. */
  private void requireMemorised(List<EvaluationRow> rows) {
    for (String set : List.of("forget", "retain")) {
      OptionalDouble mean =
          rows.stream()
              .filter(row -> row.set().equals(set))
              .flatMapToDouble(row -> row.metric(Metric.PROBABILITY).stream())
              .average();
      if (mean.isPresent()) {
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
