package org.lethe.jobs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.EvaluationStage;
import org.lethe.corpus.EvaluationRows;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.evaluation.EvaluationSummary;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.RougeL;
import org.lethe.evaluation.RougeL.Stemming;
import org.lethe.run.Documents;
import picocli.CommandLine.Command;

/**
 * Computes the figures of a run again from rows.parquet, without a model, as an auditor would:
 * means from the rows' figures, and ROUGE-L from the rows' texts.
 */
@Command(
    name = "score",
    description = "Computes all figures again from rows.parquet, without a model, and compares.",
    mixinStandardHelpOptions = true)
final class ScoreCommand extends LetheCommand {
  private static final double TOLERANCE = 1e-9;

  @Override
  String name() {
    return "score";
  }

  @Override
  void bind(ConfigurationReader reader) {
    // Everything that is needed stands in the run directory.
  }

  @Override
  int workers() {
    return 1;
  }

  @Override
  Outcome execute(JobContext context) {
    SortedMap<String, Double> all = new TreeMap<>();
    Map<String, SortedMap<String, Double>> byTime = new TreeMap<>();
    for (String when : List.of("before", "after")) {
      SortedMap<String, Double> figures = score(context, when);
      byTime.put(when, figures);
      figures.forEach((name, value) -> all.put(when + "." + name, value));
    }
    BeforeAfterTable.lines(byTime.get("before"), byTime.get("after"))
        .forEach(context.terminal()::line);
    return new Outcome(
        "score done: " + all.size() + " figures are what the rows say", all, new TreeMap<>());
  }

  private static SortedMap<String, Double> score(JobContext context, String when) {
    Path folder = context.directory().evaluation(when);
    Path file = new Path(folder, EvaluationStage.SUMMARY);
    EvaluationSummary told =
        EvaluationSummary.fromJson(Documents.read(context.directory().fileSystem(), file));
    List<EvaluationRow> rows =
        EvaluationRows.read(
            new Path(folder, EvaluationStage.ROWS), context.spark().hadoopConfiguration());
    Map<String, Figure> found = EvaluationSummary.of(rows, told.seed()).figures();
    List<String> differing = new ArrayList<>();
    told.figures()
        .forEach((name, figure) -> compare(name, figure.mean(), mean(found, name), differing));
    for (String set : told.sets().keySet()) {
      double[] recalls =
          rows.stream()
              .filter(row -> row.set().equals(set) && row.generated().isPresent())
              .mapToDouble(ScoreCommand::recall)
              .toArray();
      String name = set + ".rouge-l-recall";
      if (recalls.length > 0) {
        double mean = Arrays.stream(recalls).average().orElseThrow();
        compare(name + " from texts", mean(told.figures(), name), mean, differing);
      }
    }
    if (!differing.isEmpty()) {
      throw RunErrors.unreadableDocument(
          file.toString(), "its rows say otherwise: " + String.join("; ", differing));
    }
    SortedMap<String, Double> figures = new TreeMap<>();
    found.forEach((name, figure) -> figures.put(name, figure.mean()));
    return figures;
  }

  private static double recall(EvaluationRow row) {
    return RougeL.score(row.expected(), row.generated().orElseThrow(), Stemming.PORTER).recall();
  }

  private static double mean(Map<String, Figure> figures, String name) {
    return figures.containsKey(name) ? figures.get(name).mean() : Double.NaN;
  }

  private static void compare(String name, double told, double found, List<String> differing) {
    if (!(Math.abs(told - found) <= TOLERANCE * Math.max(1, Math.abs(told)))) {
      differing.add(String.format(Locale.ROOT, "%s is %.6g, not %.6g", name, found, told));
    }
  }
}
