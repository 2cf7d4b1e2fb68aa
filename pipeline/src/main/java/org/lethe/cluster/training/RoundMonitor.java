package org.lethe.cluster.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.lethe.cluster.monitor.Monitor;
import org.lethe.cluster.monitor.MonitorPlan;
import org.lethe.compute.FlatVector;
import org.lethe.error.ClusterErrors;
import org.lethe.evaluation.monitor.LineSearch;
import org.lethe.evaluation.monitor.MonitorHistory;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.StopDecision;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.run.Documents;
import org.lethe.run.PhaseHook;

/**
 * Reads the model after every round, ends the training by its stop rules, and chooses the point
 * that it returns. All decisions follow from the log of readings, so a resumed training decides
 * like an uninterrupted one.
 */
final class RoundMonitor {
  /** Share of a round's time that its reading may take. */
  private static final double SHARE = 0.05;

  /** Forward passes that take as long as one example's step. */
  private static final double PASSES = 3;

  private static final int SETS = 3;
  private static final int LEAST_ROWS = 8;
  private static final int MOST_ROWS = 256;

  private final TrainingPlan plan;
  private final StopSettings settings;
  private final Checkpoints checkpoints;
  private final String training;
  private final Monitor monitor;
  private final Consumer<FlatVector> initialParameters;
  private final Path outcomeFile;
  private final Optional<StopOutcome> earlier;
  private List<MonitorReading> initial = List.of();
  private MonitorLog log;

  /**
   * Monitor of a training with stop rules.
   *
   * @param training digest of everything that decides the training's result
   * @param initialParameters writes the initial parameters into a vector
   */
  RoundMonitor(
      JavaSparkContext spark,
      TrainingPlan plan,
      MonitorPlan monitored,
      Broadcast<SerializableConfiguration> hadoop,
      Checkpoints checkpoints,
      String training,
      Consumer<FlatVector> initialParameters) {
    this.plan = plan;
    this.settings = monitored.stop();
    this.checkpoints = checkpoints;
    this.training = training;
    this.initialParameters = initialParameters;
    monitor =
        new Monitor(
            spark,
            hadoop,
            plan.model(),
            monitored,
            plan.shards().stream().flatMap(shards -> shards.forget().stream()).toList(),
            plan.shards().stream().flatMap(shards -> shards.retain().stream()).toList(),
            settings.rows() == 0 ? affordableRows(plan) : settings.rows(),
            plan.workers());
    outcomeFile = new Path(plan.directory().rounds(), StopOutcome.FILE);
    earlier = readOutcome();
  }

  /** Returns the rows of each set that {@link #SHARE} of a round's passes pays for. */
  static int affordableRows(TrainingPlan plan) {
    TrainingSettings training = plan.settings();
    int sides =
        (training.direction().usesForget() ? 1 : 0) + (training.direction().usesRetain() ? 1 : 0);
    double examples =
        (double) plan.workers() * training.localSteps() * training.batchSize() * sides;
    int rows = (int) Math.min(MOST_ROWS, SHARE * PASSES * examples / SETS);
    return Math.max(LEAST_ROWS, rows);
  }

  private Optional<StopOutcome> readOutcome() {
    if (!Documents.exists(plan.directory().fileSystem(), outcomeFile)) {
      return Optional.empty();
    }
    StopOutcome found =
        Documents.read(plan.directory().fileSystem(), outcomeFile, StopOutcome.class);
    if (!found.training().equals(training)) {
      throw ClusterErrors.otherTraining(outcomeFile.toString());
    }
    return Optional.of(found);
  }

  /** Reads the initial model, which a resumed training needs too, unless all is decided. */
  void begin(FlatVector parameters) {
    if (earlier.isEmpty()) {
      initial =
          List.of(
              monitor.read(parameters, 0, 1, MonitorSample.ROUND),
              monitor.read(parameters, 0, 1, MonitorSample.DECISION));
    }
  }

  /** Opens the log for the rounds after a checkpoint. */
  void resume(int completedRounds) {
    if (earlier.isEmpty()) {
      log = MonitorLog.open(plan.directory(), completedRounds, initial);
    }
  }

  /**
   * Takes the readings of a round's end: one on the small sample and, if a rule would end the
   * training, one on the decision sample.
   *
   * @return seconds that this took
   */
  double afterRound(RoundState state) {
    long start = System.nanoTime();
    add(monitor.read(state.parameters(), state.round(), 1, MonitorSample.ROUND));
    if (settings.decide(log.history()) instanceof StopDecision.Stop) {
      decisionReading(state.parameters(), state.round());
    }
    PhaseHook.reached("round:monitored");
    return (System.nanoTime() - start) * 1e-9;
  }

  /** All readings so far. */
  MonitorHistory history() {
    return log.history();
  }

  /** Whether the training ends after the last reading. Never before the first round. */
  boolean ended() {
    return earlier.isPresent()
        || (log.history().last().round() > 0
            && settings.decide(log.history()) instanceof StopDecision.Stop);
  }

  /**
   * Chooses the point that the training returns and writes its parameters into the state.
   *
   * @param state state after the last round
   */
  StopOutcome finish(RoundState state) {
    FlatVector point = state.parameters();
    try (FlatVector low = point.math().zeros(point.length());
        FlatVector high = point.math().copyOf(point)) {
      StopOutcome outcome = earlier.orElseGet(() -> choose(state, low, high));
      load(outcome.from(), low);
      load(outcome.to(), high);
      between(low, high, outcome.position(), point);
      if (earlier.isEmpty()) {
        PhaseHook.reached("stop:before-outcome");
        Documents.write(plan.directory().fileSystem(), outcomeFile, outcome);
        PhaseHook.reached("stop:after-outcome");
      }
      return outcome;
    }
  }

  private StopOutcome choose(RoundState state, FlatVector low, FlatVector high) {
    LineSearch search = new LineSearch(settings, log.history());
    int to = state.round();
    int from = checkpoints.before(to);
    MonitorReading end = decisionReading(high, to);
    load(from, low);
    List<MonitorReading> passed = new ArrayList<>();
    MonitorReading begin = decisionReading(low, from);
    while (!search.isAhead(end) && !search.crossesTarget(begin, end) && from > 0) {
      passed.add(end);
      to = from;
      end = begin;
      from = checkpoints.before(to);
      load(to, high);
      load(from, low);
      begin = decisionReading(low, from);
    }
    int later = to;
    MonitorReading onLine =
        search.choose(
            begin,
            end,
            position -> {
              PhaseHook.reached("stop:bisection");
              between(low, high, position, state.parameters());
              return add(monitor.read(state.parameters(), later, position, MonitorSample.DECISION));
            });
    passed.add(0, onLine);
    MonitorReading chosen = search.best(passed);
    if (chosen != onLine) {
      to = chosen.round();
      from = checkpoints.before(to);
    }
    StopDecision.Stop stop =
        settings.decide(log.history()) instanceof StopDecision.Stop found
            ? found
            : new StopDecision.Stop(StopOutcome.ALL_ROUNDS, "all rounds are done");
    return new StopOutcome(
        StopOutcome.FORMAT,
        training,
        stop.rule(),
        stop.reason(),
        from,
        to,
        chosen == begin ? 0 : chosen.position(),
        search.forgetting(chosen),
        search.isWithinBudget(chosen),
        chosen);
  }

  private MonitorReading decisionReading(FlatVector parameters, int round) {
    return log.history()
        .decision(round)
        .orElseGet(() -> add(monitor.read(parameters, round, 1, MonitorSample.DECISION)));
  }

  private MonitorReading add(MonitorReading reading) {
    log.add(reading);
    return reading;
  }

  private void load(int round, FlatVector into) {
    if (round == 0) {
      initialParameters.accept(into);
    } else {
      checkpoints.readParameters(round, into);
    }
  }

  private static void between(FlatVector low, FlatVector high, double position, FlatVector point) {
    if (position == 1) {
      point.math().copy(high, point);
    } else if (position == 0) {
      point.math().copy(low, point);
    } else {
      point.math().weightedSum(List.of(low, high), new double[] {1 - position, position}, point);
    }
  }
}
