package org.lethe.jobs.command;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lethe.error.LetheException;
import org.lethe.jobs.config.Configuration;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.ModelSettings;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.StartingAdapter;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.stage.JobContext;
import org.lethe.jobs.stage.Versions;
import org.lethe.jobs.study.BenchmarkSource;
import org.lethe.jobs.study.Study;
import org.lethe.jobs.study.StudyPlan;
import org.lethe.report.StudyDocument;
import org.lethe.report.StudyDocument.BenchmarkResult;
import org.lethe.report.StudyReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares unlearning methods on published benchmarks. */
@Command(
    name = "benchmark",
    description =
        "Compares the methods of lethe.benchmark.methods on a benchmark (tofu, lume, muse) or on"
            + " all that have data.",
    mixinStandardHelpOptions = true)
final class BenchmarkCommand extends LetheCommand {
  private static final String ALL = "all";

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "One of ${COMPLETION-CANDIDATES}; all: every one whose data is configured.")
  private String chosen = "";

  /** Names of benchmarks, for the help text. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return BenchmarkSource.names().iterator();
    }
  }

  private int workers = 1;
  private List<StudyPlan> plans = List.of();

  @Override
  String name() {
    return "benchmark";
  }

  @Override
  void bind(ConfigurationReader reader) {
    workers =
        Math.max(
            reader.integer("lethe.unlearn.workers", 1, 100_000),
            reader.integer("lethe.evaluate.workers", 1, 100_000));
    ModelSettings.read(reader);
    StartingAdapter.requireNone(reader, "benchmarks train their own targets from the model");
  }

  @Override
  void check(Configuration configuration) {
    List<String> names =
        chosen.equals(ALL) ? BenchmarkSource.configured(configuration) : List.of(chosen);
    if (names.isEmpty()) {
      throw Problems.failure("no benchmark has data: set lethe.benchmark.tofu.data or another");
    }
    List<StudyPlan> checked = new ArrayList<>();
    for (String name : names) {
      checked.add(StudyPlan.of(name, configuration));
    }
    plans = List.copyOf(checked);
  }

  @Override
  void checkInputs(org.apache.hadoop.conf.Configuration hadoop) {
    for (StudyPlan plan : plans) {
      InputChecks.checkFiles(plan.source().files(hadoop), hadoop);
    }
  }

  @Override
  int workers() {
    return workers;
  }

  @Override
  Outcome execute(JobContext context) {
    List<BenchmarkResult> results = new ArrayList<>();
    StudyReport report = new StudyReport(context.directory());
    LetheException failure = null;
    for (StudyPlan plan : plans) {
      try {
        results.add(
            new Study(context, plan)
                .run(partial -> report.write(document(context, with(results, partial)))));
      } catch (LetheException e) {
        if (plans.size() == 1) {
          throw e;
        }
        // The other benchmarks of 'all' are still worth their hours.
        context.terminal().err().println(plan.name() + " failed: " + e.getMessage());
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    StudyDocument document = document(context, results);
    report.write(document);
    report.summary(document).forEach(context.terminal()::line);
    SortedMap<String, String> paths = new TreeMap<>();
    StudyReport.FILES.forEach(file -> paths.put(file, file));
    return new Outcome(
        "benchmark done: " + context.directory() + "/" + StudyReport.PAGE,
        document.headlines(),
        paths);
  }

  private static List<BenchmarkResult> with(List<BenchmarkResult> done, BenchmarkResult partial) {
    List<BenchmarkResult> all = new ArrayList<>(done);
    all.add(partial);
    return all;
  }

  private static StudyDocument document(JobContext context, List<BenchmarkResult> results) {
    return new StudyDocument(StudyDocument.FORMAT, context.runId(), Versions.all(), results);
  }
}
