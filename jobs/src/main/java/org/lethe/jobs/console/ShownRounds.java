package org.lethe.jobs.console;

import java.util.Locale;
import org.lethe.cluster.training.RoundMetrics;
import org.lethe.cluster.training.TrainingListener;
import org.lethe.error.RunErrors;
import org.lethe.evaluation.Figure;
import org.lethe.evaluation.monitor.MonitorHistory;
import org.lethe.evaluation.monitor.StopOutcome;
import org.lethe.spark.RunMetrics;

/**
 * Shows the rounds of a training: one line each where lines stay, with losses and the time left.
 */
public final class ShownRounds implements TrainingListener {
  private final Progress progress;
  private final RunMetrics metrics;
  private String last = "";
  private String reading = "";
  private int rounds;
  private boolean mixed;

  public ShownRounds(Progress progress, RunMetrics metrics) {
    this.progress = progress;
    this.metrics = metrics;
  }

  /** Rounds and losses of the whole training. */
  public String summary() {
    return rounds == 0 ? "trained" : rounds + " rounds, " + last;
  }

  @Override
  public void started(int completedRounds, int total) {
    rounds = total;
    progress.update(completedRounds, total, "rounds", completedRounds > 0 ? "resumed" : "");
  }

  @Override
  public void roundFinished(RoundMetrics round, int total) {
    rounds = total;
    if (round.kernels().size() > 1 && !mixed) {
      mixed = true;
      progress.note(RunErrors.mixedKernels(round.kernels()));
    }
    last = losses(round) + reading;
    publish(round, total);
    progress.show(round.round(), total, "rounds", last);
  }

  @Override
  public void monitored(MonitorHistory history) {
    Figure unseen = history.unseen().probability();
    reading =
        String.format(
            Locale.ROOT,
            ", forget rows %.3f, unseen %.3f to %.3f",
            history.last().forget().probability().mean(),
            unseen.low(),
            unseen.high());
  }

  @Override
  public void stopped(StopOutcome outcome) {
    rounds = outcome.to();
    String place =
        outcome.position() == 1
            ? ""
            : String.format(
                Locale.ROOT, ", %.3g of the way from round %d", outcome.position(), outcome.from());
    last = outcome.forgetting().words() + " (" + outcome.rule() + place + ")";
  }

  private void publish(RoundMetrics round, int total) {
    metrics.set("round", round.round());
    metrics.set("rounds", total);
    metrics.set("round-seconds", round.seconds());
    metrics.set("tokens-per-second", round.tokens() / round.seconds());
    metrics.set(
        "rows-per-second", (round.forgetExamples() + round.retainExamples()) / round.seconds());
    if (round.forgetExamples() > 0) {
      metrics.set("forget-loss", round.forgetLoss());
    }
    if (round.retainExamples() > 0) {
      metrics.set("retain-loss", round.retainLoss());
    }
  }

  /** A loss without examples has no value. */
  private static String losses(RoundMetrics metrics) {
    if (metrics.forgetExamples() == 0) {
      return String.format(Locale.ROOT, "loss %.3f", metrics.retainLoss());
    }
    String forget = String.format(Locale.ROOT, "forget loss %.3f", metrics.forgetLoss());
    return metrics.retainExamples() == 0
        ? forget
        : String.format(Locale.ROOT, "%s, retain loss %.3f", forget, metrics.retainLoss());
  }
}
