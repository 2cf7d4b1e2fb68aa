package org.lethe.evaluation.tuning;

import java.util.Optional;
import org.lethe.evaluation.Metric;
import org.lethe.evaluation.monitor.Forgetting;
import org.lethe.evaluation.monitor.FormReading;
import org.lethe.evaluation.monitor.MonitorReading;

/**
 * What a short run of a candidate reached. A pure function of inputs, settings and seed: it holds
 * no time.
 *
 * @param format version of this document
 * @param method name of the method
 * @param rate peak of the learning rate
 * @param gamma forget pressure; empty for a method without one
 * @param rounds rounds that it could take
 * @param trained rounds that it took
 * @param examples examples that it used, of both sets
 * @param failure exit class of its failure, or empty
 * @param rule rule that ended it, or {@code rounds}
 * @param reason why, in one clause
 * @param initial reading of the initial model; empty after a failure
 * @param outcome what it reached; empty after a failure
 * @param form the form of its answers there; empty after a failure and where it was not read
 */
public record CandidateResult(
    int format,
    String method,
    double rate,
    Optional<Double> gamma,
    int rounds,
    int trained,
    long examples,
    String failure,
    String rule,
    String reason,
    Optional<MonitorReading> initial,
    Optional<Reached> outcome,
    Optional<FormReading> form) {
  /** Version of this document. */
  public static final int FORMAT = 2;

  public CandidateResult {
    form = form == null ? Optional.empty() : form; // Results of format 1 have none.
  }

  /**
   * The best point of a run.
   *
   * @param reading of the point
   * @param forgetting the point beside unseen rows
   * @param distance largest distance of a forget figure from the interval of unseen rows
   * @param initialDistance the same of the initial model
   * @param withinBudget whether the point keeps the retain budget
   */
  public record Reached(
      MonitorReading reading,
      Forgetting forgetting,
      double distance,
      double initialDistance,
      boolean withinBudget) {}

  /** The settings. */
  public Candidate candidate() {
    return new Candidate(method, rate, gamma.orElse(Double.NaN));
  }

  /** Share of the way from the initial model to unseen rows, from 0 to 1; 0 after a failure. */
  public double progress() {
    return outcome
        .map(
            o ->
                o.initialDistance() > 0
                    ? Math.min(1, Math.max(0, 1 - o.distance() / o.initialDistance()))
                    : 1)
        .orElse(0.0);
  }

  /** Rise of the retain loss in nats per token; empty after a failure. */
  public Optional<Double> retainRise() {
    return outcome.map(o -> loss(o.reading()) - loss(initial.orElseThrow()));
  }

  /** A forget figure at the best point; empty after a failure. */
  public Optional<Double> forget(Metric metric) {
    return outcome.map(o -> o.reading().forget().figure(metric).mean());
  }

  private static double loss(MonitorReading reading) {
    return reading.retain().loss().mean();
  }
}
