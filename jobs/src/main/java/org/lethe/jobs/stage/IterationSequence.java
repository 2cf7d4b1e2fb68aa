package org.lethe.jobs.stage;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.reveal.RevealPlan;
import org.lethe.cluster.reveal.RevealReport;
import org.lethe.cluster.reveal.RevealReport.CardReport;
import org.lethe.cluster.reveal.RevealedCorpus;
import org.lethe.corpus.input.CorpusSet;
import org.lethe.error.EvaluationErrors;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.jobs.config.AdapterBinding;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.RevealKeys;
import org.lethe.jobs.config.RunPlan;
import org.lethe.jobs.config.Stage;
import org.lethe.reveal.search.IterationStop;
import org.lethe.reveal.search.IterationStop.Figures;
import org.lethe.reveal.search.IterationStop.Reason;
import org.lethe.run.Documents;
import org.lethe.run.Iterations;
import org.lethe.run.Iterations.Line;
import org.lethe.run.PhaseHook;
import org.lethe.run.RunDirectory;

/**
 * A run that reveals and unlearns several times. Each iteration is a run of its own below {@code
 * iterations/N}: it reveals what the model of the iteration before still knows, and unlearns that.
 * Every iteration is scored on the facts held out in the first one, so that figures can be
 * compared. The last iteration within the retain budget goes through the gates of the run. A second
 * start skips finished iterations.
 */
public final class IterationSequence {
  private static final List<Stage> OF_ITERATION =
      List.of(Stage.REVEAL, Stage.SHARD, Stage.UNLEARN, Stage.EVALUATE);
  private static final String RECITED = "forget.rouge-l-recall";
  private static final String RETAIN_LOSS = "retain.loss";

  private final JobContext context;
  private final RunPlan plan;
  private final RevealKeys keys;
  private final List<URI> userRetain;
  private final List<Line> lines = new ArrayList<>();
  private final List<Figures> figures = new ArrayList<>();
  private RunDirectory kept;

  public IterationSequence(JobContext context, RunPlan plan) {
    this.context = context;
    this.plan = plan;
    this.keys = plan.reveal().orElseThrow();
    this.userRetain = plan.revealed().orElseThrow().userRetain();
    this.kept = directory(1);
  }

  /** Whether a run has several iterations. */
  public static boolean isConfigured(RunPlan plan) {
    return plan.reveal().filter(keys -> keys.iterations().iterations() > 1).isPresent();
  }

  /** Reports problems with the configuration of a run of several iterations. */
  public static void check(ConfigurationReader reader, List<Stage> stages) {
    List<Stage> needed =
        List.of(Stage.REVEAL, Stage.SHARD, Stage.UNLEARN, Stage.EVALUATE, Stage.RELEASE);
    if (!stages.equals(needed)) {
      reader.problem(
          "lethe.reveal.iterations",
          "1 but for the pipeline with the stages reveal, shard, unlearn, evaluate and release,"
              + " since each iteration begins with the model of the one before");
    }
    AdapterBinding.requireWholeWeights(
        reader, "the next of lethe.reveal.iterations begins with whole weights");
  }

  /** The given model and the best candidate so far, with their figures. */
  public RunArtifacts artifacts() {
    return new RunArtifacts(context, plan, directory(1), directory(1), kept);
  }

  /** Runs the missing iterations, then the release. */
  public void run() {
    URI model = plan.model().uri();
    double original = 0;
    for (int number = 1; ; number++) {
      context
          .terminal()
          .line(
              String.format(
                  Locale.ROOT,
                  "Iteration %d of at most %d",
                  number,
                  keys.iterations().iterations()));
      Optional<RunArtifacts> done = iterate(number, model);
      if (done.isEmpty()) {
        write(Optional.of(Reason.NOTHING_REVEALED));
        break;
      }
      if (number == 1) {
        original = retainLoss(done.get().figures("before"));
      }
      figures.add(figures(done.get()));
      lines.add(line(number, done.get()));
      Optional<Reason> reason = IterationStop.decide(original, figures, keys.iterations());
      if (number == 1 || !reason.equals(Optional.of(Reason.RETAIN_BUDGET))) {
        kept = directory(number);
      }
      PhaseHook.reached("iteration:done");
      write(reason);
      if (reason.isPresent()) {
        break;
      }
      model = done.get().candidateModel().toUri();
    }
    new RunStages(context, plan, artifacts()).run(Stage.RELEASE);
  }

  private RunDirectory directory(int number) {
    return IterationFolders.of(context.directory(), number);
  }

  /** Runs one iteration; empty if there was nothing left to reveal. */
  private Optional<RunArtifacts> iterate(int number, URI model) {
    RunDirectory directory = directory(number);
    Configuration configuration =
        context.configuration().with(List.of(), overrides(number, model, directory));
    ConfigurationReader reader = configuration.reader();
    RunPlan own = RunPlan.read(reader, OF_ITERATION);
    reader.done();
    JobContext inside = context.in(directory).with(configuration);
    RunArtifacts artifacts = new RunArtifacts(inside, own, directory, directory(1), directory);
    RunStages work = new RunStages(new StageContext(inside, own, artifacts, earlier(number)));
    work.check(OF_ITERATION);
    try {
      work.run(Stage.REVEAL);
    } catch (LetheException e) {
      if (number > 1 && e.exitClass() == ExitClass.INPUT && revealedNothing(artifacts)) {
        return Optional.empty();
      }
      throw e;
    }
    OF_ITERATION.stream().filter(stage -> stage != Stage.REVEAL).forEach(work::run);
    return Optional.of(artifacts);
  }

  private List<String> overrides(int number, URI model, RunDirectory directory) {
    List<String> overrides = new ArrayList<>();
    overrides.add("lethe.run-dir=" + directory);
    overrides.add("lethe.model.path=" + model);
    if (number > 1) {
      // Retain rows that the first model revealed, since later models know less.
      List<String> retain = new ArrayList<>(userRetain.stream().map(URI::toString).toList());
      retain.add(
          RevealedCorpus.training(directory(1).revealed(), CorpusSet.RETAIN).toUri().toString());
      overrides.add("lethe.corpus.retain=" + ConfigurationReader.rendered(retain));
      int first = keys.settings().budget().pulls();
      int pulls = Math.min(first, keys.pullsAgain());
      long initial = (long) keys.settings().search().initialPulls() * pulls / first;
      overrides.add("lethe.reveal.search.pulls=" + pulls);
      overrides.add("lethe.reveal.search.initial-pulls=" + Math.max(1, initial));
    }
    return overrides;
  }

  private EarlierReveals earlier(int number) {
    SortedMap<String, RevealPlan.Earlier> earlier = new TreeMap<>();
    // Arms and bounds are those of the first iteration; the others only add their prompts.
    for (int before = 1; before < number; before++) {
      RevealReport report = report(directory(before));
      Stream.concat(report.cards().stream(), report.neighbours().stream())
          .forEach(
              card ->
                  earlier.merge(
                      card.card(),
                      new RevealPlan.Earlier(card.best(), card.heldOutBelow(), card.prompts()),
                      RevealPlan.Earlier::followedBy));
    }
    return new EarlierReveals(earlier, number == 1 ? "" : "again-" + number + ".");
  }

  private RevealReport report(RunDirectory directory) {
    return Documents.read(
        directory.fileSystem(),
        new Path(directory.revealed(), RevealReport.FILE),
        RevealReport.class);
  }

  private static boolean revealedNothing(RunArtifacts artifacts) {
    Path report = new Path(artifacts.directory().revealed(), RevealReport.FILE);
    return Documents.exists(artifacts.directory().fileSystem(), report)
        && artifacts.revealReport().cards().stream().mapToInt(CardReport::rows).sum() == 0;
  }

  private Figures figures(RunArtifacts artifacts) {
    EvaluationFigures after = artifacts.figures("after");
    return new Figures(
        report(artifacts.directory()).cards().stream().mapToInt(CardReport::rows).sum(),
        // Without a value, nothing shows that the subject is forgotten.
        after.mean(RECITED).orElse(1.0),
        after.mean("substituted-" + RECITED).orElse(0.0),
        retainLoss(after));
  }

  /** The retain loss decides whether an iteration kept enough, so it must have a value. */
  private static double retainLoss(EvaluationFigures figures) {
    return figures
        .mean(RETAIN_LOSS)
        .orElseThrow(
            () ->
                EvaluationErrors.notMeasured(
                    RETAIN_LOSS, "lethe.reveal.again.retain-rise", figures.reason(RETAIN_LOSS)));
  }

  private Line line(int number, RunArtifacts artifacts) {
    RevealReport report = report(artifacts.directory());
    SortedMap<String, Integer> dropped = new TreeMap<>();
    report
        .cards()
        .forEach(
            card ->
                card.filters().dropped().forEach((why, n) -> dropped.merge(why, n, Integer::sum)));
    return new Line(
        number,
        context.directory().relative(artifacts.directory().root()),
        report.cards().stream().mapToLong(CardReport::prompts).sum(),
        report.cards().stream().mapToInt(CardReport::rows).sum(),
        dropped,
        artifacts.figures("after").means());
  }

  private void write(Optional<Reason> reason) {
    Documents.write(
        context.directory().fileSystem(),
        path(),
        new Iterations(
            Iterations.FORMAT,
            artifacts().figures("before").means(),
            lines,
            context.directory().relative(kept.root()),
            reason.map(Reason::name).orElse("")));
  }

  private Path path() {
    return new Path(context.directory().root(), Iterations.FILE);
  }
}
