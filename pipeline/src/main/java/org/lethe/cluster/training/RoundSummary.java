package org.lethe.cluster.training;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.lethe.cluster.training.WorkerReport.StepFigures;
import org.lethe.direction.Combination;
import org.lethe.objective.LossSum;

/** Combined reports of all workers of a round. */
final class RoundSummary {
  private final List<WorkerReport> reports;
  private final StepFigures figures;
  private final double dualVariable;

  RoundSummary(List<WorkerReport> reports) {
    this(reports, average(reports), averageDualVariable(reports));
  }

  private RoundSummary(List<WorkerReport> reports, StepFigures figures, double dualVariable) {
    this.reports = reports;
    this.figures = figures;
    this.dualVariable = dualVariable;
  }

  /** The same reports with the figures of a step that the driver took. */
  RoundSummary with(Combination direction, double newDualVariable) {
    return new RoundSummary(
        reports, StepFigures.of(direction.figures(), direction.norm()), newDualVariable);
  }

  /** Dual variable of the direction after the round, averaged like the parameters. */
  double dualVariable() {
    return dualVariable;
  }

  LossSum forget() {
    return reports.stream().map(WorkerReport::forget).reduce(LossSum.ZERO, LossSum::plus);
  }

  LossSum retain() {
    return reports.stream().map(WorkerReport::retain).reduce(LossSum.ZERO, LossSum::plus);
  }

  /**
   * Retain loss of the batches of the round's first step, at the parameters of the round's start.
   */
  LossSum retainAtStart() {
    return reports.stream().map(WorkerReport::retainAtStart).reduce(LossSum.ZERO, LossSum::plus);
  }

  RoundMetrics metrics(
      RoundState state,
      double learningRate,
      double seconds,
      double checkpointSeconds,
      double monitorSeconds) {
    double workerSeconds = workerSeconds();
    return new RoundMetrics(
        state.round(),
        state.step(),
        forget().mean(),
        retain().mean(),
        figures.forgetSquaredNorm(),
        figures.retainSquaredNorm(),
        figures.innerProduct(),
        figures.rho(),
        figures.directionNorm(),
        dualVariable,
        learningRate,
        sum(WorkerReport::forgetExamples),
        sum(WorkerReport::retainExamples),
        sum(WorkerReport::tokens),
        seconds,
        workerSeconds,
        Math.max(0, seconds - workerSeconds),
        checkpointSeconds,
        monitorSeconds,
        figures.layers().stream().map(RoundMetrics.Layer::of).toList(),
        kernels());
  }

  /**
   * Kernels of the workers' products. Several mean that the executors have different processors.
   */
  private List<String> kernels() {
    return reports.stream()
        .map(WorkerReport::kernel)
        .filter(kernel -> !kernel.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  private static StepFigures average(List<WorkerReport> reports) {
    double total = reports.stream().mapToLong(WorkerReport::weight).sum();
    StepFigures average = StepFigures.NONE;
    for (WorkerReport report : reports) {
      if (report.weight() > 0) {
        average = average.plus(report.figures(), report.weight() / total);
      }
    }
    return average;
  }

  private static double averageDualVariable(List<WorkerReport> reports) {
    double total = reports.stream().mapToLong(WorkerReport::weight).sum();
    return reports.stream()
        .filter(report -> report.weight() > 0)
        .mapToDouble(report -> report.weight() / total * report.dualVariable())
        .sum();
  }

  private long sum(ToLongFunction<WorkerReport> figure) {
    return reports.stream().mapToLong(figure).sum();
  }

  /**
   * Returns the length of the union of the workers' computing times, so that consecutive waves of
   * tasks add up.
   */
  private double workerSeconds() {
    List<WorkerReport> ordered =
        reports.stream().sorted(Comparator.comparingLong(WorkerReport::startMillis)).toList();
    long covered = Long.MIN_VALUE;
    long millis = 0;
    for (WorkerReport report : ordered) {
      long from = Math.max(report.startMillis(), covered);
      millis += Math.max(0, report.endMillis() - from);
      covered = Math.max(covered, report.endMillis());
    }
    return millis / 1000.0;
  }
}
