package org.lethe.cluster.tuning;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.lethe.cluster.monitor.FormMonitor;
import org.lethe.cluster.monitor.LocalMonitor;
import org.lethe.cluster.training.LocalTraining;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;
import org.lethe.evaluation.monitor.ForgetTarget;
import org.lethe.evaluation.monitor.FormReading;
import org.lethe.evaluation.monitor.LineSearch;
import org.lethe.evaluation.monitor.MonitorHistory;
import org.lethe.evaluation.monitor.MonitorReading;
import org.lethe.evaluation.monitor.MonitorSample;
import org.lethe.evaluation.monitor.MonitorSet;
import org.lethe.evaluation.monitor.SetForm;
import org.lethe.evaluation.monitor.StopDecision;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.evaluation.monitor.StopSettings;
import org.lethe.evaluation.tuning.Candidate;
import org.lethe.evaluation.tuning.CandidateResult;
import org.lethe.model.Decoder;

/**
 * A candidate's run, in one process: trains, reads after each round, and ends by the stop rules.
 */
final class CandidateRun {
  private final TuningPlan plan;
  private final CandidateWork work;
  private final Configuration hadoop;
  private final LocalMonitor monitor;
  private final FormMonitor answers;
  private final StopSettings stop;

  CandidateRun(TuningPlan plan, CandidateWork work, Configuration hadoop) {
    this.plan = plan;
    this.work = work;
    this.hadoop = hadoop;
    stop = plan.monitor().stop();
    monitor = new LocalMonitor(plan.source(), plan.monitor(), plan.forget(), plan.retain(), hadoop);
    answers =
        new FormMonitor(
            plan.tokenizer(), plan.form(), plan.forget(), plan.monitor().unseen(), hadoop);
  }

  /** Runs the candidate. A divergence is a result too. */
  CandidateResult run() {
    try (LocalTraining training =
        new LocalTraining(
            work.settings(), plan.source(), plan.shards(), plan.references(), hadoop)) {
      try {
        return run(training);
      } catch (LetheException e) {
        if (e.exitClass() != ExitClass.DIVERGED) {
          throw e;
        }
        return result(
            training.round(),
            e.exitClass().name(),
            "",
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
      }
    }
  }

  private CandidateResult run(LocalTraining training) {
    MonitorReading initial = monitor.read(training.at(1), 0, 1);
    Optional<SetForm> unseen = form(training.at(1), MonitorSet.UNSEEN);
    // Both samples are the same rows here.
    MonitorHistory history = MonitorHistory.of(ofRound(initial), initial);
    MonitorReading last = initial;
    MonitorReading before = initial;
    String rule = StopOutcome.ALL_ROUNDS;
    String reason = "all rounds were taken";
    while (training.round() < work.settings().rounds()) {
      training.train();
      before = last;
      last = monitor.read(training.at(1), training.round(), 1);
      history = history.and(ofRound(last)).and(last);
      if (stop.decide(history) instanceof StopDecision.Stop ended) {
        rule = ended.rule();
        reason = ended.reason();
        break;
      }
    }
    LineSearch search = new LineSearch(stop, history);
    int round = training.round();
    MonitorReading chosen =
        search.choose(
            before, last, position -> monitor.read(training.at(position), round, position));
    ForgetTarget target = stop.target();
    CandidateResult.Reached reached =
        new CandidateResult.Reached(
            chosen,
            search.forgetting(chosen),
            target.distance(chosen.forget(), history.unseen()),
            target.distance(initial.forget(), history.unseen()),
            search.isWithinBudget(chosen));
    // The checkpoint before the last round is the beginning of the line.
    double position = chosen.round() == round ? chosen.position() : 0;
    Optional<FormReading> form =
        unseen.flatMap(
            usual ->
                form(training.at(position), MonitorSet.FORGET)
                    .map(forget -> new FormReading(forget, usual)));
    return result(round, "", rule, reason, Optional.of(initial), Optional.of(reached), form);
  }

  /** The form of a model's answers, if this candidate is judged by it. */
  private Optional<SetForm> form(Decoder decoder, MonitorSet set) {
    return switch (work.judged()) {
      case FIGURES -> Optional.empty();
      case FIGURES_AND_FORM -> Optional.of(answers.read(decoder, set));
    };
  }

  private static MonitorReading ofRound(MonitorReading reading) {
    return new MonitorReading(
        reading.round(),
        reading.position(),
        MonitorSample.ROUND,
        reading.forget(),
        reading.retain(),
        reading.unseen(),
        reading.divergence(),
        reading.margin());
  }

  private CandidateResult result(
      int trained,
      String failure,
      String rule,
      String reason,
      Optional<MonitorReading> initial,
      Optional<CandidateResult.Reached> reached,
      Optional<FormReading> form) {
    Candidate candidate = work.candidate();
    return new CandidateResult(
        CandidateResult.FORMAT,
        candidate.method(),
        candidate.rate(),
        candidate.pressure().stream().boxed().findFirst(),
        work.settings().rounds(),
        trained,
        LocalTraining.examples(work.settings(), trained, plan.shards().size()),
        failure,
        rule,
        reason,
        initial,
        reached,
        form);
  }
}
