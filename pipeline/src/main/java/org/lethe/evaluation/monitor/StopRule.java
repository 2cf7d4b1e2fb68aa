package org.lethe.evaluation.monitor;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A condition that ends an unlearning before its last round. Any rule of a run may end it. */
public sealed interface StopRule extends Serializable {
  /** Name in the configuration. */
  String name();

  /** Returns why the run ends after the last reading, or empty if this rule lets it go on. */
  Optional<String> ends(MonitorHistory history);

  /** Whether the rule ends a run because enough is forgotten. */
  default boolean isGoal() {
    return false;
  }

  /**
   * Forget figures are inside the interval of unseen rows, or below it.
   *
   * @param target the interval
   */
  record LikeUnseen(ForgetTarget target) implements StopRule {
    @Override
    public String name() {
      return "like-unseen";
    }

    @Override
    public boolean isGoal() {
      return true;
    }

    @Override
    public Optional<String> ends(MonitorHistory history) {
      MonitorReading last = history.last();
      // The larger sample decides where it was read.
      SetReading forget = history.decision(last.round()).orElse(last).forget();
      Forgetting found = target.compare(forget, history.unseen());
      return found == Forgetting.NOT_FORGOTTEN
          ? Optional.empty()
          : Optional.of("forget rows are " + found.words());
    }
  }

  /**
   * The retain rows have lost more than their budget and do not recover. Many methods first lose
   * and then regain the retain rows, so one reading above the budget ends nothing.
   *
   * @param loss largest rise of the retain loss over the initial model's, in nats per token
   * @param divergence largest KL divergence from the initial model, in nats per token
   * @param rounds rounds above the budget, at least 1. The run ends if the last of them is not
   *     better than the first
   */
  record RetainBudget(double loss, double divergence, int rounds) implements StopRule {
    @Override
    public String name() {
      return "retain-budget";
    }

    @Override
    public Optional<String> ends(MonitorHistory history) {
      List<MonitorReading> all = history.rounds();
      if (all.size() < rounds) {
        return Optional.empty();
      }
      List<MonitorReading> lastOnes = all.subList(all.size() - rounds, all.size());
      MonitorReading first = lastOnes.get(0);
      MonitorReading last = history.last();
      if (lastOnes.stream().anyMatch(reading -> holds(reading, history))
          || spent(last, history) < spent(first, history)) {
        return Optional.empty();
      }
      double rise = rise(last, history);
      if (rise > loss) {
        return Optional.of(
            String.format(
                Locale.ROOT, "the retain loss rose by %.4g nats, above %.4g", rise, loss));
      }
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the divergence from the initial model is %.4g nats, above %.4g",
              last.divergence().mean(),
              divergence));
    }

    /** Whether a reading is within the budget. */
    boolean holds(MonitorReading reading, MonitorHistory history) {
      return rise(reading, history) <= loss && reading.divergence().mean() <= divergence;
    }

    private static double rise(MonitorReading reading, MonitorHistory history) {
      return reading.retain().loss().mean()
          - history.initial(reading.sample()).retain().loss().mean();
    }

    /** Share of the budget that a reading has spent: the larger of both shares. */
    private double spent(MonitorReading reading, MonitorHistory history) {
      return Math.max(rise(reading, history) / loss, reading.divergence().mean() / divergence);
    }
  }

  /**
   * The first forget figure has stopped to approach the level of unseen rows without reaching it.
   *
   * @param target the level
   * @param rounds rounds to compare over, at least 1
   * @param least smallest share of the way to this level that counts as progress over these rounds
   */
  record NoProgress(ForgetTarget target, int rounds, double least) implements StopRule {
    @Override
    public String name() {
      return "no-progress";
    }

    @Override
    public Optional<String> ends(MonitorHistory history) {
      List<MonitorReading> all = history.rounds();
      if (all.size() <= rounds
          || target.compare(history.last().forget(), history.unseen())
              != Forgetting.NOT_FORGOTTEN) {
        return Optional.empty();
      }
      double was = away(all.get(all.size() - 1 - rounds), history);
      double is = away(all.get(all.size() - 1), history);
      return was - is < least * was
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "%s went %.4g %% of the way to unseen rows in %d rounds, below %.4g %%",
                  target.metrics().get(0).key(),
                  100 * (was - is) / was,
                  rounds,
                  100 * least))
          : Optional.empty();
    }

    private double away(MonitorReading reading, MonitorHistory history) {
      return Math.abs(
          reading.forget().figure(target.metrics().get(0)).mean()
              - history.unseen().figure(target.metrics().get(0)).mean());
    }
  }

  /**
   * The logit gap of the forget tokens has closed (MASC, arXiv 2606.02920).
   *
   * @param level gap at or below which a position counts as closed, in logits
   * @param share share of positions that must be closed
   */
  record MarginClosed(double level, double share) implements StopRule {
    @Override
    public String name() {
      return "margin";
    }

    @Override
    public boolean isGoal() {
      return true;
    }

    @Override
    public Optional<String> ends(MonitorHistory history) {
      double closed = history.last().margin().closed();
      return closed >= share
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "the logit gap is closed at %.4g %% of forget positions, at least %.4g %%",
                  100 * closed,
                  100 * share))
          : Optional.empty();
    }
  }
}
