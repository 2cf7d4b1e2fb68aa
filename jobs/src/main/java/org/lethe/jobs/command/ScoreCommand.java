package org.lethe.jobs.command;

import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.evaluation.EvaluationStage;
import org.lethe.corpus.EvaluationRows;
import org.lethe.corpus.benchmark.BenchmarkRows;
import org.lethe.error.BenchmarkErrors;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationFigures;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.RecomputedRow;
import org.lethe.evaluation.benchmark.Benchmark;
import org.lethe.evaluation.benchmark.BenchmarkFigures;
import org.lethe.evaluation.benchmark.Benchmarks;
import org.lethe.evaluation.benchmark.Samples;
import org.lethe.jobs.config.ConfigurationReader;
import org.lethe.jobs.config.Problems;
import org.lethe.jobs.config.Uris;
import org.lethe.jobs.console.BeforeAfterTable;
import org.lethe.jobs.console.Outcome;
import org.lethe.jobs.stage.JobContext;
import org.lethe.run.Documents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Computes figures again from rows, without a model, as an auditor would: those of a run, from its
 * rows.parquet and compared with its summary; or those of a benchmark, from any file of rows.
 */
@Command(
    name = "score",
    description = {
      "Computes all figures again from rows, without a model: those of a run (--run-dir), and"
          + " compares; or those of a benchmark (--benchmark, --rows)."
    },
    mixinStandardHelpOptions = true)
final class ScoreCommand extends LetheCommand {
  private static final double TOLERANCE = 1e-9;
  private static final long SEED = 42;

  /** Names of benchmarks, for the help text. */
  static final class BenchmarkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Benchmarks.names().iterator();
    }
  }

  @Option(
      names = "--benchmark",
      paramLabel = "NAME",
      completionCandidates = BenchmarkNames.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String benchmark = "";

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description =
          "rows.parquet, the same as JSON Lines, a log of TOFU's original repository, or SemEval's"
              + " result rows (JSON Lines or CSV); may be given more than once.")
  private List<String> rows = new ArrayList<>();

  @Option(
      names = "--reference-rows",
      paramLabel = "FILE",
      description = "The same of a model that never saw the forget set.")
  private List<String> referenceRows = new ArrayList<>();

  @Override
  String name() {
    return "score";
  }

  @Override
  void bind(ConfigurationReader reader) {
    // Everything that the command needs is in the run directory.
  }

  @Override
  int workers() {
    return 1;
  }

  @Override
  boolean claimsRun() {
    return false;
  }

  @Override
  Optional<Supplier<List<String>>> withoutRun() {
    if (benchmark.isEmpty() && rows.isEmpty() && referenceRows.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(this::scores);
  }

  private List<String> scores() {
    if (benchmark.isEmpty() || rows.isEmpty()) {
      throw Problems.failure(
          "score needs both --benchmark NAME and --rows FILE, or --run-dir alone");
    }
    Benchmark scored = Benchmarks.named(benchmark);
    Configuration hadoop = new Configuration();
    Samples samples = BenchmarkRows.read(scored, uris(rows), uris(referenceRows), hadoop);
    Optional<Samples> reference =
        referenceRows.isEmpty()
            ? Optional.empty()
            : Optional.of(BenchmarkRows.read(scored, uris(referenceRows), hadoop));
    SortedMap<String, Figure> figures = BenchmarkFigures.of(scored, samples, reference, SEED);
    if (figures.isEmpty()) {
      throw BenchmarkErrors.noFigures(benchmark, rows.toString());
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%-40s %-22s %s", "figure", "value", "95 % interval"));
    figures.forEach(
        (name, figure) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%-40s %-22s [%.6g, %.6g]  %d",
                    name,
                    figure.mean(),
                    figure.low(),
                    figure.high(),
                    figure.count())));
    return lines;
  }

  private static List<URI> uris(List<String> files) {
    return files.stream().map(Uris::of).toList();
  }

  @Override
  Outcome execute(JobContext context) {
    SortedMap<String, Double> all = new TreeMap<>();
    Map<String, EvaluationFigures> byTime = new TreeMap<>();
    for (String when : List.of("before", "after")) {
      Path summary = new Path(context.directory().evaluation(when), EvaluationStage.SUMMARY);
      if (when.equals("after") && !Documents.exists(context.directory().fileSystem(), summary)) {
        byTime.put(when, EvaluationFigures.NONE); // The run has not unlearned yet.
        continue;
      }
      EvaluationFigures figures = score(context, when);
      byTime.put(when, figures);
      figures.means().forEach((name, value) -> all.put(when + "." + name, value));
    }
    BeforeAfterTable.lines(byTime.get("before"), byTime.get("after"))
        .forEach(context.terminal()::line);
    return new Outcome(
        "score done: " + all.size() + " figures agree with the rows", all, new TreeMap<>());
  }

  private static EvaluationFigures score(JobContext context, String when) {
    Path folder = context.directory().evaluation(when);
    Path file = new Path(folder, EvaluationStage.SUMMARY);
    EvaluationSummary recorded =
        EvaluationSummary.fromJson(Documents.read(context.directory().fileSystem(), file));
    List<EvaluationRow> rows =
        EvaluationRows.read(
            new Path(folder, EvaluationStage.ROWS), context.spark().hadoopConfiguration());
    EvaluationFigures found =
        EvaluationSummary.of(rows.stream().map(RecomputedRow::of).toList(), recorded.seed())
            .states();
    List<String> differing = new ArrayList<>();
    recorded
        .figures()
        .forEach((name, figure) -> compare(name, figure.mean(), mean(found, name), differing));
    if (!differing.isEmpty()) {
      throw RunErrors.unreadableDocument(
          file.toString(), "its rows say otherwise: " + String.join("; ", differing));
    }
    return found;
  }

  private static double mean(EvaluationFigures figures, String name) {
    return figures.mean(name).orElse(Double.NaN);
  }

  private static void compare(String name, double recorded, double found, List<String> differing) {
    if (!(Math.abs(recorded - found) <= TOLERANCE * Math.max(1, Math.abs(recorded)))) {
      differing.add(String.format(Locale.ROOT, "%s is %.6g, not %.6g", name, found, recorded));
    }
  }
}
