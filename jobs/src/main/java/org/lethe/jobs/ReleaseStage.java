package org.lethe.jobs;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.lethe.cluster.EvaluationRowFiles;
import org.lethe.cluster.EvaluationStage;
import org.lethe.corpus.ShardReport;
import org.lethe.error.LetheException;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.EvaluationRow;
import org.lethe.jobs.EvaluatingStage.When;
import org.lethe.model.Adapter;
import org.lethe.report.Report;
import org.lethe.run.Digests;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord;
import org.lethe.run.ErasureRecord.Decision;
import org.lethe.run.Gate;
import org.lethe.run.GateReport;
import org.lethe.run.Release;
import org.lethe.run.RunDirectory;
import org.lethe.run.Soundness;
import org.lethe.run.StageManifest;

/** Decides on the candidate, puts it where it belongs, and writes record and report. */
final class ReleaseStage {
  private static final Set<String> BOUNDS =
      Set.of("at-most", "at-least", "at-most-share-of-before", "at-least-share-of-before");

  private final List<Gate> gates;
  private final Soundness soundness;
  private final int exampleRows;

  private ReleaseStage(List<Gate> gates, Soundness soundness, int exampleRows) {
    this.gates = gates;
    this.soundness = soundness;
    this.exampleRows = exampleRows;
  }

  static ReleaseStage read(ConfigurationReader reader) {
    List<Gate> gates = new ArrayList<>();
    reader
        .section("lethe.gates")
        .forEach(
            (path, value) -> {
              int dot = path.lastIndexOf('.');
              String figure = dot < 0 ? path : path.substring(0, dot);
              String bound = dot < 0 ? "" : path.substring(dot + 1);
              if (!BOUNDS.contains(bound)) {
                reader.problem(
                    "lethe.gates." + path,
                    "FIGURE.BOUND with a bound of " + String.join(", ", BOUNDS));
              } else {
                gates.add(
                    new Gate(
                        figure,
                        bound(
                            bound,
                            reader.number(
                                "lethe.gates." + path, -Double.MAX_VALUE, Double.MAX_VALUE))));
              }
            });
    return new ReleaseStage(
        gates,
        new Soundness(reader.number("lethe.release.collapse-limit", 0, 1)),
        reader.integer("lethe.release.example-rows", 0, 100));
  }

  private static Gate.Bound bound(String word, double limit) {
    return switch (word) {
      case "at-most" -> new Gate.AtMost(limit);
      case "at-least" -> new Gate.AtLeast(limit);
      case "at-most-share-of-before" -> new Gate.AtMostShareOfBefore(limit);
      default -> new Gate.AtLeastShareOfBefore(limit);
    };
  }

  /**
   * Releases or refuses.
   *
   * @throws LetheException GATE if a gate refused, DIVERGED if the model collapsed, NO_EFFECT if
   *     its weights are those that were given; record and report stand in the first two cases
   */
  Outcome run(JobContext context, ModelSettings model) {
    RunDirectory directory = context.directory();
    Progress progress = context.progress("release");
    ModelSettings.Opened opened = model.open(context.hadoop());
    StageManifest candidate =
        context.stages().required("unlearn", directory.candidate(), "lethe unlearn");
    SortedMap<String, String> inputModel = opened.directory().fileDigests();
    requireEffect(inputModel, candidate);
    Map<String, Double> before = means(context, When.BEFORE);
    Map<String, Double> after = means(context, When.AFTER);
    GateReport report = GateReport.of(gates, before, after);
    Optional<LetheException> collapse = soundness.collapse(before, after);
    Decision decision =
        report.passed() && collapse.isEmpty() ? Decision.RELEASED : Decision.REFUSED;
    Path placed = place(context, opened, decision);
    ErasureRecord record =
        record(context, inputModel, candidate, before, after, report, decision, placed);
    Documents.write(directory.fileSystem(), directory.record(), record);
    Report.write(directory);
    progress.finish(
        decision == Decision.RELEASED
            ? gates.size() + (gates.size() == 1 ? " gate held" : " gates held")
            : "refused");
    FigureTable.print(context.terminal(), record);
    if (collapse.isPresent()) {
      throw collapse.get();
    }
    if (decision == Decision.REFUSED) {
      throw RunErrors.gateRefused(report.refusals(), placed.toString());
    }
    return outcome(directory, placed, after);
  }

  private static Outcome outcome(RunDirectory directory, Path placed, Map<String, Double> after) {
    TreeMap<String, String> paths = new TreeMap<>();
    paths.put("model", directory.relative(placed));
    paths.put("record", directory.relative(directory.record()));
    paths.put("report", directory.relative(directory.report()));
    return new Outcome(
        "Released: "
            + placed.toUri().getPath()
            + "\nReport:   "
            + directory.report().toUri().getPath()
            + "\nRecord:   "
            + directory.record().toUri().getPath(),
        new TreeMap<>(after),
        paths);
  }

  private static void requireEffect(SortedMap<String, String> inputModel, StageManifest candidate) {
    for (Map.Entry<String, String> file : inputModel.entrySet()) {
      String made = candidate.outputs().get("model/" + file.getKey());
      if (file.getKey().equals("model.safetensors") && file.getValue().equals(made)) {
        throw RunErrors.noEffect("the weights have the same digest as before");
      }
    }
  }

  private static Path place(JobContext context, ModelSettings.Opened opened, Decision decision) {
    RunDirectory directory = context.directory();
    Release release = new Release(directory, context.hadoop());
    Path model = TrainingStage.model(directory);
    if (opened.source().adapter() instanceof Adapter.Lora) {
      if (Documents.exists(directory.fileSystem(), model) && decision == Decision.RELEASED) {
        release.place(model, directory.model(), decision);
      }
      return release.place(TrainingStage.adapter(directory), directory.adapter(), decision);
    }
    return release.place(model, directory.model(), decision);
  }

  private static Map<String, Double> means(JobContext context, When when) {
    return EvaluatingStage.summary(context, when).means();
  }

  private ErasureRecord record(
      JobContext context,
      SortedMap<String, String> inputModel,
      StageManifest candidate,
      Map<String, Double> before,
      Map<String, Double> after,
      GateReport report,
      Decision decision,
      Path placed) {
    RunDirectory directory = context.directory();
    StageManifest shards =
        context.stages().required(ShardStage.NAME, directory.shards(), "lethe shard");
    TreeMap<String, String> data = new TreeMap<>(shards.inputs());
    shards.outputs().forEach((name, digest) -> data.put("shards/" + name, digest));
    TreeMap<String, String> code = new TreeMap<>(Versions.all());
    code.put("sha256", Versions.codeDigest());
    SortedMap<String, String> configuration = context.configuration().flattened();
    return new ErasureRecord(
        ErasureRecord.FORMAT,
        ErasureRecord.STATEMENT,
        context.runId(),
        context.requestId(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        decision,
        directory.relative(placed),
        inputModel,
        new TreeMap<>(candidate.outputs()),
        data,
        counts(ShardStage.report(directory)),
        code,
        Digests.of(configuration),
        configuration,
        new TreeMap<>(before),
        new TreeMap<>(after),
        report.outcomes(),
        examples(context),
        ErasureRecord.LIMITS);
  }

  private static SortedMap<String, Long> counts(ShardReport report) {
    TreeMap<String, Long> counts = new TreeMap<>();
    counts.put("rows in both sets", report.overlap().rows());
    Map.of("forget", report.forget(), "retain", report.retain())
        .forEach(
            (set, rows) -> {
              counts.put(set + " rows", rows.rows());
              counts.put(set + " rows read", rows.read());
              counts.put(set + " rows malformed", (long) rows.quarantined());
              counts.put(set + " rows twice", (long) rows.duplicates());
              counts.put(set + " rows cut", rows.truncated());
            });
    return counts;
  }

  private List<ErasureRecord.ExampleRow> examples(JobContext context) {
    List<EvaluationRow> before = rows(context, When.BEFORE);
    Map<String, EvaluationRow> after =
        rows(context, When.AFTER).stream().collect(Collectors.toMap(ReleaseStage::key, r -> r));
    // Two of three from the forget set, as spread over the set as they can be.
    int forget = (exampleRows * 2 + 2) / 3;
    List<EvaluationRow> chosen = new ArrayList<>(spread(before, "forget", forget));
    chosen.addAll(spread(before, "retain", exampleRows - chosen.size()));
    return chosen.stream()
        .filter(row -> after.containsKey(key(row)))
        .map(
            row ->
                new ErasureRecord.ExampleRow(
                    row.id(), row.set(), figures(row), figures(after.get(key(row)))))
        .toList();
  }

  private static List<EvaluationRow> spread(List<EvaluationRow> rows, String set, int count) {
    List<EvaluationRow> members = rows.stream().filter(row -> row.set().equals(set)).toList();
    int taken = Math.min(count, members.size());
    List<EvaluationRow> chosen = new ArrayList<>();
    for (int i = 0; i < taken; i++) {
      chosen.add(members.get((int) ((long) i * members.size() / taken)));
    }
    return chosen;
  }

  private static List<EvaluationRow> rows(JobContext context, When when) {
    Path folder = context.directory().evaluation(when.label());
    return EvaluationRowFiles.read(new Path(folder, EvaluationStage.ROWS), context.hadoop());
  }

  private static String key(EvaluationRow row) {
    return row.set() + "/" + row.id();
  }

  private static SortedMap<String, Double> figures(EvaluationRow row) {
    TreeMap<String, Double> figures = new TreeMap<>();
    row.metrics().forEach((metric, value) -> figures.put(metric.key(), value));
    return figures;
  }
}
