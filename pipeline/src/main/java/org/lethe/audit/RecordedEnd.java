package org.lethe.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.monitor.ForgetTarget;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.evaluation.tuning.TuningResult;
import org.lethe.run.Documents;
import org.lethe.run.ErasureRecord.Interval;
import org.lethe.run.Gate;
import org.lethe.run.JsonLines;
import org.lethe.run.RunDirectory;
import org.lethe.run.UnlearningEnd;

/** The end of an unlearning in the form in which a record holds it. */
public final class RecordedEnd {
  private static final String FORGET = "forget.";
  private static final String RETAIN_LOSS_BEFORE = "retain.loss-before";

  private final RunDirectory directory;

  private RecordedEnd(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Returns the end of the unlearning that wrote a candidate.
   *
   * @param candidate folder of the candidate, relative to the run directory
   * @param before figures before unlearning, by name
   * @param after figures after it
   */
  public static UnlearningEnd of(
      RunDirectory directory,
      String candidate,
      Map<String, Double> before,
      Map<String, Double> after) {
    Path unlearned = directory.below(candidate).getParent();
    RecordedEnd end = new RecordedEnd(RunDirectory.at(unlearned, directory.fileSystem()));
    Optional<UnlearningEnd.Stop> stop = end.stop();
    return new UnlearningEnd(stop, end.tuning(), stop.flatMap(ended -> form(before, after)));
  }

  private static Optional<UnlearningEnd.Form> form(
      Map<String, Double> before, Map<String, Double> after) {
    Optional<Double> unseen = degenerate(before, Gate.UNSEEN + FORGET);
    return degenerate(after, FORGET)
        .flatMap(forget -> unseen.map(usual -> UnlearningEnd.Form.of(forget, usual)));
  }

  /** Share of a set's answers that is empty or repeated, if answers were generated. */
  private static Optional<Double> degenerate(Map<String, Double> figures, String set) {
    Double blank = figures.get(set + Metric.BLANK.key());
    Double repetition = figures.get(set + Metric.REPETITION.key());
    return blank == null || repetition == null
        ? Optional.empty()
        : Optional.of(Math.min(1, blank + repetition));
  }

  private Optional<UnlearningEnd.Stop> stop() {
    Path file = new Path(directory.candidate(), StopOutcome.FILE);
    if (!Documents.exists(directory.fileSystem(), file)) {
      return Optional.empty();
    }
    StopOutcome outcome = Documents.read(directory.fileSystem(), file, StopOutcome.class);
    List<JsonNode> readings = JsonLines.read(directory.fileSystem(), directory.monitorLog());
    int rounds = readings.stream().mapToInt(line -> line.path("round").asInt()).max().orElse(0);
    return readings.stream()
        .filter(line -> line.path("round").asInt() == 0)
        .filter(line -> line.path("sample").asText().equals(MonitorSample.DECISION.name()))
        .findFirst()
        .map(
            initial ->
                new UnlearningEnd.Stop(
                    outcome.rule(),
                    outcome.reason(),
                    rounds,
                    outcome.from(),
                    outcome.to(),
                    outcome.position(),
                    outcome.forgetting(),
                    outcome.withinBudget(),
                    figures(outcome.chosen(), initial),
                    unseen(initial)));
  }

  private static SortedMap<String, Double> figures(MonitorReading chosen, JsonNode initial) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (Metric metric : ForgetTarget.METRICS) {
      figures.put(FORGET + metric.key(), chosen.forget().figure(metric).mean());
      figures.put("retain." + metric.key(), chosen.retain().figure(metric).mean());
    }
    figures.put("retain.loss", chosen.retain().loss().mean());
    figures.put(RETAIN_LOSS_BEFORE, initial.path("retain").path("loss").path("mean").doubleValue());
    figures.put("divergence", chosen.divergence().mean());
    return figures;
  }

  private static SortedMap<String, Interval> unseen(JsonNode initial) {
    SortedMap<String, Interval> unseen = new TreeMap<>();
    for (Metric metric : ForgetTarget.METRICS) {
      JsonNode figure = initial.path("unseen").path(metric.column());
      unseen.put(
          metric.key(),
          new Interval(
              figure.path("low").doubleValue(),
              figure.path("high").doubleValue(),
              figure.path("count").longValue()));
    }
    return unseen;
  }

  private Optional<UnlearningEnd.Tuned> tuning() {
    Path file = new Path(new Path(directory.root(), TuningResult.FOLDER), TuningResult.FILE);
    if (!Documents.exists(directory.fileSystem(), file)) {
      return Optional.empty();
    }
    TuningResult result = Documents.read(directory.fileSystem(), file, TuningResult.class);
    return Optional.of(
        new UnlearningEnd.Tuned(
            result.chosen(), result.reason(), result.candidates().size(), result.configuration()));
  }
}
